package io.github.shortlived.model;

import io.github.shortlived.internal.text.Phrases;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request for a token, which is cached and shared by all callers of the same request. A cached
 * token is returned while it is usable, as {@link io.github.shortlived.TokenSource} describes,
 * unless the request is {@link #fresh} or has a {@link #minimumValidity}. Immutable.
 *
 * @param <T> the type of the token
 */
public abstract sealed class TokenRequest<T extends BearerToken> implements CredentialRequest<T>
    permits AccessTokenRequest,
        DownscopedTokenRequest,
        IdTokenRequest,
        SelfSignedJwtRequest,
        UserTokenRequest {
  /** Accepts every usable token. */
  static final long ANY = 0;

  /** Accepts no cached token: longer than any token is valid. */
  static final long FRESH = Duration.ofDays(36_500).toMillis();

  private final Target target;
  private final long minimumValidityMillis;
  // Not a list: most callers create a request for each call, and most calls find a cached token.
  private final Object option;
  private final Object otherOption;
  private final int hash;

  /** Creates a request that equals those of its type with the same target, validity and options. */
  TokenRequest(Target target, long minimumValidityMillis, Object option, Object otherOption) {
    this.target = Objects.requireNonNull(target, "target");
    this.minimumValidityMillis = minimumValidityMillis;
    this.option = option;
    this.otherOption = otherOption;
    this.hash = 31 * (31 * target.hashCode() + option.hashCode()) + otherOption.hashCode();
  }

  @Override
  public final Target target() {
    return target;
  }

  /** {@return the longest time that such a token is valid} */
  public abstract Duration lifetime();

  /**
   * {@return the same request for a new token} The new token replaces the cached one. Use it to
   * check that Google still issues the token; after a 401 {@link
   * io.github.shortlived.ShortLivedCredentials#invalidate} costs less.
   */
  @Override
  public abstract TokenRequest<T> fresh();

  /**
   * {@return the same request for a token that stays usable for at least this long} If the cached
   * token does not, the call blocks until a new one is issued. Use it for a token that is passed
   * on, for example to a job.
   *
   * @param atLeast 0 to two thirds of {@link #lifetime()}; for longer use {@link #fresh()}
   */
  public abstract TokenRequest<T> minimumValidity(Duration atLeast);

  /** {@return the {@link #minimumValidity} in milliseconds; 100 years if {@link #isFresh}} */
  public final long minimumValidityMillis() {
    return minimumValidityMillis;
  }

  /** {@return whether this request accepts no cached token} */
  public final boolean isFresh() {
    return minimumValidityMillis == FRESH;
  }

  /**
   * {@return the same request without {@link #fresh()} and {@link #minimumValidity}} Requests with
   * equal keys share one cached token.
   */
  public final TokenRequest<T> cacheKey() {
    return minimumValidityMillis == ANY ? this : with(ANY);
  }

  abstract TokenRequest<T> with(long changedMinimumValidityMillis);

  /** Returns the duration in milliseconds, after checking it against the lifetime. */
  static long checkMinimumValidity(Duration atLeast, Duration lifetime) {
    Objects.requireNonNull(atLeast, "atLeast");
    // At that time, its refresh has not begun.
    Duration longest = lifetime.multipliedBy(2).dividedBy(3);
    Checks.request(
        !atLeast.isNegative() && atLeast.compareTo(longest) <= 0,
        "minimum validity",
        Phrases.exact(atLeast),
        "it must be at most two thirds of the token's lifetime, here " + Phrases.exact(longest),
        "request a fresh() token, which has its full lifetime left");
    return atLeast.toMillis();
  }

  /** Checks that the target is the source itself, or is named by its email address. */
  static void checkNamedByEmail(Target target, String what) {
    List<ServiceAccount> accounts = Objects.requireNonNull(target, "target").accounts();
    Checks.request(
        accounts.isEmpty() || accounts.get(accounts.size() - 1).isEmail(),
        "target",
        target.toString(),
        what + " names the service account by its email address",
        "name the account by its email address");
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof TokenRequest<?> that
        && hash == that.hash
        && getClass() == that.getClass()
        && minimumValidityMillis == that.minimumValidityMillis
        && target.equals(that.target)
        && option.equals(that.option)
        && otherOption.equals(that.otherOption);
  }

  @Override
  public final int hashCode() {
    return hash;
  }

  /** Formats the minimum validity for {@code toString}; empty for {@link #ANY}. */
  final String reuseText() {
    if (minimumValidityMillis == ANY) {
      return "";
    }
    return isFresh()
        ? ", fresh"
        : ", minimumValidity=" + Phrases.exact(Duration.ofMillis(minimumValidityMillis));
  }
}
