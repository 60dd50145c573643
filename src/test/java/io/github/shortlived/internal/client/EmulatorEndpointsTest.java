package io.github.shortlived.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.http.HttpTransportFactory;
import io.github.shortlived.FakeHttp;
import io.github.shortlived.internal.http.DefaultTransport;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.testing.IamEmulator;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gRPC server of an emulator, which its HTTP server names. */
class EmulatorEndpointsTest {
  private static Endpoints of(URI emulator, HttpTransportFactory transports) {
    EmulatorHost host = EmulatorHost.parse(emulator.getAuthority()).orElseThrow();
    return EmulatorEndpoints.of(host, transports, InstantSource.system());
  }

  @Test
  void of_emulator_findsBothServers() {
    try (IamEmulator emulator = IamEmulator.start()) {
      assertThat(of(emulator.httpEndpoint(), DefaultTransport.factory()))
          .isEqualTo(emulator.endpoints());
    }
  }

  @Test
  void endpoints_otherMethod_isRefused() throws Exception {
    try (IamEmulator emulator = IamEmulator.start()) {
      HttpRequest post =
          HttpRequest.newBuilder(emulator.httpEndpoint().resolve("/emulator/v1/endpoints"))
              .POST(BodyPublishers.noBody())
              .build();
      assertThat(HttpClient.newHttpClient().send(post, BodyHandlers.discarding()).statusCode())
          .isEqualTo(405);
    }
  }

  @Test
  void of_stoppedEmulator_failsWithAdvice() {
    IamEmulator emulator = IamEmulator.start();
    emulator.close();
    assertThatThrownBy(() -> of(emulator.httpEndpoint(), DefaultTransport.factory()))
        .isInstanceOf(CredentialException.Unavailable.class)
        .hasMessageStartingWith("Fetching the endpoints of the emulator failed: ")
        .hasMessageContaining(
            " SHORTLIVED_IAM_EMULATOR_HOST names the emulator at %s: start an emulator there, or"
                + " unset the variable.",
            emulator.httpEndpoint().getAuthority());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "",
        "<html>",
        "{\"grpcEndpoint\": 1}",
        "{\"grpcEndpoint\": {}}",
        "{\"grpcEndpoint\": \"http://evil.com:80\"}",
        "{\"grpcEndpoint\": \"https://127.0.0.1:80\"}",
        "{\"grpcEndpoint\": \"http://127.0.0.1:80/x\"}",
        "{\"grpcEndpoint\": \"http://127.0.0.1:80@evil.com:80\"}",
        "{\"grpcEndpoint\": \"http://%zz:80\"}"
      })
  void of_otherServer_fails(String response) {
    FakeHttp http = new FakeHttp().respond(200, response);
    assertThatThrownBy(() -> of(URI.create("http://127.0.0.1:8085"), http))
        .isInstanceOf(CredentialException.class)
        .hasMessageContaining("SHORTLIVED_IAM_EMULATOR_HOST");
    assertThat(http.urls()).containsExactly("http://127.0.0.1:8085/emulator/v1/endpoints");
  }
}
