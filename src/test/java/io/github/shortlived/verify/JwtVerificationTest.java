package io.github.shortlived.verify;

import static io.github.shortlived.verify.TestToken.ACCOUNT;
import static io.github.shortlived.verify.TestToken.AUDIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.VerificationFailed;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.VerificationCheck;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** JWTs of service accounts, and tokens of Identity-Aware Proxy. */
class JwtVerificationTest {
  private static final TestSigner SIGNER = TestSigner.rsa("account-1");
  private static final TestSigner IAP = TestSigner.ec("iap-1", "secp256r1");
  private static final TestSigner OTHER_CURVE = TestSigner.ec("iap-1", "secp384r1");
  private static final String BACKEND = "/projects/123/global/backendServices/456";

  private static KeyServer server;
  private static TokenVerification verification;

  @BeforeAll
  static void start() {
    server =
        KeyServer.responding(
            exchange -> {
              boolean ofIap =
                  exchange.getRequestURI().getPath().equals("/iap/verify/public_key-jwk");
              KeyServer.keys(ofIap ? IAP : SIGNER).respond(exchange);
            });
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

  private static void assertRefused(
      VerificationCheck check, JwtExpectation expectation, TestToken token) {
    assertRefused(check, expectation, token.signedBy(SIGNER));
  }

  private static void assertRefused(
      VerificationCheck check, JwtExpectation expectation, String token) {
    assertThatThrownBy(() -> verification.verifyJwt(token, expectation))
        .isInstanceOfSatisfying(
            VerificationFailed.class, refusal -> assertThat(refusal.check()).isEqualTo(check))
        .hasMessageStartingWith("The JWT is refused: ");
  }

  @Test
  void verifyJwt_claims_areOfJavasTypes() {
    String token =
        TestToken.jwt()
            .claim("roles", List.of("a", 1, true))
            .claim("nested", Map.of("x", 1.5))
            .signedBy(SIGNER);
    VerifiedJwt jwt = verification.verifyJwt(token, ACCOUNT, AUDIENCE);
    assertThat(jwt.claims())
        .containsEntry("roles", List.of("a", 1L, true))
        .containsEntry("nested", Map.of("x", new BigDecimal("1.5")));
    assertThat(jwt.expireTime()).isEqualTo(TestToken.NOW.plusSeconds(3600));
    assertThat(jwt.subject()).contains("order-42");
    assertThat(jwt)
        .hasToString(
            "VerifiedJwt[signer=%s, claims=[aud, iat, exp, iss, sub, roles, nested],"
                    .formatted(ACCOUNT)
                + " expireTime=2030-01-01T13:00:00Z]");
  }

  @Test
  void verifyJwt_audience_isMandatoryUnlessAnyIsAllowed() {
    JwtExpectation expected = JwtExpectation.of(ACCOUNT, AUDIENCE);
    assertRefused(VerificationCheck.AUDIENCE, expected, TestToken.jwt().without("aud"));
    assertRefused(VerificationCheck.AUDIENCE, expected, TestToken.jwt().claim("aud", "x"));
    assertRefused(
        VerificationCheck.AUDIENCE, expected, TestToken.jwt().claim("aud", List.of(AUDIENCE, "x")));
    String without = TestToken.jwt().without("aud").signedBy(SIGNER);
    assertThat(verification.verifyJwt(without, JwtExpectation.ofAnyAudience(ACCOUNT)).signer())
        .isEqualTo(ACCOUNT);
  }

  @Test
  void expectations_blankClaims_areRefused() {
    assertThatThrownBy(() -> JwtExpectation.of(ACCOUNT, AUDIENCE).issuer(" "))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage("Invalid issuer ' ': it must not be blank. Or call anyIssuer().");
    assertThatThrownBy(() -> IdTokenExpectation.of(AUDIENCE).authorizedParty(""))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid authorizedParty '': it must not be blank. Pass the client ID or account that"
                + " requests the token.");
  }

  @Test
  void verifyJwt_issuer_isTheSignerUnlessAnotherIsNamed() {
    JwtExpectation expected = JwtExpectation.of(ACCOUNT, AUDIENCE);
    TestToken other = TestToken.jwt().claim("iss", "orders");
    assertRefused(VerificationCheck.ISSUER, expected, other);
    assertRefused(VerificationCheck.ISSUER, expected, TestToken.jwt().without("iss"));
    assertRefused(VerificationCheck.ISSUER, expected.issuer("orders"), TestToken.jwt());
    String token = other.signedBy(SIGNER);
    assertThat(verification.verifyJwt(token, expected.issuer("orders")).signer())
        .isEqualTo(ACCOUNT);
    assertThat(verification.verifyJwt(token, expected.anyIssuer()).signer()).isEqualTo(ACCOUNT);
  }

  @Test
  void verifyJwt_lifetime_isBoundedByDefaultAndByTheExpectation() {
    JwtExpectation expected = JwtExpectation.of(ACCOUNT, AUDIENCE);
    long halfADay = Duration.ofHours(12).toSeconds();
    String longest = TestToken.jwt().at("exp", halfADay).signedBy(SIGNER);
    assertThat(verification.verifyJwt(longest, expected).signer()).isEqualTo(ACCOUNT);
    assertRefused(VerificationCheck.LIFETIME, expected, TestToken.jwt().at("exp", halfADay + 1));
    assertRefused(
        VerificationCheck.LIFETIME, expected, TestToken.jwt().at("iat", -halfADay).at("exp", 1));
    assertRefused(
        VerificationCheck.LIFETIME,
        expected,
        TestToken.jwt().without("iat").at("exp", halfADay + 31));
    assertRefused(
        VerificationCheck.LIFETIME,
        expected.maximumLifetime(Duration.ofMinutes(10)),
        TestToken.jwt().at("exp", 601));
    assertRefused(
        VerificationCheck.LIFETIME, expected, TestToken.jwt().claim("exp", 253402300799L));
  }

  @Test
  void verifyJwt_times_areChecked() {
    JwtExpectation expected = JwtExpectation.of(ACCOUNT, AUDIENCE);
    assertRefused(VerificationCheck.FORMAT, expected, TestToken.jwt().without("exp"));
    assertRefused(VerificationCheck.EXPIRY, expected, TestToken.jwt().at("exp", -30));
    assertRefused(VerificationCheck.NOT_YET_VALID, expected, TestToken.jwt().at("iat", 31));
    assertRefused(VerificationCheck.NOT_YET_VALID, expected, TestToken.jwt().at("nbf", 31));
    assertRefused(VerificationCheck.FORMAT, expected, TestToken.jwt().claim("iat", "now"));
  }

  @Test
  void verifyJwt_keyOfAnotherSigner_isRefused() {
    JwtExpectation expected = JwtExpectation.of(ACCOUNT, AUDIENCE);
    TestSigner other = TestSigner.rsa("account-2");
    assertRefused(VerificationCheck.KEY_ID, expected, TestToken.jwt().signedBy(other));
    assertRefused(
        VerificationCheck.SIGNATURE, expected, TestToken.jwt().signedBy(other.named("account-1")));
    assertRefused(VerificationCheck.ISSUER, expected, TestToken.id());
    assertRefused(
        VerificationCheck.ALGORITHM,
        expected,
        TestToken.jwt().header("alg", "ES256").signedBy(IAP));
  }

  private static void assertIapRefused(VerificationCheck check, String token) {
    assertThatThrownBy(() -> verification.verifyIapToken(token, BACKEND))
        .isInstanceOfSatisfying(
            VerificationFailed.class, refusal -> assertThat(refusal.check()).isEqualTo(check))
        .hasMessageStartingWith("The IAP token is refused: ");
  }

  private static TestToken iap() {
    return TestToken.iap().claim("aud", BACKEND);
  }

  @Test
  void verifyIapToken_signedByIap_returnsTheUser() {
    VerifiedIdToken user = verification.verifyIapToken(iap().signedBy(IAP), BACKEND);
    assertThat(user.email()).contains("me@example.com");
    assertThat(user.subject()).isEqualTo("accounts.google.com:" + TestToken.UNIQUE_ID);
    assertThat(user.audience()).isEqualTo(BACKEND);
    assertThat(server.paths()).contains("/iap/verify/public_key-jwk");
  }

  @Test
  void verifyIapToken_forged_isRefused() {
    assertIapRefused(VerificationCheck.AUDIENCE, TestToken.iap().signedBy(IAP));
    assertIapRefused(VerificationCheck.AUDIENCE, iap().without("aud").signedBy(IAP));
    assertIapRefused(
        VerificationCheck.ISSUER, iap().claim("iss", "https://accounts.google.com").signedBy(IAP));
    assertIapRefused(VerificationCheck.EXPIRY, iap().at("exp", -30).signedBy(IAP));
    assertIapRefused(VerificationCheck.ALGORITHM, iap().header("alg", "RS256").signedBy(SIGNER));
    assertIapRefused(VerificationCheck.ALGORITHM, iap().header("alg", "ES384").signedBy(IAP));
    assertIapRefused(VerificationCheck.KEY_ID, iap().signedBy(IAP.named("iap-2")));
    assertIapRefused(VerificationCheck.KEY_ID, iap().signedBy(SIGNER));
    assertIapRefused(
        VerificationCheck.SIGNATURE, iap().signedBy(TestSigner.ec("iap-1", "secp256r1")));
    assertIapRefused(VerificationCheck.SIGNATURE, iap().signedBy(OTHER_CURVE));
    assertIapRefused(VerificationCheck.SIGNATURE, withSignatureOfZeros());
  }

  /** A fault in Java 15 to 18 accepted this signature for any content. */
  private static String withSignatureOfZeros() {
    String token = iap().signedBy(IAP);
    return token.substring(0, token.lastIndexOf('.') + 1) + "A".repeat(86);
  }

  @Test
  void expectations_equalValues_areEqualAndShown() {
    assertThat(JwtExpectation.of(ACCOUNT, AUDIENCE).maximumLifetime(Duration.ofMinutes(5)))
        .isEqualTo(JwtExpectation.of(ACCOUNT, AUDIENCE).maximumLifetime(Duration.ofMinutes(5)))
        .hasSameHashCodeAs(
            JwtExpectation.of(ACCOUNT, AUDIENCE).maximumLifetime(Duration.ofMinutes(5)))
        .isNotEqualTo(JwtExpectation.of(ACCOUNT, AUDIENCE))
        .hasToString(
            "JwtExpectation[signer=%s, audience=%s, issuer=%s, maximumLifetime=5 min]"
                .formatted(ACCOUNT, AUDIENCE, ACCOUNT));
    assertThat(JwtExpectation.of(ACCOUNT, AUDIENCE))
        .isNotEqualTo(JwtExpectation.of(ServiceAccount.of("1234567"), AUDIENCE))
        .isNotEqualTo(JwtExpectation.of(ACCOUNT, "x"))
        .isNotEqualTo(JwtExpectation.of(ACCOUNT, AUDIENCE).anyIssuer());
    assertThat(IdTokenExpectation.of(AUDIENCE).account(ACCOUNT))
        .isEqualTo(IdTokenExpectation.of(AUDIENCE).account(ACCOUNT))
        .hasSameHashCodeAs(IdTokenExpectation.of(AUDIENCE).account(ACCOUNT))
        .isNotEqualTo(IdTokenExpectation.of("x").account(ACCOUNT))
        .isNotEqualTo(IdTokenExpectation.of(AUDIENCE))
        .isNotEqualTo(IdTokenExpectation.of(AUDIENCE).account(ACCOUNT).emailVerified())
        .isNotEqualTo(IdTokenExpectation.of(AUDIENCE).account(ACCOUNT).authorizedParty("x"))
        .hasToString(
            "IdTokenExpectation[audiences=[%s], account=%s, emailVerified=false,"
                    .formatted(AUDIENCE, ACCOUNT)
                + " authorizedParty=null]");
  }
}
