package io.github.shortlived;

import io.github.shortlived.internal.client.ClientContext;

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
}
