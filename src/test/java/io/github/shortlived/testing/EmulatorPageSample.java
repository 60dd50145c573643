package io.github.shortlived.testing;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.compute.v1.InstancesSettings;
import com.google.cloud.iam.credentials.v1.IamCredentialsSettings;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.junit.CallingAs;
import io.github.shortlived.testing.junit.IamEmulatorExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code of the emulator's page; {@link EmulatorPageTest} compares and runs it. */
final class EmulatorPageSample {
  private EmulatorPageSample() {}

  static class Granting {
    private static final ServiceAccount SA2 = ServiceAccount.of(Demo.SA2);
    private final ServiceAccount sa1Account = ServiceAccount.of(Demo.SA1);

    // [START extension]
    @RegisterExtension static final IamEmulatorExtension iam = IamEmulatorExtension.create();

    @Test
    void accessToken_afterTheGrant_isIssued(
        IamEmulator emulator, @CallingAs("sa-1") ShortLivedCredentials sa1) {
      assertThatThrownBy(() -> sa1.accessToken(SA2, CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.PermissionDenied.class);

      emulator.addProjectBinding(
          "demo-project", "roles/iam.serviceAccountTokenCreator", Member.of(sa1Account).id());

      assertThat(sa1.accessToken(SA2, CLOUD_PLATFORM).token()).isNotBlank();
    }
    // [END extension]
  }

  record Settings(IamCredentialsSettings overGrpc, InstancesSettings overHttp) {}

  static Settings settings(IamEmulator emulator, String caller) throws IOException {
    // [START clients]
    IamCredentialsSettings overGrpc =
        IamCredentialsSettings.newBuilder()
            .setTransportChannelProvider(emulator.clients().grpcTransport())
            .setCredentialsProvider(emulator.clients().credentialsProvider(caller))
            .build();

    InstancesSettings overHttp =
        InstancesSettings.newBuilder()
            .setTransportChannelProvider(emulator.clients().httpTransport())
            .setCredentialsProvider(emulator.clients().credentialsProvider(caller))
            .build();
    // [END clients]
    return new Settings(overGrpc, overHttp);
  }

  static ProcessBuilder process(IamEmulator emulator, Path folder) {
    // [START process]
    Path keyFile =
        emulator.clients().writeKeyFile("sa-1@demo-project.iam.gserviceaccount.com", folder);
    ProcessBuilder program = new ProcessBuilder("python3", "app.py");
    program.environment().putAll(emulator.clients().environment(keyFile));
    // [END process]
    return program;
  }

  static class Stubbing {
    // [START stub]
    /** Code under test: it depends on Supplier, which TokenSource implements. */
    record OrdersClient(Supplier<AccessToken> tokens) {
      HttpRequest get(URI order) {
        String bearer = "Bearer " + tokens.get().token();
        return HttpRequest.newBuilder(order).header("Authorization", bearer).build();
      }
    }

    @Test
    void get_anyOrder_sendsTheToken() {
      AccessToken token = new AccessToken("token-1", Instant.parse("2030-01-01T00:00:00Z"));
      OrdersClient client = new OrdersClient(() -> token);
      HttpRequest request = client.get(URI.create("https://orders.example.com/1"));
      assertThat(request.headers().firstValue("Authorization")).hasValue("Bearer token-1");
    }
    // [END stub]
  }
}
