package io.github.shortlived.testing.internal.key;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The RSA keys of one emulator. No other emulator has them, so each emulator rejects the signatures
 * of the others. Safe for concurrent use.
 */
public final class RsaKeyPool {
  private final Map<String, SigningKey> initialKeys = new HashMap<>();

  /**
   * Returns the first system-managed key of a declared signer, which is the same in each world of
   * this emulator: applications cache the public keys for longer than one test.
   */
  synchronized SigningKey initial(String owner) {
    return initialKeys.computeIfAbsent(owner, absent -> take());
  }

  /** Returns the first key of a signer; empty if it has none yet. */
  synchronized Optional<SigningKey> existingInitial(String owner) {
    return Optional.ofNullable(initialKeys.get(owner));
  }

  /** Returns a key for one signer in the current world only. */
  SigningKey take() {
    return RsaKeyFactory.SHARED.next();
  }
}
