package io.github.shortlived.account;

import io.github.shortlived.internal.client.ProbeBackoff;
import io.github.shortlived.internal.client.ProbeTimer;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ServiceAccount;
import java.time.Duration;
import java.util.Optional;

/**
 * Probes a new account until it is known. Google's servers learn of it one after the other, so that
 * one success is followed by failures; several in a row end the wait. For one wait, one thread.
 */
final class UsableWait {
  private static final int SUCCESSES_IN_A_ROW = 3;

  private final ServiceAccount account;
  private final Runnable probe;
  private final ProbeTimer timer;
  private ProbeBackoff backoff = new ProbeBackoff();
  private Optional<CredentialException> last = Optional.empty();
  private int successes;

  /**
   * Creates a wait.
   *
   * @param probe throws a {@link CredentialException} while the account is unknown
   */
  UsableWait(ServiceAccount account, Runnable probe, ProbeTimer timer) {
    this.account = account;
    this.probe = probe;
    this.timer = timer;
  }

  /** Probes until the account is known, and returns how long that took. */
  Duration run() {
    while (!isUsable()) {
      throwIfInterrupted();
      if (timer.left().isZero()) {
        throw ended("This is the timeout.");
      }
      timer.sleep(timer.next(backoff));
      throwIfInterrupted();
    }
    return timer.elapsed();
  }

  /** Probes once. At the timeout, one success is enough. */
  private boolean isUsable() {
    try {
      probe.run();
    } catch (NotFound | PermissionDenied | Unavailable e) {
      // The failure of an interrupted call says nothing about the account; the one before does.
      last = ProbeTimer.isInterrupted() && last.isPresent() ? last : Optional.of(e);
      successes = 0;
      return false;
    }
    backoff = successes == 0 ? new ProbeBackoff() : backoff;
    successes++;
    return successes == SUCCESSES_IN_A_ROW || timer.left().isZero();
  }

  private void throwIfInterrupted() {
    if (ProbeTimer.isInterrupted()) {
      throw ended("The waiting thread was interrupted.");
    }
  }

  private CredentialException ended(String reason) {
    String text =
        "The wait until %s is usable took %s. %s A new account is usually known after a minute,"
                .formatted(account, timer.elapsedText(), reason)
            + " sometimes after several. You can wait again.";
    return last.map(failure -> InternalExceptions.withSuffix(failure, "\n" + text))
        .orElseGet(() -> InternalExceptions.unavailable(text));
  }
}
