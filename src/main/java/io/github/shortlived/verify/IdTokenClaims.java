package io.github.shortlived.verify;

import static io.github.shortlived.model.VerificationCheck.ACCOUNT;
import static io.github.shortlived.model.VerificationCheck.AUTHORIZED_PARTY;
import static io.github.shortlived.model.VerificationCheck.EMAIL;

import com.google.gson.JsonPrimitive;
import io.github.shortlived.internal.text.GoogleHosts;
import io.github.shortlived.model.ServiceAccount;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and checks the claims of an ID token. */
final class IdTokenClaims {
  private static final Set<String> ISSUERS =
      Set.of(GoogleHosts.ID_TOKEN_ISSUER, GoogleHosts.ACCOUNTS);

  private final ClaimChecks claims;

  IdTokenClaims(ClaimChecks claims) {
    this.claims = claims;
  }

  /** Checks the claims of an ID token of Google. */
  VerifiedIdToken verified(IdTokenExpectation expected) {
    VerifiedIdToken token = verified(ISSUERS, expected.audiences(), verifiedEmail());
    claims
        .refusals()
        .require(
            !expected.requiresVerifiedEmail() || token.email().isPresent(),
            EMAIL,
            "it has no email address that Google verified",
            "Have the sender request a token with the email address");
    expected.account().ifPresent(account -> checkAccount(account, token));
    expected.authorizedParty().ifPresent(this::checkAuthorizedParty);
    return token;
  }

  /** Checks the claims of a token of Identity-Aware Proxy, which adds only verified addresses. */
  VerifiedIdToken verifiedByIap(String audience) {
    return verified(Set.of(GoogleHosts.IAP_ISSUER), Set.of(audience), email());
  }

  private @Nullable String email() {
    return claims.text("email").filter(email -> !email.isBlank()).orElse(null);
  }

  private VerifiedIdToken verified(
      Set<String> issuers, Set<String> audiences, @Nullable String email) {
    claims.issuer(issuers);
    claims.audience(audiences);
    Instant expiry = claims.validity();
    return new VerifiedIdToken(
        claims.audience().orElseThrow(),
        claims.requiredText("sub"),
        email,
        claims.requiredTime("iat"),
        expiry,
        ClaimMap.of(claims.claims()));
  }

  private @Nullable String verifiedEmail() {
    boolean verified =
        claims.claims().get("email_verified") instanceof JsonPrimitive value
            && value.isBoolean()
            && value.getAsBoolean();
    return verified ? email() : null;
  }

  private void checkAccount(ServiceAccount account, VerifiedIdToken token) {
    String actual = account.isEmail() ? token.email().orElse("") : token.subject();
    if (!account.id().equals(actual)) {
      throw claims
          .refusals()
          .because(
              ACCOUNT,
              "it is a token of %s, expected %s".formatted(Refusals.quoted(actual), account),
              "Have the sender request the token as this account");
    }
  }

  private void checkAuthorizedParty(String expected) {
    Optional<String> actual = claims.text("azp");
    if (actual.filter(expected::equals).isEmpty()) {
      throw claims
          .refusals()
          .because(
              AUTHORIZED_PARTY,
              "its azp is %s, expected %s"
                  .formatted(
                      Refusals.quotedOrMissing(actual.orElse("")), Refusals.quoted(expected)),
              "Have the sender request the token as this party");
    }
  }
}
