package io.github.shortlived;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdentityPoolCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.UserCredentials;
import io.github.shortlived.model.AccessBoundaryRule;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.UserTokenRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One rule decides on every path whether a successful response without a credential is retried: a
 * response that is no JSON object comes from an intermediary and is retried; an object without the
 * credential is not.
 */
class OneResponseRuleTest {
  private static final RetryPolicy QUICK =
      new RetryPolicy(Duration.ofNanos(1), Duration.ofNanos(1), Duration.ofMinutes(1), true);
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final AccessTokenRequest OWN =
      AccessTokenRequest.of(Target.self(), CLOUD_PLATFORM);
  private static final String FEDERATED =
      "{\"access_token\": \"opaque\", \"expires_in\": 3600, \"token_type\": \"Bearer\","
          + " \"issued_token_type\": \"urn:ietf:params:oauth:token-type:access_token\"}";

  /** A response of a success. */
  private record Body(int status, String type, String content) {}

  private static final List<Body> NOT_THE_SERVICE =
      List.of(
          new Body(200, "text/html", "<html><body>Log in to the network</body></html>"),
          new Body(200, "application/json", ""),
          new Body(200, "text/html", ""),
          new Body(204, "text/html", ""),
          new Body(200, "application/json", "[]"),
          new Body(200, "application/json", "\"opaque\""),
          new Body(200, "application/json", "{\"access_token\": \"cut o"),
          new Body(200, "text/plain", "Log in"));

  /** A path to a token: the source, a first response, the request and the good response. */
  private record Path(
      String name,
      List<String> before,
      java.util.function.Function<FakeHttp, GoogleCredentials> source,
      Consumer<ShortLivedCredentials> call,
      String good) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static GoogleCredentials fixed() {
    return GoogleCredentials.create(
        new com.google.auth.oauth2.AccessToken(
            "source", Date.from(Instant.parse("2100-01-01T00:00:00Z"))));
  }

  private static List<Path> paths() {
    Consumer<ShortLivedCredentials> own =
        c -> assertThat(c.issue(OWN.fresh()).token()).isEqualTo("opaque");
    return List.of(
        new Path(
            "IAM",
            List.of(),
            http -> fixed(),
            c -> c.accessToken(TARGET, CLOUD_PLATFORM),
            IamJson.accessToken("opaque")),
        new Path(
            "delegation",
            List.of("{\"signedJwt\": \"jwt\", \"keyId\": \"k\"}"),
            http -> fixed(),
            c -> c.issue(UserTokenRequest.of(TARGET, "me@example.com", CLOUD_PLATFORM)),
            IamJson.oauthToken("opaque")),
        new Path(
            "downscoping",
            List.of(IamJson.accessToken("whole")),
            http -> fixed(),
            c ->
                c.downscopedToken(
                    TARGET, AccessBoundaryRule.onBucket("reports", "roles/storage.objectViewer")),
            IamJson.oauthToken("opaque")),
        new Path("self, key", List.of(), TestKeys::source, own, IamJson.oauthToken("opaque")),
        new Path(
            "self, user",
            List.of(),
            http ->
                UserCredentials.newBuilder()
                    .setClientId("id")
                    .setClientSecret("secret")
                    .setRefreshToken("refresh")
                    .setHttpTransportFactory(http)
                    .build(),
            own,
            IamJson.oauthToken("opaque")),
        new Path(
            "self, machine",
            List.of(),
            http -> ComputeEngineCredentials.newBuilder().setHttpTransportFactory(http).build(),
            own,
            IamJson.oauthToken("opaque")),
        new Path(
            "self, impersonating",
            List.of(),
            http ->
                ImpersonatedCredentials.newBuilder()
                    .setSourceCredentials(fixed())
                    .setTargetPrincipal(TARGET.id())
                    .setScopes(List.of(CLOUD_PLATFORM))
                    .setHttpTransportFactory(http)
                    .build(),
            own,
            IamJson.accessToken("opaque", Instant.parse("2100-01-01T00:00:00Z"))),
        new Path("self, federated", List.of(), OneResponseRuleTest::federated, own, FEDERATED),
        new Path(
            "source token, key",
            List.of(),
            TestKeys::source,
            c -> c.accessToken(TARGET, CLOUD_PLATFORM),
            IamJson.oauthToken("opaque")));
  }

  private static GoogleCredentials federated(FakeHttp http) {
    return IdentityPoolCredentials.newBuilder()
        .setSubjectTokenSupplier(context -> "subject")
        .setHttpTransportFactory(http)
        .setAudience("//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p")
        .setSubjectTokenType("urn:ietf:params:oauth:token-type:jwt")
        .setTokenUrl("https://sts.googleapis.com/v1/token")
        .build();
  }

  static Stream<Arguments> everyPath() {
    return paths().stream()
        .flatMap(path -> NOT_THE_SERVICE.stream().map(body -> Arguments.of(path, body)));
  }

  private static ShortLivedCredentials open(Path path, FakeHttp http) {
    return ShortLivedCredentials.builder()
        .source(path.source.apply(http))
        .endpoints(Endpoints.google())
        .httpTransportFactory(http)
        .retryPolicy(QUICK)
        .build();
  }

  @ParameterizedTest
  @MethodSource("everyPath")
  void success_thatIsNoJsonObject_isRetried(Path path, Body body) {
    FakeHttp http = new FakeHttp();
    path.before.forEach(json -> http.respond(200, json));
    http.respond(body.status, body.type, body.content)
        .respond(200, path.good)
        .respond(200, IamJson.accessToken("opaque"));
    try (ShortLivedCredentials caller = open(path, http)) {
      path.call.accept(caller);
    }
  }

  @ParameterizedTest
  @MethodSource("everyPath")
  void success_thatIsNoJsonObjectWithoutRetries_isUnavailable(Path path, Body body) {
    FakeHttp http = new FakeHttp();
    path.before.forEach(json -> http.respond(200, json));
    http.respond(body.status, body.type, body.content);
    try (ShortLivedCredentials caller =
        ShortLivedCredentials.builder()
            .source(path.source.apply(http))
            .endpoints(Endpoints.google())
            .httpTransportFactory(http)
            .retryPolicy(RetryPolicy.none())
            .build()) {
      assertThatThrownBy(() -> path.call.accept(caller))
          .isInstanceOfSatisfying(
              CredentialException.Unavailable.class,
              failure -> assertThat(failure.isRetryable()).isTrue())
          .hasMessageMatching(
              "(?s).* failed.*: (?:The response is not JSON|google-auth could not read the response|Unexpected Error code 204.*)"
                  + "\\. \\(UNAVAILABLE\\) .*");
    }
  }

  static Stream<Arguments> incomplete() {
    List<String> bodies =
        List.of(
            "{}",
            "{\"accessToken\": {}, \"access_token\": {}}",
            "{\"accessToken\": \"x\", \"access_token\": \"x\", \"expireTime\": \"soon\","
                + " \"expires_in\": \"soon\"}");
    List<Arguments> all = new ArrayList<>();
    paths().forEach(path -> bodies.forEach(body -> all.add(Arguments.of(path, body))));
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("incomplete")
  void success_withoutTheCredential_isNotRetried(Path path, String body) {
    FakeHttp http = new FakeHttp();
    path.before.forEach(json -> http.respond(200, json));
    http.respond(200, body);
    try (ShortLivedCredentials caller = open(path, http)) {
      assertThatThrownBy(() -> path.call.accept(caller))
          .isInstanceOfSatisfying(
              CredentialException.class, failure -> assertThat(failure.isRetryable()).isFalse())
          .hasMessageNotContaining("not JSON");
    }
    assertThat(http.requests()).hasSize(path.before.size() + 1);
  }
}
