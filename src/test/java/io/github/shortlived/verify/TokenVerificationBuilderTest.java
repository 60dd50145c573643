package io.github.shortlived.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.IamEmulator;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerificationBuilderTest {
  private final TokenVerification.Builder builder = TokenVerification.builder();

  @ParameterizedTest
  @ValueSource(strings = {"PT-0.001S", "PT5M0.001S", "PT2562047788015215H"})
  void allowedClockSkew_outOfRange_refused(Duration skew) {
    assertThatThrownBy(() -> builder.allowedClockSkew(skew))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("it must be 0 s to 5 min");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT5M0.001S"})
  void timeout_outOfRange_refused(Duration timeout) {
    assertThatThrownBy(() -> builder.timeout(timeout))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("it must be 1 ms to 5 min");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT168H1S"})
  void maximumStaleness_outOfRange_refused(Duration staleness) {
    assertThatThrownBy(() -> builder.maximumStaleness(staleness))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("it must be 0 s to 168 h");
  }

  @Test
  void build_variableOfAnEmulator_verifiesByItsKeys() {
    ServiceAccount caller = ServiceAccount.of("caller@demo.iam.gserviceaccount.com");
    try (IamEmulator emulator = IamEmulator.builder().serviceAccount(caller.id()).start();
        ShortLivedCredentials credentials = emulator.credentialsFor(caller)) {
      Map<String, String> environment =
          Map.of("SHORTLIVED_IAM_EMULATOR_HOST", emulator.httpEndpoint().getAuthority());
      String token = credentials.idToken(Target.self(), "orders").token();
      try (TokenVerification verification = builder.environment(environment::get).build()) {
        assertThat(verification.verifyIdToken(token, "orders").audience()).isEqualTo("orders");
      }
      try (TokenVerification explicit =
          TokenVerification.builder()
              .environment(Map.of("SHORTLIVED_IAM_EMULATOR_HOST", "evil.com:80")::get)
              .endpoints(emulator.endpoints())
              .build()) {
        assertThat(explicit.verifyIdToken(token, "orders").audience()).isEqualTo("orders");
      }
    }
  }

  @Test
  void build_otherVariable_refused() {
    Map<String, String> evil = Map.of("SHORTLIVED_IAM_EMULATOR_HOST", "evil.com:80");
    assertThatThrownBy(builder.environment(evil::get)::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'evil.com:80'");
  }

  @Test
  void maximumAccounts_none_refused() {
    assertThatThrownBy(() -> builder.maximumAccounts(0))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("it must be at least 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT12H1S"})
  void maximumLifetime_outOfRange_refused(Duration lifetime) {
    JwtExpectation expected = JwtExpectation.ofAnyAudience(ServiceAccount.of("1234567"));
    assertThatThrownBy(() -> expected.maximumLifetime(lifetime))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("it must be more than zero and at most 12 hours");
  }

  @Test
  void audience_blank_refused() {
    assertThatThrownBy(() -> IdTokenExpectation.of(" ")).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> IdTokenExpectation.of("a", "")).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> JwtExpectation.of(ServiceAccount.of("1234567"), ""))
        .isInstanceOf(InvalidRequest.class);
  }

  @Test
  void allowedClockSkew_limits_decideAboutTheToken() {
    String expired = TestToken.id().at("exp", -300).signedBy(Forgeries.GOOGLE);
    String fresh = TestToken.id().at("exp", 1).signedBy(Forgeries.GOOGLE);
    try (KeyServer server = KeyServer.publishing(Forgeries.GOOGLE);
        TokenVerification none = with(server, Duration.ZERO);
        TokenVerification most = with(server, Duration.ofMinutes(5))) {
      assertThat(none.verifyIdToken(fresh, TestToken.AUDIENCE).subject()).isNotBlank();
      assertThatThrownBy(() -> most.verifyIdToken(expired, TestToken.AUDIENCE))
          .hasMessageContaining("it expired at 2030-01-01T11:55:00Z, and the time is")
          .hasMessageContaining("(allowed clock skew 5 min)");
      String within = TestToken.id().at("exp", -299).signedBy(Forgeries.GOOGLE);
      assertThat(most.verifyIdToken(within, TestToken.AUDIENCE).subject()).isNotBlank();
      assertThatThrownBy(() -> none.verifyIdToken(within, TestToken.AUDIENCE))
          .hasMessageContaining("(allowed clock skew 0 s)");
    }
  }

  private static TokenVerification with(KeyServer server, Duration skew) {
    return TokenVerification.builder()
        .endpoints(server.endpoints())
        .clock(() -> TestToken.NOW)
        .allowedClockSkew(skew)
        .build();
  }
}
