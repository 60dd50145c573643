package io.github.shortlived.testing.junit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whose emulator is meant where no test says who it is: that of the test on this thread, and on a
 * thread that a test started itself, that of the only test there is.
 */
final class CurrentSession {
  private final Set<EmulatorSession> open = ConcurrentHashMap.newKeySet();

  /** A stack, for JUnit may run another class on a thread that waits for the tests of one. */
  private final ThreadLocal<Deque<EmulatorSession>> here = ThreadLocal.withInitial(ArrayDeque::new);

  void begin(EmulatorSession session) {
    open.add(session);
    here.get().push(session);
  }

  void end(EmulatorSession session) {
    open.remove(session);
    here.get().remove(session);
    if (here.get().isEmpty()) {
      here.remove();
    }
  }

  EmulatorSession current() {
    Deque<EmulatorSession> mine = here.get();
    return mine.isEmpty() ? only() : mine.getFirst();
  }

  private EmulatorSession only() {
    here.remove();
    List<EmulatorSession> tests = open.stream().filter(EmulatorSession::isOfTest).toList();
    List<EmulatorSession> candidates = tests.isEmpty() ? List.copyOf(open) : tests;
    if (candidates.size() != 1) {
      throw new IllegalStateException(
          candidates.isEmpty()
              ? "No test is running with this extension: register it as a field with"
                  + " @RegisterExtension, and use it in tests and their callbacks"
              : candidates.size()
                  + " tests are running at the same time, and this thread belongs to none: take an"
                  + " IamEmulator as the test's parameter and hand it to the thread");
    }
    return candidates.get(0);
  }
}
