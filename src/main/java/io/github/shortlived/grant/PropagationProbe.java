package io.github.shortlived.grant;

import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.Target;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * One try whether a grant works already: a credential was really asked for, and dropped. Immutable;
 * holds no secret.
 *
 * @param number counts the probes of one waiting, from 1
 * @param target whose credential was asked for: the grant's target, or an account on the way to it
 * @param elapsed how long the waiting has lasted
 * @param outcome what the answer means
 * @param failure the answer; empty if a credential was issued
 * @param nextDelay how long until the next probe; zero if it follows at once, or none does
 */
public record PropagationProbe(
    int number,
    Target target,
    Duration elapsed,
    Outcome outcome,
    Optional<CredentialException> failure,
    Duration nextDelay) {

  /** {@return the probe in one line} */
  @Override
  public String toString() {
    String next = nextDelay.isZero() ? "" : ", next in " + nextDelay;
    return "Probe %d of %s after %s: %s%s"
        .formatted(number, target, elapsed.truncatedTo(ChronoUnit.MILLIS), outcome, next);
  }

  /** What an answer means. */
  public enum Outcome {
    /** The credential was issued. */
    EFFECTIVE,
    /** It was refused, as it is while a grant takes effect. */
    REFUSED,
    /** The service did not answer properly, for now. */
    UNAVAILABLE,
    /** It failed for a reason that does not pass by waiting, which ends. */
    FAILED;

    static Outcome of(CredentialException failure) {
      if (failure instanceof PermissionDenied refusal) {
        return refusal.requiredGrants().isEmpty() ? FAILED : REFUSED;
      } else if (failure instanceof NotFound) {
        return REFUSED;
      }
      return failure instanceof Unavailable ? UNAVAILABLE : FAILED;
    }
  }
}
