package io.github.shortlived.testing.junit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the session of the current thread: that of the test that runs on it or, on a thread that a
 * test started, that of the only running test.
 */
final class CurrentSession {
  private final Set<EmulatorSession> open = ConcurrentHashMap.newKeySet();

  /**
   * A stack: while a thread waits for the tests of one class, JUnit may run another class on it.
   */
  private final ThreadLocal<Deque<EmulatorSession>> ofThread =
      ThreadLocal.withInitial(ArrayDeque::new);

  void begin(EmulatorSession session) {
    open.add(session);
    ofThread.get().push(session);
  }

  void end(EmulatorSession session) {
    open.remove(session);
    ofThread.get().remove(session);
    if (ofThread.get().isEmpty()) {
      ofThread.remove();
    }
  }

  EmulatorSession current() {
    Deque<EmulatorSession> sessions = ofThread.get();
    return sessions.isEmpty() ? onlySession() : sessions.getFirst();
  }

  private EmulatorSession onlySession() {
    ofThread.remove();
    List<EmulatorSession> tests = open.stream().filter(EmulatorSession::isOfTest).toList();
    List<EmulatorSession> candidates = tests.isEmpty() ? List.copyOf(open) : tests;
    if (candidates.size() != 1) {
      throw new IllegalStateException(
          candidates.isEmpty()
              ? "No test is running with this extension: register it as a field with"
                  + " @RegisterExtension, and use it in tests and their callbacks"
              : candidates.size()
                  + " tests are running at the same time, and this thread belongs to none: declare"
                  + " an IamEmulator parameter in the test and pass it to the thread");
    }
    return candidates.get(0);
  }
}
