package io.github.shortlived;

import static io.github.shortlived.AdapterWorld.CALLER;
import static io.github.shortlived.AdapterWorld.CHAIN;
import static io.github.shortlived.AdapterWorld.DELEGATE;
import static io.github.shortlived.AdapterWorld.STRANGER;
import static io.github.shortlived.AdapterWorld.TARGET;
import static io.github.shortlived.AdapterWorld.USER;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.SelfSignedJwtRequest;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Self-signed JWTs on the emulator, which accepts them in place of access tokens. */
class SelfSignedJwtRequestTest {
  private static final String COMPUTE = "https://compute.googleapis.com/";

  private final AdapterWorld world = new AdapterWorld();

  @AfterEach
  void close() {
    world.close();
  }

  static Stream<Arguments> targetsAndTransports() {
    return Stream.<Target>of(TARGET, CHAIN)
        .flatMap(target -> Stream.of(Arguments.of(target, false), Arguments.of(target, true)));
  }

  private ShortLivedCredentials caller(boolean grpc) {
    ShortLivedCredentials.Builder builder =
        ShortLivedCredentials.builder()
            .source(world.emulator().googleCredentials(Member.of(CALLER).id()))
            .endpoints(world.emulator().endpoints())
            .clock(world.emulator().clock());
    return grpc ? builder.grpc().build() : builder.build();
  }

  private ShortLivedCredentials.Builder key(ServiceAccount account) {
    return ShortLivedCredentials.builder()
        .keyJson(world.emulator().serviceAccountKey(account.id()))
        .endpoints(world.emulator().endpoints())
        .clock(world.emulator().clock());
  }

  private static JsonObject part(AccessToken jwt, int index) {
    return JsonParser.parseString(TestKeys.part(jwt.token(), index)).getAsJsonObject();
  }

  private boolean isSignedBy(ServiceAccount account, AccessToken jwt) throws Exception {
    int signature = jwt.token().lastIndexOf('.');
    return world.signed(
        account,
        jwt.token().substring(0, signature).getBytes(StandardCharsets.US_ASCII),
        Base64.getUrlDecoder().decode(jwt.token().substring(signature + 1)));
  }

  private int listInstances(String... headers) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(world.instances()).headers(headers).build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  @ParameterizedTest
  @MethodSource("targetsAndTransports")
  void selfSignedJwt_withoutKey_isSignedByIamAndAccepted(Target target, boolean grpc)
      throws Exception {
    try (ShortLivedCredentials caller = caller(grpc)) {
      Instant now = world.emulator().clock().instant();
      AccessToken jwt = caller.selfSignedJwt(target, COMPUTE);
      JsonObject claims = part(jwt, 1);

      assertThat(claims.keySet()).containsExactlyInAnyOrder("iss", "sub", "aud", "iat", "exp");
      assertThat(claims.get("iss").getAsString()).isEqualTo(TARGET.id());
      assertThat(claims.get("sub").getAsString()).isEqualTo(TARGET.id());
      assertThat(claims.get("aud").getAsString()).isEqualTo(COMPUTE);
      long issued = claims.get("iat").getAsLong();
      assertThat(issued).isGreaterThanOrEqualTo(now.getEpochSecond());
      assertThat(claims.get("exp").getAsLong()).isEqualTo(issued + 3600);
      assertThat(jwt.expireTime()).isEqualTo(Instant.ofEpochSecond(issued + 3600));
      assertThat(part(jwt, 0).get("alg").getAsString()).isEqualTo("RS256");
      assertThat(isSignedBy(TARGET, jwt)).isTrue();
      assertThat(listInstances("Authorization", "Bearer " + jwt.token())).isEqualTo(200);
      assertThat(caller.selfSignedJwt(target, COMPUTE)).isSameAs(jwt);
      assertThat(world.calls("signJwt")).isOne();
    }
  }

  @Test
  void issue_scopes_areAClaimInsteadOfTheAudience() throws Exception {
    AccessToken jwt =
        world.caller().issue(SelfSignedJwtRequest.forScopes(TARGET, CLOUD_PLATFORM, "openid"));

    assertThat(part(jwt, 1).keySet())
        .containsExactlyInAnyOrder("iss", "sub", "scope", "iat", "exp");
    assertThat(part(jwt, 1).get("scope").getAsString()).isEqualTo(CLOUD_PLATFORM + " openid");
    assertThat(listInstances("Authorization", "Bearer " + jwt.token())).isEqualTo(200);
  }

  @Test
  void selfSignedJwt_otherAudience_isNotAccepted() throws Exception {
    AccessToken jwt = world.caller().selfSignedJwt(TARGET, "https://pubsub.googleapis.com/");

    assertThat(listInstances("Authorization", "Bearer " + jwt.token())).isEqualTo(401);
  }

  @Test
  void selfSignedJwt_ownKey_isSignedWithoutNetwork() throws Exception {
    List<String> paths = new CopyOnWriteArrayList<>();
    try (ShortLivedCredentials own =
        key(TARGET).httpTransportFactory(() -> RecordingHttp.into(paths)).build()) {
      AccessToken jwt = own.selfSignedJwt(Target.self(), COMPUTE);

      assertThat(paths).isEmpty();
      assertThat(world.emulator().calls()).isEmpty();
      assertThat(part(jwt, 1).get("iss").getAsString()).isEqualTo(TARGET.id());
      assertThat(part(jwt, 0).get("kid").getAsString()).matches("[0-9a-f]{40}");
      assertThat(isSignedBy(TARGET, jwt)).isTrue();
      assertThat(listInstances("Authorization", "Bearer " + jwt.token())).isEqualTo(200);
    }
  }

  @Test
  void selfSignedJwt_selfImpersonates_isOfTheImpersonatedAccount() {
    GoogleCredentials impersonated =
        ImpersonatingSources.of(
            world.emulator().googleCredentials(Member.of(CALLER).id()), world.emulator(), TARGET);
    try (ShortLivedCredentials own =
        ShortLivedCredentials.builder()
            .source(impersonated)
            .endpoints(world.emulator().endpoints())
            .build()) {
      assertThat(part(own.selfSignedJwt(Target.self(), COMPUTE), 1).get("sub").getAsString())
          .isEqualTo(TARGET.id());
    }
  }

  @Test
  void selfSignedJwt_selfIsNoServiceAccount_refusedBeforeTheNetwork() {
    Date end = Date.from(Instant.parse("2100-01-01T00:00:00Z"));
    try (ShortLivedCredentials user =
        ShortLivedCredentials.from(
            GoogleCredentials.create(new com.google.auth.oauth2.AccessToken("token", end)))) {
      assertThatThrownBy(() -> user.selfSignedJwt(Target.self(), COMPUTE))
          .isInstanceOf(InvalidRequest.class)
          .hasMessage(
              "Invalid target 'self': a self-signed JWT needs a service account, which the source"
                  + " credentials are not. Use a service account as target.");
    }
  }

  @Test
  void selfSignedJwt_selfNamedByUniqueId_refused() {
    GoogleCredentials impersonated =
        ImpersonatingSources.of(
            world.emulator().googleCredentials(Member.of(CALLER).id()),
            world.emulator(),
            ServiceAccount.of("123456789012345678901"));
    try (ShortLivedCredentials own =
        ShortLivedCredentials.builder()
            .source(impersonated)
            .endpoints(world.emulator().endpoints())
            .build()) {
      assertThatThrownBy(() -> own.selfSignedJwt(Target.self(), COMPUTE))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("Use a service account as target.");
    }
    assertThat(world.calls("signJwt")).isZero();
  }

  @Test
  void selfSignedJwt_withoutGrant_namesTheGrant() {
    assertThatThrownBy(() -> world.caller().selfSignedJwt(STRANGER, COMPUTE))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageStartingWith("signJwt for " + STRANGER)
        .hasMessageContaining("add-iam-policy-binding " + STRANGER);
  }

  @Test
  void selfSignedJwt_nearItsEnd_isRefreshed() {
    try (ShortLivedCredentials caller = caller(false)) {
      AccessToken first = caller.selfSignedJwt(TARGET, COMPUTE);
      world.emulator().clock().advance(Duration.ofMinutes(30));
      assertThat(caller.selfSignedJwt(TARGET, COMPUTE)).isSameAs(first);
      world.emulator().clock().advance(Duration.ofMinutes(30));
      assertThat(caller.selfSignedJwt(TARGET, COMPUTE)).isNotEqualTo(first);
    }
  }

  @Test
  void googleCredentials_selfSignedJwt_sendItAndSign() throws Exception {
    SelfSignedJwtRequest request = SelfSignedJwtRequest.forAudience(TARGET, COMPUTE);
    GoogleCredentials google = world.caller().googleCredentials(request);

    assertThat(listInstances(RequestHeaders.of(google).get())).isEqualTo(200);
    assertThat(google.getRequestMetadata().get("Authorization"))
        .containsExactly("Bearer " + world.caller().issue(request).token());
    assertThat(google).hasToString("IssuedGoogleCredentials[" + request + "]");
    byte[] blob = {1, 2, 3};
    assertThat(world.signed(TARGET, blob, ((ServiceAccountSigner) google).sign(blob))).isTrue();
    assertThat(google.createScoped(CLOUD_PLATFORM))
        .isEqualTo(
            world
                .caller()
                .googleCredentials(SelfSignedJwtRequest.forScopes(TARGET, CLOUD_PLATFORM)))
        .isNotEqualTo(google);
  }

  @Test
  void createDelegated_selfSignedJwt_refused() {
    GoogleCredentials google =
        world.caller().googleCredentials(SelfSignedJwtRequest.forAudience(DELEGATE, COMPUTE));
    assertThatThrownBy(() -> google.createDelegated(USER))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid user: domain-wide delegation issues neither self-signed JWTs nor downscoped"
                + " tokens. Call createDelegated on credentials of an AccessTokenRequest.");
  }
}
