package io.github.shortlived.grant;

import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.Target;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * One test whether a grant works: a real request for a credential, which is dropped. Immutable;
 * holds no secret.
 *
 * @param number counts the probes of one wait, from 1
 * @param target the account of the requested credential: the grant's target or a delegate
 * @param elapsed the time since the wait began
 * @param outcome the meaning of the response
 * @param failure the failure of the request; empty if a credential was issued
 * @param nextDelay the delay before the next probe; zero if there is no delay or no next probe
 */
public record PropagationProbe(
    int number,
    Target target,
    Duration elapsed,
    Outcome outcome,
    Optional<CredentialException> failure,
    Duration nextDelay) {
  public PropagationProbe {
    Arguments.nonNull(target, "target");
    Arguments.nonNull(elapsed, "elapsed");
    Arguments.nonNull(outcome, "outcome");
    Arguments.nonNull(failure, "failure");
    Arguments.nonNull(nextDelay, "nextDelay");
  }

  @Override
  public String toString() {
    String after = Phrases.exact(elapsed.truncatedTo(ChronoUnit.MILLIS));
    String next = nextDelay.isZero() ? "" : ", next in " + Phrases.exact(nextDelay);
    return "Probe %d of %s after %s: %s%s".formatted(number, target, after, outcome, next);
  }

  /** The meaning of a response. */
  public enum Outcome {
    /** The credential was issued. */
    EFFECTIVE,
    /** The request was denied, as it is until a grant takes effect. */
    REFUSED,
    /** The service failed temporarily. */
    UNAVAILABLE,
    /** The request failed for a reason that waiting does not change; the wait ends. */
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
