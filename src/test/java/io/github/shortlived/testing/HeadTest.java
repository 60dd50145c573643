package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HEAD: the headers of GET without the body. */
class HeadTest {
  private static final String ACCOUNT =
      "/v1/projects/-/serviceAccounts/sa-1@demo-project.iam.gserviceaccount.com";

  private final IamEmulator emulator = Demo.world().start();
  private final Wire admin = Wire.as(emulator, ADMIN);

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/oauth2/v3/certs",
        "/",
        ACCOUNT,
        ACCOUNT + "?prettyPrint=true",
        "/v1/projects/-/serviceAccounts/unknown",
        "/v1/nothing",
        "/token"
      })
  void head_hasTheLengthOfGet(String path) {
    HttpResponse<String> got = send("GET", path);
    HttpResponse<String> head = send("HEAD", path);
    assertThat(head.statusCode()).isEqualTo(got.statusCode());
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValueAsLong("Content-Length").orElseThrow())
        .isEqualTo(
            path.equals("/v1/nothing") // The body names the method.
                ? got.body().length() + 1L
                : got.body().length());
  }

  /** The response to a POST must have the length of what follows: nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "head"})
  void post_overriddenByHead_hasNoBodyAndKeepsTheConnection(String override) throws IOException {
    String request =
        "POST /oauth2/v3/certs HTTP/1.1\r\nX-HTTP-Method-Override: %s\r\nContent-Length: 0\r\n\r\n"
            .formatted(override);
    try (RawSocket socket = RawSocket.to(emulator.httpEndpoint())) {
      String responses = socket.send(request).send(request).endOutput().readToEnd();
      assertThat(responses.split("(?=HTTP/1.1 )"))
          .hasSize(2)
          .allSatisfy(
              response ->
                  assertThat(response)
                      .startsWith("HTTP/1.1 200 OK\r\n")
                      .containsIgnoringCase("\r\nContent-Length: 0\r\n")
                      .endsWith("\r\n\r\n"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "POST"})
  void head_inABatch_hasNoBody(String method) {
    String override = method.equals("POST") ? "X-HTTP-Method-Override: HEAD\r\n" : "";
    HttpResponse<String> response =
        admin.send(
            "POST",
            "/batch",
            BodyPublishers.ofString(
                "--x\r\n\r\n%s /v1/%s\r\n%s\r\n\r\n--x--".formatted(method, name(SA1), override)),
            "multipart/mixed; boundary=x");
    assertThat(response.body())
        .contains(
            "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n\r\n--batch_"
                .formatted(admin.get(ACCOUNT).body().length()))
        .doesNotContain(SA1);
  }

  private HttpResponse<String> send(String method, String path) {
    return admin.send(method, path, BodyPublishers.noBody(), "text/plain");
  }
}
