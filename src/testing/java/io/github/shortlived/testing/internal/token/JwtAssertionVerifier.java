package io.github.shortlived.testing.internal.token;

import com.google.api.client.json.webtoken.JsonWebSignature;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.Accounts;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.key.Jwts;
import io.github.shortlived.testing.internal.key.PublishedKey;
import io.github.shortlived.testing.internal.key.SecretRecorder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the account, the signature and the times of JWTs that service accounts sign themselves.
 * The audience is checked by the caller.
 */
public final class JwtAssertionVerifier {
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Accounts accounts;
  private final InstantSource clock;

  public JwtAssertionVerifier(Accounts accounts, InstantSource clock) {
    this.accounts = accounts;
    this.clock = clock;
  }

  /**
   * Returns the assertion in a JWT.
   *
   * @throws OAuthException if it is invalid, with the text of Google's token endpoint
   */
  public JwtAssertion verify(String token) {
    JsonWebSignature jwt =
        Jwts.parse(SecretRecorder.record(token))
            .orElseThrow(() -> OAuthException.invalidGrant("Bad Request")); // unverified
    Account account = signer(jwt);
    require(isSignedBy(account, jwt), "Invalid JWT Signature.");
    require(
        Jwts.isFresh(jwt.getPayload(), clock.instant(), LONGEST),
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
            + " Check your iat and exp values in the JWT claim.");
    CallRecorder.setCaller(account.principal());
    return new JwtAssertion(account, jwt.getPayload());
  }

  private Account signer(JsonWebSignature jwt) {
    return Optional.ofNullable(jwt.getPayload().getIssuer())
        .flatMap(accounts::findKnown)
        .filter(account -> !account.disabled())
        .orElseThrow(() -> OAuthException.invalidGrant("Invalid grant: account not found"));
  }

  private static boolean isSignedBy(Account account, JsonWebSignature jwt) {
    return candidates(account, jwt.getHeader().getKeyId()).anyMatch(key -> Jwts.verifies(key, jwt));
  }

  /**
   * Returns the keys that may have signed: the one that the JWT names, or else all trusted ones.
   * Whether Google tries other keys if the named one is unknown is unverified.
   */
  private static Stream<PublishedKey> candidates(Account account, @Nullable String keyId) {
    return keyId == null ? account.keys().trusted().stream() : account.keys().find(keyId).stream();
  }

  private static void require(boolean holds, String error) {
    if (!holds) {
      throw OAuthException.invalidGrant(error);
    }
  }
}
