package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.PropagationWait;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.SelfSignedJwtRequest;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.UserTokenRequest;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The longest and shortest {@link Duration}s are invalid arguments, not arithmetic errors. */
class ExtremeDurationTest {
  private static final Duration SHORTEST = Duration.ofSeconds(Long.MIN_VALUE);
  private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
  private static final ServiceAccount ACCOUNT =
      ServiceAccount.of("target@my-project.iam.gserviceaccount.com");
  private static final AccessTokenRequest ACCESS_TOKEN =
      AccessTokenRequest.of(ACCOUNT, Scopes.CLOUD_PLATFORM);

  /** The arguments that have a minimum and a maximum. */
  private static final Map<String, Consumer<Duration>> LIMITED =
      Map.of(
          "initialDelay", time -> new RetryPolicy(time, time, Duration.ofSeconds(1), true),
          "maxDelay", time -> new RetryPolicy(Duration.ofMillis(1), time, time, true),
          "totalTimeout", time -> RetryPolicy.standard().withTotalTimeout(time),
          "lifetime", ACCESS_TOKEN::lifetime,
          "extended lifetime", ACCESS_TOKEN::lifetimeExtendedByOrgPolicy,
          "validity of an access token", ACCESS_TOKEN::minimumValidity,
          "validity of an ID token",
              time -> IdTokenRequest.of(ACCOUNT, "https://a.example").minimumValidity(time),
          "validity of a user's token",
              time ->
                  UserTokenRequest.of(ACCOUNT, "me@example.com", Scopes.CLOUD_PLATFORM)
                      .minimumValidity(time),
          "validity of a self-signed JWT",
              time ->
                  SelfSignedJwtRequest.forScopes(ACCOUNT, Scopes.CLOUD_PLATFORM)
                      .minimumValidity(time),
          "lifetime of a JWT", JwtClaims::expiringIn);

  /** The arguments that have only a minimum, or a maximum that depends on the current time. */
  private static final Map<String, Consumer<Duration>> UNLIMITED =
      Map.of(
          "time limit", ExtremeDurationTest::getWithin,
          "timeout of a wait", PropagationWait::withTimeout,
          "timeout of a wait for an account", ExtremeDurationTest::awaitUsable,
          "lifetime of a grant",
              time ->
                  CrossAccountGrant.tokenCreator(Member.of("user:me@example.com"))
                      .on(ACCOUNT)
                      .expiringIn(time));

  private static void getWithin(Duration limit) {
    AccessToken unused = new AccessToken("unused", null);
    try (ShortLivedCredentials credentials =
        ShortLivedCredentials.from(GoogleCredentials.create(unused))) {
      credentials.tokenSource(ACCESS_TOKEN).get(limit);
    }
  }

  private static void awaitUsable(Duration timeout) {
    AccessToken unused = new AccessToken("unused", null);
    try (ShortLivedCredentials credentials =
            ShortLivedCredentials.from(GoogleCredentials.create(unused));
        ServiceAccounts accounts = ServiceAccounts.using(credentials)) {
      accounts.awaitUsable(ACCOUNT, timeout, delay -> {});
    }
  }

  @TestFactory
  Stream<DynamicTest> anyArgument_shortestDuration_isInvalid() {
    return Stream.of(LIMITED, UNLIMITED).flatMap(arguments -> areInvalid(arguments, SHORTEST));
  }

  @TestFactory
  Stream<DynamicTest> limitedArgument_longestDuration_isInvalid() {
    return areInvalid(LIMITED, LONGEST);
  }

  private static Stream<DynamicTest> areInvalid(
      Map<String, Consumer<Duration>> arguments, Duration time) {
    return arguments.entrySet().stream()
        .map(
            argument ->
                DynamicTest.dynamicTest(
                    argument.getKey(),
                    () ->
                        assertThatThrownBy(() -> argument.getValue().accept(time))
                            .isInstanceOf(InvalidRequest.class)
                            .hasMessageContaining("2562047788015215 h 30 min")));
  }
}
