package io.github.shortlived.testing.junit;

import io.github.shortlived.testing.IamEmulator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * The emulators of one test class: one while its tests run one after the other, and one for each
 * test that runs at the same time. Safe for concurrent use.
 */
final class EmulatorPool implements AutoCloseable {
  private final Supplier<IamEmulator> starter;
  private final List<IamEmulator> all = new ArrayList<>();
  private final Deque<IamEmulator> idle = new ArrayDeque<>();

  EmulatorPool(Supplier<IamEmulator> starter) {
    this.starter = starter;
  }

  /** Returns an emulator in its declared state, for one user until it is released. */
  synchronized IamEmulator acquire() {
    if (idle.isEmpty()) {
      return start();
    }
    IamEmulator used = idle.pop();
    used.reset();
    return used;
  }

  synchronized void release(IamEmulator used) {
    idle.push(used);
  }

  /** Returns the emulator that the next test will acquire. */
  synchronized IamEmulator peek() {
    if (idle.isEmpty()) {
      idle.push(start());
    }
    return idle.getFirst();
  }

  @Override
  public synchronized void close() {
    all.forEach(IamEmulator::close);
    all.clear();
    idle.clear();
  }

  private IamEmulator start() {
    IamEmulator started = starter.get();
    all.add(started);
    return started;
  }
}
