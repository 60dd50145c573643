package io.github.shortlived.testing.junit;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.Member;
import io.github.shortlived.testing.IamEmulator;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What one test, or one class around its tests, has of the emulators. Takes none before it is asked
 * for. Safe for concurrent use.
 */
final class EmulatorSession implements AutoCloseable {
  private final EmulatorPool pool;
  private final boolean ofTest;
  private final Deque<ShortLivedCredentials> handedOut = new ArrayDeque<>();
  private @Nullable IamEmulator taken;

  private EmulatorSession(EmulatorPool pool, boolean ofTest) {
    this.pool = pool;
    this.ofTest = ofTest;
  }

  static EmulatorSession ofTest(EmulatorPool pool) {
    return new EmulatorSession(pool, true);
  }

  static EmulatorSession ofClass(EmulatorPool pool) {
    return new EmulatorSession(pool, false);
  }

  boolean isOfTest() {
    return ofTest;
  }

  synchronized IamEmulator emulator() {
    if (!ofTest) {
      return pool.peek();
    }
    if (taken == null) {
      taken = pool.take();
    }
    return taken;
  }

  synchronized ShortLivedCredentials credentialsFor(Member caller) {
    if (!ofTest) {
      throw new IllegalStateException(
          "Credentials for "
              + caller
              + " would not outlive the reset before each test: ask for them in a test or in"
              + " @BeforeEach");
    }
    ShortLivedCredentials credentials = emulator().credentialsFor(caller);
    handedOut.push(credentials);
    return credentials;
  }

  @Override
  public synchronized void close() {
    handedOut.forEach(ShortLivedCredentials::close);
    handedOut.clear();
    if (taken != null) {
      pool.giveBack(taken);
      taken = null;
    }
  }
}
