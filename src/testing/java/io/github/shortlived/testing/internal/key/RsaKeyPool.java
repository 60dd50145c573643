package io.github.shortlived.testing.internal.key;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The RSA keys of one emulator. All emulators of the JVM share the keys, because generating one
 * takes longer than most tests, but each has its own key ids, so that it rejects the signatures of
 * another emulator. Safe for concurrent use.
 */
public final class RsaKeyPool {
  private static final Map<Integer, SigningKey> SHARED = new ConcurrentHashMap<>();
  private static final AtomicInteger EMULATORS = new AtomicInteger();

  private final int emulator = EMULATORS.incrementAndGet();

  private final Map<String, SigningKey> initialKeys = new HashMap<>();
  private final List<SigningKey> taken = new ArrayList<>();
  private final Deque<SigningKey> available = new ArrayDeque<>();
  private int next;
  private int recycles;

  /**
   * Returns the first system-managed key of a signer, which is the same in each world of this
   * emulator: applications cache the public keys for longer than one test.
   */
  synchronized SigningKey initial(String owner) {
    return initialKeys.computeIfAbsent(owner, absent -> draw());
  }

  /** Returns the first key of a signer; empty if it has none yet. */
  synchronized Optional<SigningKey> existingInitial(String owner) {
    return Optional.ofNullable(initialKeys.get(owner));
  }

  /** Returns a key for the current world only. */
  synchronized SigningKey take() {
    SigningKey key = draw();
    taken.add(key);
    return key;
  }

  /** Ends a world: its own keys become available under new ids, so its key files are invalid. */
  public synchronized void recycle() {
    recycles++;
    taken.forEach(key -> available.add(key.withIdOf(recycles)));
    taken.clear();
  }

  private SigningKey draw() {
    @Nullable SigningKey used = available.poll();
    return used != null ? used : shared(next++).withIdOf(emulator);
  }

  private static SigningKey shared(int number) {
    return SHARED.computeIfAbsent(number, absent -> SigningKey.generate());
  }
}
