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
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.UserTokenRequest;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of users on the emulator. */
class UserTokenRequestTest {
  private final AdapterWorld world = new AdapterWorld();

  @AfterEach
  void close() {
    world.close();
  }

  static Stream<Target> targets() {
    return Stream.of(TARGET, CHAIN);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void issue_domainDelegates_actsAsTheUser(Target target) throws Exception {
    String token = world.caller().issue(UserTokenRequest.of(target, USER, CLOUD_PLATFORM)).token();
    HttpRequest list =
        HttpRequest.newBuilder(world.instances())
            .header("Authorization", "Bearer " + token)
            .build();

    assertThat(HttpClient.newHttpClient().send(list, BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    assertThat(world.emulator().calls())
        .last()
        .satisfies(call -> assertThat(call.toString()).contains("user:" + USER));
  }

  @Test
  void credentialsFor_responseWithStatus401_hasTheReason() {
    try (ShortLivedCredentials caller = world.emulator().credentialsFor(CALLER)) {
      assertThatThrownBy(
              () -> caller.accessTokenForUser(TARGET, "other@elsewhere.example", CLOUD_PLATFORM))
          .isInstanceOfSatisfying(
              PermissionDenied.class, e -> assertThat(e.reason()).contains("unauthorized_client"));
    }
  }

  static Stream<Arguments> targetsAndTransports() {
    return targets()
        .flatMap(target -> Stream.of(Arguments.of(target, false), Arguments.of(target, true)));
  }

  private ShortLivedCredentials caller(boolean grpc) {
    ShortLivedCredentials.Builder builder =
        ShortLivedCredentials.builder()
            .source(world.emulator().googleCredentials(Member.of(CALLER).id()))
            .endpoints(world.emulator().endpoints());
    return grpc ? builder.grpc().build() : builder.build();
  }

  @ParameterizedTest
  @MethodSource("targetsAndTransports")
  void accessTokenForUser_domainDelegates_isCached(Target target, boolean grpc) {
    try (ShortLivedCredentials caller = caller(grpc)) {
      var token = caller.accessTokenForUser(target, USER, CLOUD_PLATFORM);

      assertThat(token.token()).startsWith("ya29.a0");
      assertThat(caller.accessTokenForUser(target, USER, CLOUD_PLATFORM)).isSameAs(token);
      assertThat(world.calls("signJwt")).isOne();
    }
  }

  @ParameterizedTest
  @MethodSource("targetsAndTransports")
  void accessTokenForUser_scopeNotDelegated_namesClientIdAndScopes(Target target, boolean grpc) {
    try (ShortLivedCredentials caller = caller(grpc)) {
      assertThatThrownBy(() -> caller.accessTokenForUser(target, USER, CLOUD_PLATFORM, "openid"))
          .isInstanceOf(PermissionDenied.class)
          .hasMessageContaining("unauthorized_client: Client is unauthorized")
          .hasMessageContaining(
              "An administrator of the user's domain must delegate the scopes %s,openid to the"
                      .formatted(CLOUD_PLATFORM)
                  + " client ID of the service account, its numeric unique ID: Admin console,"
                  + " Security, API controls, Domain-wide delegation.\n"
                  + "Find the client ID: gcloud iam service-accounts describe "
                  + TARGET);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void accessTokenForUser_withoutGrant_namesTheGrant(boolean grpc) {
    try (ShortLivedCredentials caller = caller(grpc)) {
      assertThatThrownBy(() -> caller.accessTokenForUser(STRANGER, USER, CLOUD_PLATFORM))
          .isInstanceOf(PermissionDenied.class)
          .hasMessageStartingWith("signJwt for " + STRANGER)
          .hasMessageContaining("add-iam-policy-binding " + STRANGER);
    }
  }

  @Test
  void googleCredentials_userTokenRequest_equalThoseOfCreateDelegated() throws Exception {
    UserTokenRequest request = UserTokenRequest.of(TARGET, USER, CLOUD_PLATFORM);
    GoogleCredentials google = world.caller().googleCredentials(request);

    assertThat(google)
        .isEqualTo(world.caller().googleCredentials(TARGET, CLOUD_PLATFORM).createDelegated(USER))
        .isNotInstanceOf(ServiceAccountSigner.class)
        .isNotInstanceOf(IdTokenProvider.class)
        .hasToString("IssuedGoogleCredentials[" + request + "]");
    assertThat(google.getRequestMetadata().get("Authorization"))
        .containsExactly("Bearer " + world.caller().issue(request).token());
    assertThat(google.createScoped("openid"))
        .isEqualTo(world.caller().googleCredentials(UserTokenRequest.of(TARGET, USER, "openid")));
    assertThat(google.createDelegated("me@example.com"))
        .isEqualTo(
            world
                .caller()
                .googleCredentials(UserTokenRequest.of(TARGET, "me@example.com", CLOUD_PLATFORM)));
  }

  @Test
  void issue_domainDoesNotDelegate_permissionDenied() {
    assertThatThrownBy(
            () -> world.caller().issue(UserTokenRequest.of(DELEGATE, USER, CLOUD_PLATFORM)))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("Domain-wide delegation");
  }

  @Test
  void issue_sameRequest_cachedUntilFresh() {
    UserTokenRequest request = UserTokenRequest.of(TARGET, USER, CLOUD_PLATFORM);

    assertThat(world.caller().issue(request)).isSameAs(world.caller().issue(request));
    assertThat(world.calls("signJwt")).isOne();
    world.caller().issue(request.fresh());
    assertThat(world.calls("signJwt")).isEqualTo(2);
  }

  @Test
  void issue_callerAmongDelegates_refused() {
    DelegationChain chain = DelegationChain.through(CALLER).to(TARGET);
    try (ShortLivedCredentials caller =
        ShortLivedCredentials.fromKeyJson(world.emulator().serviceAccountKey(CALLER.id()))) {
      assertThatThrownBy(() -> caller.issue(UserTokenRequest.of(chain, USER, CLOUD_PLATFORM)))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("must not be among the delegates");
    }
  }

  @Test
  void issue_selfIsNoServiceAccount_refused() {
    Date end = Date.from(Instant.parse("2100-01-01T00:00:00Z"));
    try (ShortLivedCredentials user =
        ShortLivedCredentials.from(GoogleCredentials.create(new AccessToken("token", end)))) {
      assertThatThrownBy(() -> user.issue(UserTokenRequest.of(Target.self(), USER, CLOUD_PLATFORM)))
          .isInstanceOf(InvalidRequest.class)
          .hasMessage(
              "Invalid target 'self': domain-wide delegation needs a service account, which the"
                  + " source credentials are not. Use a service account as target.");
    }
  }
}
