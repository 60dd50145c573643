package io.github.shortlived.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import java.io.IOException;
import java.net.Authenticator;
import java.net.Authenticator.RequestorType;
import java.net.PasswordAuthentication;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A response with status 401 arrives whole. */
class UnauthorizedResponseTest {
  private static final String GOOGLE =
      """
      {"error": {"code": 401, "message": "Expired.", "status": "UNAUTHENTICATED"}}""";
  private static final String OAUTH =
      """
      {"error": "unauthorized_client", "error_description": "Client is unauthorized."}""";

  static Stream<Arguments> responses() {
    List<String> bodies = List.of(GOOGLE, OAUTH, "<html>Log in</html>", "");
    List<String> challenges =
        List.of(
            "", "WWW-Authenticate: Bearer realm=\"x\"\r\n", "WWW-Authenticate: Basic realm=x\r\n");
    return bodies.stream()
        .flatMap(body -> challenges.stream().map(challenge -> Arguments.of(body, challenge)));
  }

  private static String response(String body, String challenge) {
    return "HTTP/1.1 401 Unauthorized\r\n%sX-Twice: one\r\nX-Twice: two\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(challenge, body.length(), body);
  }

  @ParameterizedTest
  @MethodSource("responses")
  void post_unauthorized_returnsBodyAndHeaders(String body, String challenge) throws Exception {
    try (RawServer server = RawServer.responding(response(body, challenge))) {
      HttpTransport transport = DefaultTransport.create();
      for (int i = 0; i < 2; i++) { // The second over the connection of the first.
        HttpResponse response = Kind.post(transport, server.url());

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(response.parseAsString()).isEqualTo(body);
        assertThat(response.getHeaders().get("x-twice")).isEqualTo(List.of("one", "two"));
        assertThat(String.valueOf(response.getHeaders().getAuthenticate()))
            .isEqualTo(challenge.isEmpty() ? "null" : challenge.substring(18).strip());
      }
      assertThat(server.connections()).isOne();
    }
  }

  /** A password for a proxy must not replace the token. */
  @Test
  void post_basicChallengeAndAuthenticator_sendsNoPassword() throws IOException {
    List<RequestorType> requestors = new CopyOnWriteArrayList<>();
    Authenticator before = Authenticator.getDefault();
    Authenticator.setDefault(
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            requestors.add(getRequestorType());
            return new PasswordAuthentication("user", "password".toCharArray());
          }
        });
    try (RawServer server =
        RawServer.responding(response("", "WWW-Authenticate: Basic realm=x\r\n"))) {
      assertThat(Kind.DEFAULT.post(server.url()).getStatusCode()).isEqualTo(401);
      assertThat(requestors).isEmpty();
    } finally {
      Authenticator.setDefault(before);
    }
  }

  /** NetHttpTransport loses it by itself. */
  @Test
  void post_unauthorizedOverNetHttpTransport_losesTheBody() throws IOException {
    try (RawServer server = RawServer.responding(response(GOOGLE, ""))) {
      HttpResponse response = Kind.WRAPPED.post(server.url());

      assertThat(response.getStatusCode()).isEqualTo(401);
      assertThat(response.parseAsString()).isEmpty();
    }
  }
}
