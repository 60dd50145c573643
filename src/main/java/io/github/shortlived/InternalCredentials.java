package io.github.shortlived;

import io.github.shortlived.internal.client.ClientContext;
import java.util.function.LongSupplier;

/**
 * Access to {@link ShortLivedCredentials} for the other packages of this library. Not part of the
 * API; do not use.
 */
public final class InternalCredentials {
  private InternalCredentials() {}

  /**
   * Returns what calls with the source credentials need.
   *
   * @throws IllegalStateException if these credentials are closed
   */
  public static ClientContext context(ShortLivedCredentials credentials) {
    credentials.checkOpen();
    return credentials.context();
  }

  /** Throws {@link IllegalStateException} if these credentials are closed. */
  public static void checkOpen(ShortLivedCredentials credentials) {
    credentials.checkOpen();
  }

  /** Supplies the number of cache hits without a reference to these credentials. */
  public static LongSupplier cacheHits(ShortLivedCredentials credentials) {
    return credentials.tokens().hits();
  }
}
