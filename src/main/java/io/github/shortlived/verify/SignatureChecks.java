package io.github.shortlived.verify;

import static io.github.shortlived.model.VerificationCheck.KEY_ID;
import static io.github.shortlived.model.VerificationCheck.SIGNATURE;

/** Requires a signature by a published key. */
final class SignatureChecks {
  private static final String FORGED =
      "Treat it as forged; or the signer deleted the key after it signed";

  private SignatureChecks() {}

  /** Requires that one of these keys signed the token. */
  static void require(CompactToken token, KeySet keys, Refusals refusals) {
    VerificationKey key = key(token.keyId(), keys, refusals);
    requireGenuine(key.verifies(token.jws()), refusals);
  }

  /** Requires that the key with this ID signed the bytes. */
  static void require(
      byte[] payload, byte[] signature, String keyId, KeySet keys, Refusals refusals) {
    VerificationKey key = key(keyId, keys, refusals);
    requireGenuine(key.verifies(payload, signature), refusals);
  }

  private static VerificationKey key(String id, KeySet keys, Refusals refusals) {
    return keys.find(id)
        .orElseThrow(
            () ->
                refusals.because(
                    KEY_ID, "its signer publishes no key " + Refusals.quoted(id), FORGED));
  }

  private static void requireGenuine(boolean genuine, Refusals refusals) {
    refusals.require(
        genuine,
        SIGNATURE,
        "its signature is not by the key that it names, or its content was changed",
        "Treat it as forged");
  }
}
