package io.github.shortlived.model;

/** What was issued. An immutable value; {@code toString} shows a fingerprint, never the secret. */
public sealed interface ShortLivedCredential permits BearerToken, SignedJwt, SignedBlob {

  /**
   * {@return {@code sha256:} and the first 12 hexadecimal digits of the secret's SHA-256 digest:
   * enough to tell credentials apart in a log, of no use to anyone else}
   */
  String fingerprint();
}
