package io.github.shortlived.grant;

import com.google.common.collect.Comparators;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.PropagationProbe.Outcome;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.Member;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/** Probes the hops of a grant until each works or waiting cannot help. For one wait, one thread. */
final class ProbeLoop {
  private static final String INTERRUPTED = "The waiting thread was interrupted.";

  private final ShortLivedCredentials caller;
  private final PropagationWait wait;
  private final PolicyInspection policies;
  private final InstantSource clock;
  private final Instant start;
  private int probes;

  ProbeLoop(
      ShortLivedCredentials caller,
      PropagationWait wait,
      PolicyInspection policies,
      InstantSource clock) {
    this.caller = caller;
    this.wait = wait;
    this.policies = policies;
    this.clock = clock;
    this.start = clock.instant();
  }

  /** Probes the hops in order, the target last, and returns how long that took. */
  Duration run(List<ProbedHop> hops) {
    hops.stream().filter(ProbedHop::isProbed).forEach(this::awaitHop);
    return elapsed();
  }

  private void awaitHop(ProbedHop hop) {
    Backoff backoff = new Backoff();
    Optional<CredentialException> last = Optional.empty();
    Optional<CredentialException> failure = probe(hop);
    while (failure.isPresent()) {
      // The failure of an interrupted call says nothing about the hop; the one before it does.
      last = isInterrupted() && last.isPresent() ? last : failure;
      sleepOrThrow(hop, last.get(), backoff);
      failure = probe(hop);
    }
    report(hop, Outcome.EFFECTIVE, Optional.empty(), Duration.ZERO);
  }

  private Optional<CredentialException> probe(ProbedHop hop) {
    probes++;
    try {
      caller.issue(wait.request.apply(hop).fresh());
      return Optional.empty();
    } catch (CredentialException e) {
      return Optional.of(e);
    }
  }

  private void sleepOrThrow(ProbedHop hop, CredentialException failure, Backoff backoff) {
    Verdict verdict = judge(hop, failure);
    Optional<CredentialException> thrown = verdict.thrown();
    Duration delay = thrown.isPresent() ? Duration.ZERO : Comparators.min(backoff.next(), left());
    report(hop, verdict.outcome(), Optional.of(failure), delay);
    if (thrown.isPresent()) {
      throw thrown.get();
    }
    wait.sleeper.accept(delay);
    if (isInterrupted()) {
      throw explained(hop, failure, INTERRUPTED);
    }
  }

  private Verdict judge(ProbedHop hop, CredentialException failure) {
    Outcome outcome = Outcome.of(failure);
    if (isInterrupted()) {
      return new Verdict(outcome, Optional.of(explained(hop, failure, INTERRUPTED)));
    } else if (outcome == Outcome.FAILED) {
      return new Verdict(outcome, Optional.of(failure));
    } else if (outcome == Outcome.REFUSED) {
      return judgeRefusal(hop, failure, policies.inspect(hop, failure));
    }
    return untilTimeout(hop, failure, outcome, "");
  }

  private Verdict judgeRefusal(
      ProbedHop hop, CredentialException failure, PolicyInspection.Result result) {
    CredentialException best = result.notFound().isPresent() ? result.notFound().get() : failure;
    if (policies.isFinal(result)) {
      return new Verdict(Outcome.FAILED, Optional.of(explained(hop, best, result.text())));
    }
    String causes = result.text() + hop.otherCauses() + otherCaller(hop);
    return untilTimeout(hop, best, Outcome.REFUSED, causes);
  }

  /** Runs only at the timeout, because identifying the caller may cost a call. */
  private String otherCaller(ProbedHop hop) {
    Member start = hop.binding().member();
    boolean last = left().isZero() && hop.before().isEmpty() && !start.standsForMany();
    return last && ProbedHop.callerOf(caller).isEmpty()
        ? "\nOr the caller is not %s: its credentials do not identify it.".formatted(start)
        : "";
  }

  private Verdict untilTimeout(
      ProbedHop hop, CredentialException failure, Outcome outcome, String causes) {
    return new Verdict(
        outcome, left().isZero() ? Optional.of(explained(hop, failure, causes)) : Optional.empty());
  }

  /** Returns the failure with the results of the wait in its message. */
  private CredentialException explained(ProbedHop hop, CredentialException failure, String result) {
    String waited = Phrases.exact(elapsed().truncatedTo(ChronoUnit.SECONDS));
    if (failure instanceof PermissionDenied refusal && !refusal.requiredGrants().isEmpty()) {
      String action = "%s, after waiting %s, is still".formatted(hop, waited);
      return InternalExceptions.withGrants(refusal, action, hop.requiredGrants(), "\n" + result);
    }
    String suffix = "\nThe wait for %s took %s. %s".formatted(hop, waited, result).stripTrailing();
    return InternalExceptions.withSuffix(failure, suffix);
  }

  private void report(
      ProbedHop hop, Outcome outcome, Optional<CredentialException> failure, Duration delay) {
    wait.listener.accept(
        new PropagationProbe(probes, hop.target(), elapsed(), outcome, failure, delay));
  }

  private Duration elapsed() {
    return Duration.between(start, clock.instant());
  }

  private Duration left() {
    Duration passed = Comparators.max(elapsed(), Duration.ZERO); // The clock may be set back.
    return Comparators.max(wait.timeout.minus(passed), Duration.ZERO);
  }

  private static boolean isInterrupted() {
    return Thread.currentThread().isInterrupted();
  }

  /** The outcome of a failed probe, and the exception that ends the wait, if any. */
  private record Verdict(Outcome outcome, Optional<CredentialException> thrown) {}

  /** The delays between the probes of one hop: they grow from 1 to 15 seconds, with jitter. */
  static final class Backoff {
    private final DoubleSupplier random;
    private double millis = 1_000;

    Backoff() {
      this(() -> ThreadLocalRandom.current().nextDouble());
    }

    Backoff(DoubleSupplier random) {
      this.random = random;
    }

    /** Returns between half and all of the current delay, and increases that. */
    Duration next() {
      Duration delay = Duration.ofMillis((long) (millis * (1 - random.getAsDouble() / 2)));
      millis = Math.min(millis * 1.5, 15_000);
      return delay;
    }
  }
}
