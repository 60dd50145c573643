package io.github.shortlived.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import io.github.shortlived.internal.text.JwtPayload;
import io.github.shortlived.internal.text.Phrases;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtClaimsTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
  private static final String RULE =
      "a signed JWT expires at a whole second, in the future and at most 12 hours ahead. ";

  private final JwtClaims claims = JwtClaims.expiringIn(Duration.ofMinutes(10));

  @Test
  void signedAt_expiringIn_datesTheToken() {
    assertThat(claims.signedAt(NOW))
        .isEqualTo(
            new JwtPayload("{\"iat\":1000000,\"exp\":1000600}", Instant.ofEpochSecond(1_000_600)));
  }

  @Test
  void signedAt_expiringInBetweenSeconds_livesWholeSeconds() {
    assertThat(claims.signedAt(NOW.plusMillis(999)).json())
        .isEqualTo("{\"iat\":1000000,\"exp\":1000600}");
  }

  @Test
  void signedAt_registeredClaims_areWritten() {
    assertThat(claims.issuer("me").subject("you").audience("orders").signedAt(NOW).json())
        .isEqualTo(
            "{\"iss\":\"me\",\"sub\":\"you\",\"aud\":\"orders\",\"iat\":1000000,\"exp\":1000600}");
  }

  @Test
  void signedAt_explicitIssueTime_isUnchanged() {
    assertThat(claims.claim("iat", Instant.ofEpochSecond(999_000)).signedAt(NOW).json())
        .isEqualTo("{\"iat\":999000,\"exp\":1000600}");
  }

  @Test
  void signedAt_everyTypeOfClaim_isWritten() {
    JwtClaims all =
        claims
            .claim("text", "a\"b<é")
            .claim("truth", true)
            .claim("number", new BigDecimal("1.50"))
            .claim("time", Instant.ofEpochSecond(7, 999))
            .claim("map", Map.of("list", List.of(1, "two", List.of(), Map.of())));

    assertThat(JsonParser.parseString(all.signedAt(NOW).json()))
        .isEqualTo(
            JsonParser.parseString(
                """
                {"text": "a\\"b<é", "truth": true, "number": 1.50, "time": 7,
                 "map": {"list": [1, "two", [], {}]}, "iat": 1000000, "exp": 1000600}\
                """));
  }

  @Test
  void claim_collectionChangedLater_keepsItsElements() {
    List<String> roles = new ArrayList<>(List.of("reader"));
    JwtClaims changed = claims.claim("roles", roles);
    roles.add("admin");

    assertThat(changed.signedAt(NOW).json()).contains("\"roles\":[\"reader\"]");
  }

  @Test
  void claim_added_leavesTheOriginalUnchanged() {
    JwtClaims changed = claims.audience("orders");

    assertThat(claims.signedAt(NOW).json()).isNotEqualTo(changed.signedAt(NOW).json());
  }

  @Test
  void claim_twice_refused() {
    JwtClaims once = claims.audience("orders");

    assertThatThrownBy(() -> once.claim("aud", "billing"))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage("Invalid claim 'aud': the claim is set twice. Remove one of the two.");
  }

  @Test
  void claim_expiry_refused() {
    assertThatThrownBy(() -> claims.claim("exp", 1))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid claim 'exp': the expiry is already set by the first call. Use expiringIn or"
                + " expiringAt.");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void claim_noFiniteNumber_refused(double number) {
    assertThatThrownBy(() -> claims.claim("ratio", number))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid claim 'ratio' of type java.lang.Double: a claim is a String, Boolean, finite"
                + " Number, Instant, or a Map or Collection of these. Convert it first.");
  }

  @Test
  void claim_nestedUnknownType_namesTheTypeWithoutTheValue() {
    Map<String, Object> nested = Map.of("a", List.of(LocalDate.of(1999, 12, 31)));

    assertThatThrownBy(() -> claims.claim("born", nested))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith("Invalid claim 'born' of type java.time.LocalDate: ")
        .hasMessageNotContaining("1999");
  }

  @Test
  void claim_nullInside_refused() {
    assertThatThrownBy(() -> claims.claim("list", Arrays.asList("a", null)))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith("Invalid claim 'list' of type null: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "PT1H", "PT12H"})
  void expiringIn_inRange_expiresThen(Duration lifetime) {
    assertThat(JwtClaims.expiringIn(lifetime).signedAt(NOW).expiry()).isEqualTo(NOW.plus(lifetime));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.5S", "PT12H1S"})
  void expiringIn_outOfRange_refused(Duration lifetime) {
    assertThatThrownBy(() -> JwtClaims.expiringIn(lifetime))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid lifetime '"
                + Phrases.exact(lifetime)
                + "': a signed JWT is valid for 1 second to 12 hours, in whole seconds. "
                + (lifetime.compareTo(Duration.ofHours(12)) > 0
                    ? "Sign a new one when it expires."
                    : "Use whole seconds, at least 1."));
  }

  @Test
  void expiringAt_fraction_isCutOff() {
    JwtClaims fixed = JwtClaims.expiringAt(NOW.plusSeconds(60).plusMillis(900));

    assertThat(fixed.signedAt(NOW).expiry()).isEqualTo(NOW.plusSeconds(60));
  }

  @Test
  void expiringAt_signed_saysWhenItWasSigned() {
    assertThat(JwtClaims.expiringAt(NOW.plusSeconds(60)).signedAt(NOW).json())
        .isEqualTo("{\"exp\":1000060,\"iat\":1000000}");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 43_200})
  void signedAt_expiryInTheFuture_signed(long ahead) {
    assertThat(JwtClaims.expiringAt(NOW.plusSeconds(ahead)).signedAt(NOW).expiry())
        .isEqualTo(NOW.plusSeconds(ahead));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1970-01-12T13:46:40Z",
    "-1, 1970-01-12T13:46:39Z",
    "43201, 1970-01-13T01:46:41Z",
  })
  void signedAt_expiryPastOrTooFar_refused(long ahead, String expiry) {
    JwtClaims fixed = JwtClaims.expiringAt(NOW.plusSeconds(ahead));

    assertThatThrownBy(() -> fixed.signedAt(NOW))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid JWT claims 'exp="
                + expiry
                + "': "
                + RULE
                + "The time is 1970-01-12T13:46:40Z: choose an exp in the next 12 hours.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1000000000-01-01T00:00:00Z", "+1000000000-12-31T23:59:59.999999999Z"})
  void signedAt_largestInstant_refused(Instant expiry) {
    JwtClaims fixed = JwtClaims.expiringAt(expiry);

    assertThatThrownBy(() -> fixed.signedAt(NOW))
        .isInstanceOf(CredentialException.InvalidRequest.class);
  }

  @Test
  void ofJson_claims_areSignedUnchanged() {
    String json = "{\"exp\":1000060,\"n\":1.50,\"none\":null,\"deep\":{\"a\":[true,\"é\"]}}";

    assertThat(JwtClaims.ofJson(json).signedAt(NOW))
        .isEqualTo(new JwtPayload(json, NOW.plusSeconds(60)));
  }

  @Test
  void ofJson_moreClaims_areAdded() {
    assertThat(JwtClaims.ofJson("{\"exp\":1000060}").audience("orders").signedAt(NOW).json())
        .isEqualTo("{\"exp\":1000060,\"aud\":\"orders\"}");
  }

  @Test
  void ofJson_existingClaim_isNotReplaced() {
    JwtClaims raw = JwtClaims.ofJson("{\"exp\":1000060,\"aud\":\"orders\"}");

    assertThatThrownBy(() -> raw.audience("billing"))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith("Invalid claim 'aud': the claim is set twice.");
  }

  @Test
  void ofJson_expiryPast_refusedWhenSigned() {
    JwtClaims past = JwtClaims.ofJson("{\"exp\":999999}");

    assertThatThrownBy(() -> past.signedAt(NOW))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith("Invalid JWT claims 'exp=1970-01-12T13:46:39Z': ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|no exp",
        "{\"exp\":null}|exp=(no number)",
        "{\"exp\":\"hidden\"}|exp=(no number)",
        "{\"exp\":{\"hidden\":1}}|exp=(no number)",
        "{\"exp\":1.5}|exp=1.5",
        "{\"exp\":1e9}|exp=1e9",
        "{\"exp\":-1}|exp=-1",
        "{\"exp\":1000000000000}|exp=1000000000000",
      })
  void ofJson_noIntegerExpiry_refused(String json, String shown) {
    assertThatThrownBy(() -> JwtClaims.ofJson(json))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid JWT claims '"
                + shown
                + "': "
                + RULE
                + "Write \"exp\" as an integer: seconds since 1970, not milliseconds.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "hidden",
        "\"hidden\"",
        "[\"hidden\"]",
        "{\"exp\":1000060,\"a\":\"hidden\"",
        "{\"exp\":1000060,\"a\":\"hidden\"}}",
        "{'exp':1000060,'a':'hidden'}",
        "{\"exp\":1000060,\"a\":NaN,\"b\":\"hidden\"}",
        "{\"exp\":1000060,/* hidden */}"
      })
  void ofJson_noJsonObject_messageQuotesNothing(String json) {
    assertThatThrownBy(() -> JwtClaims.ofJson(json))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasNoCause()
        .hasMessage(
            "Invalid JWT claims (%d characters): they must be one JSON object. Check the syntax.",
            json.length());
  }

  @Test
  void ofJson_deepNesting_refusedWithoutOverflow() {
    String json = "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000);

    assertThatThrownBy(() -> JwtClaims.ofJson(json))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith("Invalid JWT claims (600001 characters): ");
  }

  @Test
  void ofJson_hugeClaim_isSigned() {
    String json = "{\"exp\":1000060,\"big\":\"" + "x".repeat(1_000_000) + "\"}";

    assertThat(JwtClaims.ofJson(json).signedAt(NOW).json()).isEqualTo(json);
  }

  @Test
  void equals_sameClaims_same() {
    assertThat(claims.audience("orders"))
        .isEqualTo(JwtClaims.expiringIn(Duration.ofMinutes(10)).audience("orders"))
        .hasSameHashCodeAs(JwtClaims.expiringIn(Duration.ofMinutes(10)).audience("orders"));
  }

  @Test
  void equals_rawJson_differs() {
    assertThat(JwtClaims.ofJson("{\"exp\":1000060}"))
        .isNotEqualTo(JwtClaims.expiringAt(Instant.ofEpochSecond(1_000_060)));
  }

  @Test
  void toString_claims_showsOnlyNames() {
    assertThat(claims.subject("hidden").claim("roles", "hidden"))
        .hasToString("JwtClaims[sub, roles]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"exp\":1,\"roles\":{\"admin\":false,\"admin\":true}}",
        "{\"exp\":1,\"roles\":[0,{},[{\"x\":{},\"admin\":[],\"admin\":[]}]]}"
      })
  void ofJson_nestedNameTwice_refused(String json) {
    assertThatThrownBy(() -> JwtClaims.ofJson(json))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage("Invalid claim 'admin': the claim is set twice. Remove one of the two.");
  }

  @Test
  void ofJson_sameNameInTwoPlaces_isSigned() {
    String json = "{\"exp\":1000060,\"a\":{\"a\":[{\"a\":1},{\"a\":2}]}}";
    assertThat(JwtClaims.ofJson(json).signedAt(NOW).json()).isEqualTo(json);
  }

  @Test
  void ofJson_nameTwice_refusedWithoutItsValue() {
    assertThatThrownBy(() -> JwtClaims.ofJson("{\"exp\":1,\"aud\":\"a\",\"aud\":\"b\"}"))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage("Invalid claim 'aud': the claim is set twice. Remove one of the two.");
  }
}
