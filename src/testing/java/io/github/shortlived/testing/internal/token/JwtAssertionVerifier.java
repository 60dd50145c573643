package io.github.shortlived.testing.internal.token;

import com.google.api.client.json.webtoken.JsonWebSignature;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.Accounts;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.key.Jwts;
import io.github.shortlived.testing.internal.key.PublishedKey;
import io.github.shortlived.testing.internal.key.SecretRecorder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Verifies JWTs that service accounts sign for themselves: account, signature and times. The
 * audience is the reader's to judge.
 */
public final class JwtAssertionVerifier {
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Accounts accounts;
  private final InstantSource clock;

  public JwtAssertionVerifier(Accounts accounts, InstantSource clock) {
    this.accounts = accounts;
    this.clock = clock;
  }

  public JwtAssertion verify(String token) throws InvalidAssertionException {
    JsonWebSignature jwt =
        Jwts.parse(SecretRecorder.record(token))
            .orElseThrow(() -> new InvalidAssertionException(InvalidAssertionException.MALFORMED));
    Account account = signer(jwt);
    require(isSignedBy(account, jwt), InvalidAssertionException.BAD_SIGNATURE);
    require(
        Jwts.isFresh(jwt.getPayload(), clock.instant(), LONGEST),
        InvalidAssertionException.BAD_TIMES);
    CallRecorder.caller(account.principal());
    return new JwtAssertion(account, jwt.getPayload());
  }

  private Account signer(JsonWebSignature jwt) throws InvalidAssertionException {
    return Optional.ofNullable(jwt.getPayload().getIssuer())
        .flatMap(accounts::find)
        .filter(account -> !account.disabled())
        .orElseThrow(
            () -> new InvalidAssertionException(InvalidAssertionException.UNKNOWN_ACCOUNT));
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

  private static void require(boolean holds, String otherwise) throws InvalidAssertionException {
    if (!holds) {
      throw new InvalidAssertionException(otherwise);
    }
  }
}
