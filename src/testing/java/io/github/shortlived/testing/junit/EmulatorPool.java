package io.github.shortlived.testing.junit;

import io.github.shortlived.testing.IamEmulator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * The emulators of one test class: a single one while its tests run one after the other, one more
 * for each that runs at the same time. Safe for concurrent use.
 */
final class EmulatorPool implements AutoCloseable {
  private final Supplier<IamEmulator> starter;
  private final List<IamEmulator> all = new ArrayList<>();
  private final Deque<IamEmulator> idle = new ArrayDeque<>();

  EmulatorPool(Supplier<IamEmulator> starter) {
    this.starter = starter;
  }

  /** An emulator as declared, whatever was done to it, which nobody else has until it is back. */
  synchronized IamEmulator take() {
    return idle.isEmpty() ? start() : asDeclared(idle.pop());
  }

  synchronized void giveBack(IamEmulator used) {
    idle.push(used);
  }

  /** The one that the next test will have. */
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

  private IamEmulator asDeclared(IamEmulator used) {
    used.reset();
    return used;
  }
}
