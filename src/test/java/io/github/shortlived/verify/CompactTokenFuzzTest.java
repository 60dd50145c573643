package io.github.shortlived.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.common.base.Throwables;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.shortlived.FuzzedText;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.CredentialException.VerificationFailed;
import java.text.ParseException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Any text is read as the JOSE library reads it, or refused by a message that quotes no secret. The
 * lines of an input become the parts of a token.
 */
class CompactTokenFuzzTest {
  private static final Refusals REFUSALS = new Refusals("token");

  @FuzzTest(maxDuration = "1m")
  void parse_ofAnyText_isReadAsTheLibraryDoesOrRefused(byte[] input) throws ParseException {
    String text = FuzzedText.of(input);
    parsed(text);
    Optional<CompactToken> token = parsed(encoded(text));
    if (token.isPresent()) {
      CompactToken read = token.get();
      assertThat(read.jws().getHeader().getAlgorithm().getName()).isEqualTo("RS256");
      assertThat(read.jws().getHeader().getKeyID()).isEqualTo(read.keyId());
      assertThat(read.jws().getHeader().getJWK()).isNull();
      assertThat(read.jws().getHeader().getJWKURL()).isNull();
      assertThat(read.jws().getHeader().getCriticalParams()).isNull();
      JsonElement payload = JsonParser.parseString(read.jws().getPayload().toString());
      assertThat(payload.getAsJsonObject().keySet()).containsAll(read.claims().keySet());
      assertThat(read.jws().serialize()).isEqualTo(encoded(text));
      checkClaims(read);
    }
  }

  private static String encoded(String text) {
    String[] parts = text.split("\n", 2);
    String signature = "AAAA";
    return TestSigner.encode(parts[0])
        + "."
        + TestSigner.encode(parts.length < 2 ? "" : parts[1])
        + "."
        + signature;
  }

  private static Optional<CompactToken> parsed(String token) {
    try {
      return Optional.of(CompactToken.parse(token, "RS256", REFUSALS));
    } catch (VerificationFailed refusal) {
      judge(refusal);
      return Optional.empty();
    }
  }

  private static void checkClaims(CompactToken token) {
    ClaimChecks claims = new ClaimChecks(token.claims(), TestToken.NOW, Duration.ZERO, REFUSALS);
    try {
      VerifiedIdToken verified = new IdTokenClaims(claims).verified(Forgeries.EXPECTED);
      assertThat(verified.audience()).isEqualTo(TestToken.AUDIENCE);
    } catch (VerificationFailed refusal) {
      judge(refusal);
    }
  }

  private static void judge(VerificationFailed refusal) {
    assertThat(Throwables.getStackTraceAsString(refusal)).doesNotContain(FuzzedText.HIDDEN);
    String message = refusal.getMessage();
    assertThat(SafeText.visible(message)).isEqualTo(message).hasSizeLessThan(1_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"id-token", "unknown-claims"})
  void parse_ofAToken_isAccepted(String seed) {
    String method = "parse_ofAnyText_isReadAsTheLibraryDoesOrRefused";
    byte[] bytes = FuzzedText.seed(getClass(), method, seed);
    assertThat(parsed(encoded(FuzzedText.of(bytes)))).isPresent();
    assertThat(Base64.getUrlDecoder().decode("AAAA")).hasSize(3);
  }
}
