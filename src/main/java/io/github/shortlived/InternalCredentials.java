package io.github.shortlived;

import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.model.InternalExceptions;
import java.util.function.LongSupplier;

/**
 * Access to {@link ShortLivedCredentials} for the other packages of this library. Not part of the
 * API; do not use.
 */
public final class InternalCredentials {
  private InternalCredentials() {}

  /** Returns what calls with the source credentials need. */
  public static ClientContext context(ShortLivedCredentials credentials) {
    return credentials.context();
  }

  /** Throws {@link IllegalStateException} if these credentials are closed. */
  public static void checkOpen(ShortLivedCredentials credentials) {
    if (credentials.tokens().isClosed()) {
      throw InternalExceptions.closed();
    }
  }

  /** Supplies the number of cache hits without a reference to these credentials. */
  public static LongSupplier cacheHits(ShortLivedCredentials credentials) {
    return credentials.tokens().hits();
  }
}
