package io.github.shortlived.grant;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.PropagationProbe.Outcome;
import io.github.shortlived.internal.client.ProbeBackoff;
import io.github.shortlived.internal.client.ProbeTimer;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.Member;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Probes the bindings of a grant until each works or waiting cannot help. For one wait, one thread.
 */
final class ProbeLoop {
  private static final String INTERRUPTED = "The waiting thread was interrupted.";

  private final ShortLivedCredentials caller;
  private final PropagationWait wait;
  private final PolicyInspection policies;
  private final ProbeTimer timer;
  private int probes;

  ProbeLoop(
      ShortLivedCredentials caller,
      PropagationWait wait,
      PolicyInspection policies,
      InstantSource clock) {
    this.caller = caller;
    this.wait = wait;
    this.policies = policies;
    this.timer = new ProbeTimer(wait.timeout, clock, wait.sleeper);
  }

  /** Probes the bindings in order, the target last, and returns how long that took. */
  Duration run(List<ProbedBinding> bindings) {
    bindings.stream().filter(ProbedBinding::isProbed).forEach(this::awaitBinding);
    return timer.elapsed();
  }

  private void awaitBinding(ProbedBinding probed) {
    ProbeBackoff backoff = new ProbeBackoff();
    Optional<CredentialException> last = Optional.empty();
    Optional<CredentialException> failure = probe(probed);
    while (failure.isPresent()) {
      // The failure of an interrupted call says nothing about the binding; the one before does.
      last = ProbeTimer.isInterrupted() && last.isPresent() ? last : failure;
      sleepOrThrow(probed, last.get(), backoff);
      failure = probe(probed);
    }
    report(probed, Outcome.EFFECTIVE, Optional.empty(), Duration.ZERO);
  }

  private Optional<CredentialException> probe(ProbedBinding probed) {
    probes++;
    try {
      caller.issue(wait.request.apply(probed).fresh());
      return Optional.empty();
    } catch (CredentialException e) {
      return Optional.of(e);
    }
  }

  private void sleepOrThrow(
      ProbedBinding probed, CredentialException failure, ProbeBackoff backoff) {
    Verdict verdict = judge(probed, failure);
    Optional<CredentialException> thrown = verdict.thrown();
    Duration delay = thrown.isPresent() ? Duration.ZERO : timer.next(backoff);
    report(probed, verdict.outcome(), Optional.of(failure), delay);
    if (thrown.isPresent()) {
      throw thrown.get();
    }
    timer.sleep(delay);
    if (ProbeTimer.isInterrupted()) {
      throw explained(probed, failure, INTERRUPTED);
    }
  }

  private Verdict judge(ProbedBinding probed, CredentialException failure) {
    Outcome outcome = Outcome.of(failure);
    if (ProbeTimer.isInterrupted()) {
      return new Verdict(outcome, Optional.of(explained(probed, failure, INTERRUPTED)));
    } else if (outcome == Outcome.FAILED) {
      return new Verdict(outcome, Optional.of(failure));
    } else if (outcome == Outcome.REFUSED) {
      return judgeRefusal(probed, failure, policies.inspect(probed, failure));
    }
    return untilTimeout(probed, failure, outcome, "");
  }

  private Verdict judgeRefusal(
      ProbedBinding probed, CredentialException failure, PolicyInspection.Result result) {
    CredentialException best = result.notFound().isPresent() ? result.notFound().get() : failure;
    if (policies.isFinal(result)) {
      return new Verdict(Outcome.FAILED, Optional.of(explained(probed, best, result.text())));
    }
    String causes = result.text() + probed.otherCauses() + otherCaller(probed);
    return untilTimeout(probed, best, Outcome.REFUSED, causes);
  }

  /** Runs only at the timeout, because identifying the caller may cost a call. */
  private String otherCaller(ProbedBinding probed) {
    Member start = probed.binding().member();
    boolean last = timer.left().isZero() && probed.before().isEmpty() && !start.standsForMany();
    return last && ProbedBinding.callerOf(caller).isEmpty()
        ? "\nOr the caller is an account other than %s: the credentials do not show who calls."
            .formatted(start)
        : "";
  }

  private Verdict untilTimeout(
      ProbedBinding probed, CredentialException failure, Outcome outcome, String causes) {
    return new Verdict(
        outcome,
        timer.left().isZero() ? Optional.of(explained(probed, failure, causes)) : Optional.empty());
  }

  /** Returns the failure with the results of the wait in its message. */
  private CredentialException explained(
      ProbedBinding probed, CredentialException failure, String result) {
    String waited = timer.elapsedText();
    if (failure instanceof PermissionDenied refusal && !refusal.requiredGrants().isEmpty()) {
      String action = "%s, after waiting %s, is still".formatted(probed, waited);
      return InternalExceptions.withGrants(refusal, action, probed.requiredGrants(), "\n" + result);
    }
    String suffix =
        "\nThe wait for %s took %s. %s".formatted(probed, waited, result).stripTrailing();
    return InternalExceptions.withSuffix(failure, suffix);
  }

  private void report(
      ProbedBinding probed,
      Outcome outcome,
      Optional<CredentialException> failure,
      Duration delay) {
    wait.listener.accept(
        new PropagationProbe(probes, probed.target(), timer.elapsed(), outcome, failure, delay));
  }

  /** The outcome of a failed probe, and the exception that ends the wait, if any. */
  private record Verdict(Outcome outcome, Optional<CredentialException> thrown) {}
}
