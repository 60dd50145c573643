package io.github.shortlived.model;

/** An issued credential. Immutable; {@code toString} shows a fingerprint, never the secret. */
public sealed interface ShortLivedCredential permits BearerToken, SignedJwt, SignedBlob {

  /**
   * {@return {@code sha256:} and the first 12 hexadecimal digits of the secret's SHA-256 digest} It
   * identifies a credential in a log without revealing it.
   */
  String fingerprint();
}
