package io.github.shortlived.internal.http;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.common.collect.ImmutableMap;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.internal.http.RawServer.Script;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of call over HTTP, against a service that does not end its response. */
@Timeout(120) // A call that the peer holds must not stall the build.
class HostileServiceTest {
  private static final ServiceAccount ACCOUNT =
      ServiceAccount.of("target@p-12345.iam.gserviceaccount.com");
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final String HEADERS =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

  enum Call {
    ACCESS_TOKEN,
    ID_TOKEN,
    BLOB,
    JWT,
    INSTANCES;

    void make(ShortLivedCredentials credentials) {
      Object unused =
          switch (this) {
            case ACCESS_TOKEN ->
                credentials.issue(AccessTokenRequest.of(ACCOUNT, CLOUD_PLATFORM).fresh());
            case ID_TOKEN ->
                credentials.issue(IdTokenRequest.of(ACCOUNT, "https://a.example").fresh());
            case BLOB -> credentials.signBlob(ACCOUNT, new byte[] {1});
            case JWT -> credentials.signJwt(ACCOUNT, JwtClaims.expiringIn(Duration.ofMinutes(5)));
            case INSTANCES -> list(credentials);
          };
    }

    private static Object list(ShortLivedCredentials credentials) {
      try (ComputeInstances compute = ComputeInstances.using(credentials, Target.self())) {
        return compute.list("p-12345", "us-west1-a").toList();
      }
    }
  }

  private static ShortLivedCredentials credentials(RawServer server, Duration totalTimeout) {
    URI endpoint = URI.create("http://127.0.0.1:" + server.port());
    return ShortLivedCredentials.builder()
        .source(
            GoogleCredentials.create(
                new AccessToken("source", Date.from(Instant.parse("2100-01-01T00:00:00Z")))))
        .endpoints(Endpoints.of(endpoint, endpoint))
        .retryPolicy(RetryPolicy.none().withTotalTimeout(totalTimeout))
        .build();
  }

  private static Script trickling(Runnable held) {
    return connection -> {
      connection.readRequest();
      connection.write(HEADERS);
      held.run();
      connection.trickleUntilClosed("1\r\n \r\n");
    };
  }

  @ParameterizedTest
  @EnumSource
  void call_trickledResponse_endsAtTheTotalTimeout(Call call) throws Exception {
    try (RawServer server = new RawServer(trickling(() -> {}));
        ShortLivedCredentials credentials = credentials(server, SHORT)) {
      CredentialException.Unavailable failure =
          catchThrowableOfType(CredentialException.Unavailable.class, () -> call.make(credentials));

      assertThat(failure).hasMessageContaining("The service did not respond in time");
      assertThat(failure.isRetryable()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void call_interruptedInATrickledResponse_endsAtOnce(Call call) throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    try (RawServer server = new RawServer(trickling(held::countDown));
        ShortLivedCredentials credentials = credentials(server, Duration.ofHours(1))) {
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      Thread caller =
          new Thread(
              () -> {
                thrown.complete(catchThrowable(() -> call.make(credentials)));
                interrupted.complete(Thread.currentThread().isInterrupted());
              });
      caller.setDaemon(true);
      caller.start();
      held.await();
      caller.interrupt();

      assertThat(thrown.get(60, TimeUnit.SECONDS))
          .isInstanceOf(CredentialException.Unavailable.class)
          .hasMessageContaining("Interrupted before the ");
      assertThat(interrupted.get(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void call_endlessResponse_isRefused(Call call) throws Exception {
    byte[] chunk = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(US_ASCII);
    Script endless =
        connection -> {
          connection.readRequest();
          connection.write(HEADERS);
          connection.writeUntilClosed(chunk);
        };
    try (RawServer server = new RawServer(endless);
        ShortLivedCredentials credentials = credentials(server, Duration.ofMinutes(1))) {
      assertThat(catchThrowable(() -> call.make(credentials)))
          .isInstanceOf(CredentialException.class)
          .hasMessageContaining("The response is larger than 16 MiB");
    }
  }

  @ParameterizedTest
  @EnumSource
  void call_redirect_isRefused(Call call) throws Exception {
    try (RawServer other = RawServer.responding("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        RawServer server =
            RawServer.responding(
                "HTTP/1.1 307 Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                    .formatted(other.url()));
        ShortLivedCredentials credentials = credentials(server, Duration.ofMinutes(1))) {
      assertThat(catchThrowable(() -> call.make(credentials)))
          .isInstanceOf(CredentialException.class)
          .hasMessageContaining("HTTP 307: redirect refused");
      assertThat(other.connections()).isZero();
    }
  }

  static Stream<Arguments> unauthorized() {
    Map<String, String> messages =
        ImmutableMap.of(
            """
            {"error": {"code": 401, "status": "UNAUTHENTICATED", "message": "Token expired.",
             "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
               "reason": "ACCESS_TOKEN_EXPIRED", "metadata": {"service": "a.example"}}]}}""",
            "Token expired. (UNAUTHENTICATED, ACCESS_TOKEN_EXPIRED)",
            """
            {"error": "invalid_token", "error_description": "Token revoked."}""",
            "invalid_token: Token revoked. (UNAUTHENTICATED, invalid_token)",
            "<html>Log in</html>",
            "HTTP 401 Unauthorized: <html>Log in</html>. (UNAUTHENTICATED)",
            "",
            "HTTP 401 Unauthorized. (UNAUTHENTICATED)");
    return Stream.of(Call.values())
        .flatMap(
            call ->
                messages.entrySet().stream()
                    .map(body -> Arguments.of(call, body.getKey(), body.getValue())));
  }

  @ParameterizedTest
  @MethodSource("unauthorized")
  void call_unauthorized_keepsTheResponse(Call call, String body, String message) throws Exception {
    for (String challenge : List.of("", "WWW-Authenticate: Basic realm=x\r\n")) {
      String response =
          "HTTP/1.1 401 Unauthorized\r\n%sContent-Length: %d\r\n\r\n%s"
              .formatted(challenge, body.length(), body);
      try (RawServer server = RawServer.responding(response);
          ShortLivedCredentials credentials = credentials(server, Duration.ofMinutes(1))) {
        CredentialException failure =
            catchThrowableOfType(CredentialException.class, () -> call.make(credentials));

        assertThat(failure).hasMessageContaining(" failed: " + message);
        assertThat(failure.httpStatus()).hasValue(401);
        assertThat(failure.metadata().values())
            .containsExactlyElementsOf(
                body.contains("metadata") ? List.of("a.example") : List.of());
      }
    }
  }
}
