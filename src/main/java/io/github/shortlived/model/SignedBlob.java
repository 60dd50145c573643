package io.github.shortlived.model;

import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.Secrets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A signature over bytes, made with a service account's key (RSASSA-PKCS1-v1_5 with SHA-256). */
public final class SignedBlob implements ShortLivedCredential {
  private final byte[] signature;
  private final String keyId;

  /** Copies the signature. */
  public SignedBlob(byte[] signature, String keyId) {
    Arguments.nonNull(signature, "signature");
    Arguments.nonNull(keyId, "keyId");
    this.signature = signature.clone();
    this.keyId = keyId;
  }

  /** {@return a copy of the signature} */
  public byte[] signature() {
    return signature.clone();
  }

  /** {@return the ID of the key that signed, as in the account's published keys} */
  public String keyId() {
    return keyId;
  }

  @Override
  public String fingerprint() {
    return Secrets.fingerprint(signature);
  }

  /** {@return whether both are equal; compares the signatures in constant time} */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SignedBlob that
        && keyId.equals(that.keyId)
        && Secrets.constantTimeEquals(signature, that.signature);
  }

  @Override
  public int hashCode() {
    return 31 * keyId.hashCode() + Arrays.hashCode(signature);
  }

  @Override
  public String toString() {
    return "SignedBlob[%s, keyId=%s]".formatted(fingerprint(), keyId);
  }
}
