package io.github.shortlived.verify;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.TARGET;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.DemoProject;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.CredentialException.VerificationFailed;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.VerificationCheck;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verifies what the emulator issues, over both transports, with new keys and another time. */
class RoundTripTest {
  private static final String AUDIENCE = "https://orders.example.com";

  private final DemoProject demo = new DemoProject();
  private final TokenVerification verification = demo.emulator().tokenVerification();

  @BeforeEach
  void grant() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).on(TARGET));
  }

  @AfterEach
  void stop() {
    verification.close();
    demo.close();
  }

  private ShortLivedCredentials caller(boolean grpc) {
    ShortLivedCredentials.Builder builder = demo.listening(Member.of(CALLER), event -> {});
    return grpc ? builder.grpc().build() : builder.build();
  }

  private static void assertRefused(VerificationCheck check, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VerificationFailed.class, refusal -> assertThat(refusal.check()).isEqualTo(check));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void idToken_issued_isVerifiedUntilItExpires(boolean grpc) {
    try (ShortLivedCredentials caller = caller(grpc)) {
      String token = caller.issue(IdTokenRequest.of(TARGET, AUDIENCE).withEmail()).token();
      IdTokenExpectation expected = IdTokenExpectation.of(AUDIENCE).account(TARGET);
      VerifiedIdToken verified = verification.verifyIdToken(token, expected);
      assertThat(verified.email()).contains(TARGET.id());

      demo.emulator().controls().rotateGoogleKeys();
      String later = caller.issue(IdTokenRequest.of(TARGET, AUDIENCE).withEmail().fresh()).token();
      assertThat(verification.verifyIdToken(later, expected).subject())
          .isEqualTo(verified.subject());
      assertThat(verification.verifyIdToken(token, expected).claims())
          .isEqualTo(verified.claims())
          .containsEntry("iss", "https://accounts.google.com")
          .containsEntry("email_verified", true)
          .containsEntry("exp", verified.expireTime().getEpochSecond());
      IdTokenExpectation byId =
          IdTokenExpectation.of(AUDIENCE, "other")
              .account(ServiceAccount.of(verified.subject()))
              .authorizedParty(verified.subject())
              .emailVerified();
      assertThat(verification.verifyIdToken(token, byId).issueTime())
          .isEqualTo(verified.issueTime());

      demo.emulator().clock().advance(Duration.ofMinutes(61));
      assertRefused(VerificationCheck.EXPIRY, () -> verification.verifyIdToken(token, expected));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void jwt_signed_isVerifiedUntilItExpires(boolean grpc) {
    try (ShortLivedCredentials caller = caller(grpc)) {
      JwtClaims claims =
          JwtClaims.expiringIn(Duration.ofMinutes(10))
              .issuer(TARGET.id())
              .subject("order-42")
              .audience(AUDIENCE);
      String token = caller.signJwt(TARGET, claims).token();
      VerifiedJwt verified = verification.verifyJwt(token, TARGET, AUDIENCE);
      assertThat(verified.signer()).isEqualTo(TARGET);
      assertThat(verified.subject()).contains("order-42");

      demo.emulator().controls().rotateKeys(TARGET.id());
      String later = caller.signJwt(TARGET, claims).token();
      assertThat(verification.verifyJwt(later, TARGET, AUDIENCE).signer()).isEqualTo(TARGET);
      assertThat(verification.verifyJwt(token, TARGET, AUDIENCE).claims())
          .isEqualTo(verified.claims());
      JwtExpectation ofAnother = JwtExpectation.of(DELEGATE_1, AUDIENCE).anyIssuer();
      assertRefused(VerificationCheck.KEY_ID, () -> verification.verifyJwt(token, ofAnother));

      demo.emulator().clock().advance(Duration.ofMinutes(11));
      assertRefused(
          VerificationCheck.EXPIRY, () -> verification.verifyJwt(token, TARGET, AUDIENCE));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void blob_signed_isVerifiedWithItsKey(boolean grpc) {
    byte[] payload = "version: 42".getBytes(UTF_8);
    byte[] altered = "version: 43".getBytes(UTF_8);
    try (ShortLivedCredentials caller = caller(grpc)) {
      SignedBlob signed = caller.signBlob(TARGET, payload);
      verification.verifyBlob(payload, signed, TARGET);

      demo.emulator().controls().rotateKeys(TARGET.id());
      SignedBlob later = caller.signBlob(TARGET, payload);
      verification.verifyBlob(payload, later, TARGET);
      demo.emulator().clock().advance(Duration.ofDays(1));
      verification.verifyBlob(payload, signed, TARGET);

      assertRefused(
          VerificationCheck.SIGNATURE, () -> verification.verifyBlob(altered, signed, TARGET));
      assertRefused(
          VerificationCheck.SIGNATURE,
          () ->
              verification.verifyBlob(
                  payload, new SignedBlob(signed.signature(), later.keyId()), TARGET));
      assertRefused(
          VerificationCheck.SIGNATURE,
          () ->
              verification.verifyBlob(
                  payload, new SignedBlob(new byte[3], signed.keyId()), TARGET));
      assertRefused(
          VerificationCheck.KEY_ID, () -> verification.verifyBlob(payload, signed, DELEGATE_1));
      assertRefused(
          VerificationCheck.KEY_ID,
          () ->
              verification.verifyBlob(
                  payload, new SignedBlob(signed.signature(), "unknown\nkey"), TARGET));
    }
  }

  @Test
  void jwt_ofAnotherIssuer_isVerifiedIfThatIsExpected() {
    JwtClaims claims = JwtClaims.expiringIn(Duration.ofMinutes(10)).issuer("orders");
    try (ShortLivedCredentials caller = caller(false)) {
      String token = caller.signJwt(TARGET, claims).token();
      String id = caller.issue(IdTokenRequest.of(TARGET, AUDIENCE)).token();
      ServiceAccount byId = ServiceAccount.of(verification.verifyIdToken(id, AUDIENCE).subject());
      JwtExpectation expected = JwtExpectation.ofAnyAudience(byId).issuer("orders");
      assertThat(verification.verifyJwt(token, expected).signer()).isEqualTo(byId);
      assertRefused(
          VerificationCheck.ISSUER,
          () -> verification.verifyJwt(token, JwtExpectation.ofAnyAudience(TARGET)));
    }
  }

  @Test
  void verifications_ofManyTokens_fetchTheKeysOnce() {
    try (ShortLivedCredentials caller = caller(false)) {
      for (int i = 0; i < 20; i++) {
        String token = caller.idToken(TARGET, AUDIENCE + i).token();
        assertThat(verification.verifyIdToken(token, AUDIENCE + i).audience())
            .isEqualTo(AUDIENCE + i);
      }
    }
    assertThat(demo.emulator().calls())
        .filteredOn(call -> call.method().equals("publishedKeys"))
        .hasSize(1);
  }
}
