package io.github.shortlived;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.cloud.iam.credentials.v1.GenerateAccessTokenResponse;
import com.google.cloud.iam.credentials.v1.GenerateIdTokenResponse;
import com.google.cloud.iam.credentials.v1.SignJwtResponse;
import com.google.common.base.Throwables;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Timestamp;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tokens that no header can hold, from a file or an endpoint, are refused where they come from, and
 * neither an exception nor a log shows them.
 */
class UnusableTokenTest {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final AccessTokenRequest REQUEST = AccessTokenRequest.of(TARGET, CLOUD_PLATFORM);
  private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");
  private static final JwtClaims CLAIMS = JwtClaims.expiringIn(Duration.ofMinutes(5));
  private static final String HIDDEN = "C4n4ry";

  private final FakeHttp http = new FakeHttp();
  private final FakeGrpc grpc = new FakeGrpc();
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Logger rootLogger = Logger.getLogger("");
  private final Handler recorder =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          if (isLoggable(entry)) {
            logged.add(
                "%s %s %s".formatted(entry.getLoggerName(), entry.getMessage(), entry.getThrown()));
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void record() {
    recorder.setLevel(Level.WARNING);
    rootLogger.addHandler(recorder);
  }

  @AfterEach
  void stop() {
    rootLogger.removeHandler(recorder);
    grpc.close();
  }

  static Stream<String> unusable() {
    return Stream.of(
        "",
        HIDDEN + "\n",
        HIDDEN + "\r\n",
        "\n" + HIDDEN,
        "opaque\nX-" + HIDDEN + ": 1",
        HIDDEN + "\u0000",
        HIDDEN + "\u001b[2J",
        " ",
        HIDDEN + "\u00e9",
        HIDDEN + "\u2028",
        HIDDEN + "\ud83d\ude00",
        HIDDEN + "\u007f");
  }

  private static GoogleCredentials fixed(String token) {
    return GoogleCredentials.create(new com.google.auth.oauth2.AccessToken(token, Date.from(FAR)));
  }

  private ShortLivedCredentials overHttp(GoogleCredentials source) {
    return ShortLivedCredentials.builder()
        .source(source)
        .endpoints(Endpoints.google())
        .httpTransportFactory(http)
        .build();
  }

  private ShortLivedCredentials overGrpc(GoogleCredentials source) {
    return ShortLivedCredentials.builder()
        .source(source)
        .endpoints(grpc.endpoints())
        .httpTransportFactory(http)
        .grpc()
        .build();
  }

  private Throwable refused(ThrowingCallable call) {
    Throwable failure = catchThrowable(call);
    assertThat(failure).isNotNull();
    assertThat(Throwables.getStackTraceAsString(failure)).doesNotContain(HIDDEN);
    assertThat(logged).noneMatch(line -> line.contains("Metadata key=") || line.contains(HIDDEN));
    return failure;
  }

  private void refusedAsSource(ThrowingCallable call) {
    assertThat(refused(call))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessageContaining("token of the source credentials");
  }

  private void refusedAsResponse(ThrowingCallable call) {
    assertThat(refused(call))
        .isInstanceOf(CredentialException.Unavailable.class)
        .hasMessageMatching(
            "(?s).*The (?:response is incomplete|(?:token|key ID) in the response).*");
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void sourceToken_anyCall_isRefusedBeforeItIsSent(String token) {
    try (ShortLivedCredentials rest = overHttp(fixed(token));
        ShortLivedCredentials rpc = overGrpc(fixed(token));
        Grants grants = Grants.using(rpc);
        ComputeInstances instances = ComputeInstances.using(rest, Target.self())) {
      for (ShortLivedCredentials caller : List.of(rest, rpc)) {
        refusedAsSource(() -> caller.accessToken(TARGET, CLOUD_PLATFORM));
        refusedAsSource(() -> caller.idToken(TARGET, "https://service.example.com"));
        refusedAsSource(() -> caller.signJwt(TARGET, CLAIMS));
        refusedAsSource(() -> caller.signBlob(TARGET, new byte[] {1}));
        refusedAsSource(() -> caller.accessToken(Target.self(), CLOUD_PLATFORM));
      }
      refusedAsSource(() -> grants.planSweep(List.of(TARGET)));
      refusedAsSource(() -> instances.list("p", "us-west1-a"));
      refused(() -> rest.impersonatedCredentials(REQUEST).refresh());
      refused(
          () ->
              rest.googleCredentials(Target.self(), CLOUD_PLATFORM)
                  .getRequestMetadata(URI.create("https://a.example")));
    }
    assertThat(RequestHeaders.of(fixed(token))).satisfies(headers -> refusedAsSource(headers::get));
    assertThat(http.requests()).isEmpty();
    assertThat(grpc.calls()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void sourceToken_ofAnEndpoint_isRefused(String token) {
    String json =
        IamJson.oauthToken("JSON").replace("\"JSON\"", new JsonPrimitive(token).toString());
    http.respond(200, json).respond(200, json).respond(200, json).respond(200, json);
    try (ShortLivedCredentials key = overHttp(TestKeys.source(http));
        ShortLivedCredentials machine =
            overHttp(ComputeEngineCredentials.newBuilder().setHttpTransportFactory(http).build())) {
      refusedAsSource(() -> key.accessToken(TARGET, CLOUD_PLATFORM));
      refusedAsSource(() -> machine.accessToken(TARGET, CLOUD_PLATFORM));
      refusedAsSource(() -> key.accessToken(Target.self(), CLOUD_PLATFORM));
      refusedAsSource(() -> machine.accessToken(Target.self(), CLOUD_PLATFORM));
    }
    assertThat(http.requests()).hasSize(4);
  }

  /** google-auth sends the inner token itself; the JDK's client quotes a header that it refuses. */
  @ParameterizedTest
  @MethodSource("unusable")
  void sourceToken_insideAnImpersonatingSource_isNotShown(String token) {
    ImpersonatedCredentials impersonating =
        ImpersonatedCredentials.newBuilder()
            .setSourceCredentials(fixed(token))
            .setTargetPrincipal(TARGET.id())
            .setScopes(List.of(CLOUD_PLATFORM))
            .setIamEndpointOverride("http://127.0.0.1:1/v1/x:generateAccessToken")
            .build();
    try (ShortLivedCredentials caller =
        ShortLivedCredentials.builder()
            .source(impersonating)
            .endpoints(Endpoints.google())
            .httpTransportFactory(http)
            .retryPolicy(RetryPolicy.none())
            .build()) {
      assertThat(refused(() -> caller.accessToken(TARGET, CLOUD_PLATFORM)))
          .isInstanceOf(CredentialException.class);
      assertThat(refused(() -> caller.accessToken(Target.self(), CLOUD_PLATFORM)))
          .isInstanceOf(CredentialException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void issuedToken_overHttp_isRefused(String token) {
    String text = new JsonPrimitive(token).toString();
    http.respond(200, "{\"accessToken\": %s, \"expireTime\": \"%s\"}".formatted(text, FAR))
        .respond(200, "{\"token\": %s}".formatted(text))
        .respond(200, "{\"signedJwt\": %s, \"keyId\": \"k\"}".formatted(text));
    try (ShortLivedCredentials caller = overHttp(fixed("source"))) {
      refusedAsResponse(() -> caller.accessToken(TARGET, CLOUD_PLATFORM));
      refusedAsResponse(() -> caller.idToken(TARGET, "https://service.example.com"));
      refusedAsResponse(() -> caller.signJwt(TARGET, CLAIMS));
    }
    assertThat(http.requests()).hasSize(3);
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void issuedToken_overGrpc_isRefused(String token) {
    Timestamp expiry = Timestamp.newBuilder().setSeconds(FAR.getEpochSecond()).build();
    grpc.respond(
            GenerateAccessTokenResponse.newBuilder()
                .setAccessToken(token)
                .setExpireTime(expiry)
                .build())
        .respond(GenerateIdTokenResponse.newBuilder().setToken(token).build())
        .respond(SignJwtResponse.newBuilder().setSignedJwt(token).setKeyId("k").build());
    try (ShortLivedCredentials caller = overGrpc(fixed("source"))) {
      refusedAsResponse(() -> caller.accessToken(TARGET, CLOUD_PLATFORM));
      refusedAsResponse(() -> caller.idToken(TARGET, "https://service.example.com"));
      refusedAsResponse(() -> caller.signJwt(TARGET, CLAIMS));
    }
    assertThat(grpc.calls()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\u0000", "\u00e9", "\u2028", "\u007f"})
  void issuedIdToken_withASignatureAndMore_isRefused(String more) {
    String idToken = "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjQxMDI0NDQ4MDB9.c2ln" + more;
    http.respond(200, "{\"token\": %s}".formatted(new JsonPrimitive(idToken)));
    try (ShortLivedCredentials caller = overHttp(fixed("source"))) {
      refusedAsResponse(() -> caller.idToken(TARGET, "https://service.example.com"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "k\n", "k\u202e"})
  void keyId_withAHiddenCharacter_isRefused(String keyId) {
    String text = new JsonPrimitive(keyId).toString();
    http.respond(200, "{\"signedJwt\": \"a.b.c\", \"keyId\": %s}".formatted(text))
        .respond(200, "{\"signedBlob\": \"AAAA\", \"keyId\": %s}".formatted(text));
    try (ShortLivedCredentials caller = overHttp(fixed("source"))) {
      refusedAsResponse(() -> caller.signJwt(TARGET, CLAIMS));
      refusedAsResponse(() -> caller.signBlob(TARGET, new byte[1]));
    }
  }
}
