package io.github.shortlived.testing;

import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.api.client.json.webtoken.JsonWebToken;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Verifies JWTs that service accounts sign for themselves: account, signature and times. The
 * audience is the reader's to judge.
 */
final class Assertions {
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration SKEW = Duration.ofMinutes(1);

  private final Accounts accounts;
  private final InstantSource clock;

  Assertions(Accounts accounts, InstantSource clock) {
    this.accounts = accounts;
    this.clock = clock;
  }

  Assertion verify(String token) throws AssertionException {
    JsonWebSignature jwt =
        Jwts.parse(token).orElseThrow(() -> new AssertionException(AssertionException.MALFORMED));
    Account account = signer(jwt);
    require(isSignedBy(account, jwt), AssertionException.BAD_SIGNATURE);
    require(isFresh(jwt.getPayload()), AssertionException.BAD_TIMES);
    CallNotes.caller(account.principal());
    return new Assertion(account, jwt.getPayload());
  }

  private Account signer(JsonWebSignature jwt) throws AssertionException {
    return Optional.ofNullable(jwt.getPayload().getIssuer())
        .flatMap(accounts::find)
        .filter(account -> !account.disabled())
        .orElseThrow(() -> new AssertionException(AssertionException.UNKNOWN_ACCOUNT));
  }

  private static boolean isSignedBy(Account account, JsonWebSignature jwt) {
    return "RS256".equals(jwt.getHeader().getAlgorithm())
        && candidates(account, jwt.getHeader().getKeyId()).anyMatch(key -> verifies(key, jwt));
  }

  /** A token that names no key may be signed with any. */
  private static Stream<PublishedKey> candidates(Account account, @Nullable String keyId) {
    return keyId == null ? account.keys().all().stream() : account.keys().find(keyId).stream();
  }

  private static boolean verifies(PublishedKey key, JsonWebSignature jwt) {
    try {
      return jwt.verifySignature(key.key().publicKey());
    } catch (GeneralSecurityException unusable) {
      return false;
    }
  }

  private boolean isFresh(JsonWebToken.Payload claims) {
    Long issuedAt = claims.getIssuedAtTimeSeconds();
    Long expiry = claims.getExpirationTimeSeconds();
    if (issuedAt == null || expiry == null) {
      return false;
    }
    Instant now = clock.instant();
    return expiry > now.getEpochSecond()
        && issuedAt <= now.plus(SKEW).getEpochSecond()
        && expiry - issuedAt <= LONGEST.toSeconds();
  }

  private static void require(boolean holds, String otherwise) throws AssertionException {
    if (!holds) {
      throw new AssertionException(otherwise);
    }
  }
}
