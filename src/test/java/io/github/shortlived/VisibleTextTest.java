package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.UserCredentials;
import io.github.shortlived.account.NewServiceAccount;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.AccessBoundaryRule.AvailabilityCondition;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.SelfSignedJwtRequest;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.verify.IdTokenExpectation;
import io.github.shortlived.verify.JwtExpectation;
import io.github.shortlived.verify.TokenVerification;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts with hidden characters, such as one that reverses the order of the text after it. */
class VisibleTextTest {
  private static final String HIDDEN = "a\u202eb";
  private static final ServiceAccount ACCOUNT =
      ServiceAccount.of("sa-1@demo-project.iam.gserviceaccount.com");

  static Stream<Object> valuesOfACaller() {
    return Stream.of(
        IdTokenExpectation.of(HIDDEN),
        IdTokenExpectation.of("orders").authorizedParty(HIDDEN),
        JwtExpectation.of(ACCOUNT, HIDDEN),
        JwtExpectation.ofAnyAudience(ACCOUNT).issuer(HIDDEN),
        NewServiceAccount.of("demo-project", "new-account").withDisplayName(HIDDEN),
        NewServiceAccount.of("demo-project", "new-account").withDescription(HIDDEN),
        IdTokenRequest.of(ACCOUNT, HIDDEN),
        SelfSignedJwtRequest.forAudience(ACCOUNT, "https://pubsub.googleapis.com/" + HIDDEN),
        JwtClaims.expiringIn(Duration.ofMinutes(5)).claim(HIDDEN, "value"),
        SignJwtRequest.of(
            Target.self(), JwtClaims.expiringIn(Duration.ofMinutes(5)).claim(HIDDEN, "value")),
        Condition.of("title", "'%s' == 'x'".formatted(HIDDEN)),
        new AvailabilityCondition(HIDDEN, HIDDEN, "true"),
        Member.inPolicy("user:" + HIDDEN + "@example.com"));
  }

  @ParameterizedTest
  @MethodSource("valuesOfACaller")
  void toString_hiddenCharacter_isEscaped(Object value) {
    assertThat(SafeText.hasHidden(value.toString())).as(SafeText.visible("" + value)).isFalse();
    assertThat(value.toString()).contains("a\\u202eb");
  }

  /** Two audiences that look alike are shown differently. */
  @Test
  void refusal_hiddenCharacter_isEscapedInBothTexts() {
    try (IamEmulator emulator = IamEmulator.demo().start();
        ShortLivedCredentials credentials = emulator.credentialsFor(ACCOUNT);
        TokenVerification verification = emulator.tokenVerification()) {
      String token = credentials.idToken(Target.self(), "https://a.example.com\u200b").token();
      assertThatThrownBy(() -> verification.verifyIdToken(token, "https://a.example.com"))
          .hasMessageContaining(
              "its audience is 'https://a.example.com\\u200b', expected 'https://a.example.com'");
    }
  }

  @Test
  void toString_ofTheFacade_namesCallerAndEndpointsWithoutACall() {
    try (IamEmulator emulator = IamEmulator.demo().start()) {
      ShortLivedCredentials credentials = emulator.credentialsFor(ACCOUNT);
      String endpoints =
          "endpoints=[%s, %s]".formatted(emulator.httpEndpoint(), emulator.grpcEndpoint());
      String described = "ShortLivedCredentials[caller=%s, %s]".formatted(ACCOUNT, endpoints);
      assertThat(credentials).hasToString(described);
      credentials.close();
      assertThat(credentials).hasToString(described.replaceFirst("]$", "") + ", closed]");
      assertThat(emulator.calls()).isEmpty();
    }
  }

  @Test
  void toString_tokenAsSource_showsNoTokenAndLeavesGooglesEndpointsOut() {
    AccessToken token = new AccessToken("secret", Date.from(Instant.parse("2030-01-01T00:00:00Z")));
    try (ShortLivedCredentials credentials =
        ShortLivedCredentials.from(GoogleCredentials.create(token))) {
      assertThat(credentials).hasToString("ShortLivedCredentials[caller=unknown]");
    }
  }

  @Test
  void toString_userAsSource_saysThatTheCallerIsAUser() {
    try (IamEmulator emulator = IamEmulator.demo().start();
        ShortLivedCredentials credentials =
            emulator.credentialsFor(Member.of("user:admin@example.com"))) {
      assertThat(credentials.toString()).contains("caller=unknown");
    }
    UserCredentials login =
        UserCredentials.newBuilder()
            .setClientId("client")
            .setClientSecret("secret")
            .setRefreshToken("refresh")
            .build();
    try (ShortLivedCredentials credentials = ShortLivedCredentials.from(login)) {
      assertThat(credentials).hasToString("ShortLivedCredentials[caller=the user of a login]");
    }
  }
}
