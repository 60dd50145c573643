package io.github.shortlived.testing.junit;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.Member;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.verify.TokenVerification;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The emulator and the credentials of one test or, in {@code @BeforeAll} and {@code @AfterAll}, of
 * one class. Acquires an emulator on first use. Safe for concurrent use.
 */
final class EmulatorSession implements AutoCloseable {
  private final EmulatorPool pool;
  private final boolean ofTest;
  private final Deque<ShortLivedCredentials> issued = new ArrayDeque<>();
  private final Deque<TokenVerification> verifications = new ArrayDeque<>();
  private @Nullable IamEmulator acquired;

  EmulatorSession(EmulatorPool pool, boolean ofTest) {
    this.pool = pool;
    this.ofTest = ofTest;
  }

  boolean isOfTest() {
    return ofTest;
  }

  synchronized IamEmulator emulator() {
    if (!ofTest) {
      return pool.peek();
    }
    if (acquired == null) {
      acquired = pool.acquire();
    }
    return acquired;
  }

  synchronized ShortLivedCredentials credentialsFor(Member caller) {
    if (!ofTest) {
      throw new IllegalStateException(
          "The reset before each test would invalidate the credentials for "
              + caller
              + ": request them in a test or in @BeforeEach");
    }
    ShortLivedCredentials credentials = emulator().credentialsFor(caller);
    issued.push(credentials);
    return credentials;
  }

  synchronized TokenVerification tokenVerification() {
    TokenVerification verification = emulator().tokenVerification();
    verifications.push(verification);
    return verification;
  }

  @Override
  public synchronized void close() {
    issued.forEach(ShortLivedCredentials::close);
    issued.clear();
    verifications.forEach(TokenVerification::close);
    verifications.clear();
    if (acquired != null) {
      pool.release(acquired);
      acquired = null;
    }
  }
}
