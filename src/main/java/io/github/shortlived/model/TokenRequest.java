package io.github.shortlived.model;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.TokenSource;
import java.time.Duration;
import java.util.Objects;

/**
 * A request for a token that is kept for the next one who asks for the same. Unless told otherwise
 * it is answered with the kept token while that is usable; see {@link TokenSource} for when it is.
 * Immutable; requests are equal when they ask for the same in the same way.
 *
 * @param <T> the kind of token
 */
public abstract sealed class TokenRequest<T extends BearerToken> implements CredentialRequest<T>
    permits AccessTokenRequest, IdTokenRequest, UserTokenRequest {
  private final Target target;
  private final Reuse reuse;

  TokenRequest(Target target, Reuse reuse) {
    this.target = Objects.requireNonNull(target, "target");
    this.reuse = reuse;
  }

  @Override
  public final Target target() {
    return target;
  }

  /** {@return the longest that such a token lives} */
  public abstract Duration lifetime();

  /**
   * {@return the same request for a token that the service issues now} It is kept in place of the
   * one there was, unless the cache had to make room meanwhile. For whoever must know that the
   * service still says yes; where a service refused the token with a 401, {@link
   * ShortLivedCredentials#invalidate} costs less. One that has expired by this machine's clock when
   * it comes is refused, like any other.
   */
  @Override
  public abstract TokenRequest<T> fresh();

  /**
   * {@return the same request for a token that stays usable for at least this long} Where the kept
   * one does not, the call waits for another. For a token that is handed on, to a job for instance.
   *
   * @param atLeast from nothing to two thirds of {@link #lifetime()}; for longer ask for a {@link
   *     #fresh()} one
   * @throws CredentialException.InvalidRequest if it is outside that range
   */
  public abstract TokenRequest<T> minimumValidity(Duration atLeast);

  /** What is asked for, in whatever way: the key of the cache. */
  public abstract TokenRequest<T> cacheKey();

  public final Reuse reuse() {
    return reuse;
  }
}
