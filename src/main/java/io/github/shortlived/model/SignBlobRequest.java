package io.github.shortlived.model;

import io.github.shortlived.internal.text.Secrets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request to sign bytes with a key of the target. Immutable.
 *
 * @see <a
 *     href="https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signBlob">
 *     signBlob</a>
 */
public final class SignBlobRequest implements CredentialRequest<SignedBlob> {
  private final Target target;
  private final byte[] payload;

  private SignBlobRequest(Target target, byte[] payload) {
    this.target = target;
    this.payload = payload;
  }

  /** {@return a request to sign a copy of these bytes, at most 4,000,000} */
  public static SignBlobRequest of(Target target, byte[] payload) {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(payload, "payload");
    Checks.signedSize("payload", payload.length, "sign a digest (SHA-256) of it");
    return new SignBlobRequest(target, payload.clone());
  }

  @Override
  public Target target() {
    return target;
  }

  /** {@return a copy of the bytes to sign} */
  public byte[] payload() {
    return payload.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SignBlobRequest that
        && target.equals(that.target)
        && Arrays.equals(payload, that.payload);
  }

  @Override
  public int hashCode() {
    return 31 * target.hashCode() + Arrays.hashCode(payload);
  }

  @Override
  public String toString() {
    return "SignBlobRequest[target=%s, payload=%d bytes, %s]"
        .formatted(target, payload.length, Secrets.fingerprint(payload));
  }
}
