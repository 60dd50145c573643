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
 * Keys for one emulator, drawn in order from a list that all emulators of the JVM share: making an
 * RSA key takes longer than most tests, and the second emulator needs no new one. Each emulator
 * knows them by ids of its own, so that none believes what is signed with another's. Safe for
 * concurrent use.
 */
public final class RsaKeyPool {
  private static final Map<Integer, SigningKey> SHARED = new ConcurrentHashMap<>();
  private static final AtomicInteger EMULATORS = new AtomicInteger();

  private final int emulator = EMULATORS.incrementAndGet();

  private final Map<String, SigningKey> originals = new HashMap<>();
  private final List<SigningKey> lent = new ArrayList<>();
  private final Deque<SigningKey> returned = new ArrayDeque<>();
  private int next;
  private int returns;

  /**
   * The key a signer begins with, in every world of this emulator alike: applications keep what
   * they verify with longer than one test.
   */
  synchronized SigningKey original(String owner) {
    return originals.computeIfAbsent(owner, first -> draw());
  }

  /** Empty if that signer had no need of a key yet. */
  synchronized Optional<SigningKey> originalSoFar(String owner) {
    return Optional.ofNullable(originals.get(owner));
  }

  /** A key for this world only. */
  synchronized SigningKey take() {
    SigningKey key = draw();
    lent.add(key);
    return key;
  }

  /** Ends a world: its own keys serve again, under other ids, so that its key files do not. */
  public synchronized void recycle() {
    returns++;
    lent.forEach(key -> returned.add(key.withIdOf(returns)));
    lent.clear();
  }

  private SigningKey draw() {
    @Nullable SigningKey used = returned.poll();
    return used != null ? used : shared(next++).withIdOf(emulator);
  }

  private static SigningKey shared(int number) {
    return SHARED.computeIfAbsent(number, missing -> SigningKey.generate());
  }
}
