package io.github.shortlived.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.base.Throwables;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.CredentialException.VerificationFailed;
import io.github.shortlived.verify.Forgeries.Forgery;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Forged ID tokens are refused, each for its reason, by a message without the token. */
class ForgeryTest {
  private static KeyServer server;
  private static TokenVerification verification;

  @BeforeAll
  static void start() {
    server = KeyServer.publishing(Forgeries.GOOGLE, Forgeries.GOOGLE_2);
    verification =
        TokenVerification.builder()
            .endpoints(server.endpoints())
            .clock(InstantSource.fixed(TestToken.NOW))
            .build();
  }

  @AfterAll
  static void stop() {
    verification.close();
    server.close();
  }

  static List<Forgery> forgeries() {
    return Forgeries.list();
  }

  static Stream<Map.Entry<String, String>> valid() {
    return Forgeries.valid().entrySet().stream();
  }

  @ParameterizedTest
  @MethodSource("valid")
  void verifyIdToken_valid_returnsItsClaims(Map.Entry<String, String> valid) {
    VerifiedIdToken token = verification.verifyIdToken(valid.getValue(), Forgeries.EXPECTED);
    assertThat(token.audience()).isEqualTo(TestToken.AUDIENCE);
    assertThat(token.subject()).isEqualTo(TestToken.UNIQUE_ID);
    assertThat(token.email()).contains(TestToken.ACCOUNT.id());
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void verifyIdToken_forged_refusedForItsReasonWithoutTheToken(Forgery forgery) {
    VerificationFailed refusal =
        catchThrowableOfType(
            VerificationFailed.class,
            () -> verification.verifyIdToken(forgery.token(), Forgeries.EXPECTED));
    assertThat(refusal.check()).isEqualTo(forgery.check());
    String message = refusal.getMessage();
    assertThat(SafeText.visible(message)).isEqualTo(message).hasSizeLessThan(500);
    assertThat(secretsOf(forgery.token()))
        .noneMatch(Throwables.getStackTraceAsString(refusal)::contains);
  }

  /** Returns the parts of a token that are long enough to be recognized. */
  private static Stream<String> secretsOf(String token) {
    return Stream.of(token.split("\\.", -1))
        .filter(part -> part.length() > 8)
        .map(part -> part.substring(0, Math.min(part.length(), 20)))
        .filter(part -> !part.startsWith("SIGNATURE_REMOVED"));
  }

  @Test
  void forgeries_ofThisTest_areMany() {
    assertThat(forgeries()).hasSizeGreaterThan(100);
  }
}
