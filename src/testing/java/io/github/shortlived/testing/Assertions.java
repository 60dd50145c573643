package io.github.shortlived.testing;

import com.google.api.client.json.webtoken.JsonWebSignature;
import java.time.Duration;
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

  private final Accounts accounts;
  private final InstantSource clock;

  Assertions(Accounts accounts, InstantSource clock) {
    this.accounts = accounts;
    this.clock = clock;
  }

  Assertion verify(String token) throws AssertionException {
    JsonWebSignature jwt =
        Jwts.parse(SeenSecrets.tell(token))
            .orElseThrow(() -> new AssertionException(AssertionException.MALFORMED));
    Account account = signer(jwt);
    require(isSignedBy(account, jwt), AssertionException.BAD_SIGNATURE);
    require(Jwts.isFresh(jwt.getPayload(), clock.instant(), LONGEST), AssertionException.BAD_TIMES);
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
    return candidates(account, jwt.getHeader().getKeyId()).anyMatch(key -> Jwts.verifies(key, jwt));
  }

  /**
   * A token that names no key may be signed with any that counts now. One that names a wrong key is
   * refused; whether Google looks further is unverified.
   */
  private static Stream<PublishedKey> candidates(Account account, @Nullable String keyId) {
    return keyId == null ? account.keys().trusted().stream() : account.keys().find(keyId).stream();
  }

  private static void require(boolean holds, String otherwise) throws AssertionException {
    if (!holds) {
      throw new AssertionException(otherwise);
    }
  }
}
