package io.github.shortlived.grant;

import com.google.common.collect.Comparators;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.PropagationProbe.Outcome;
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

/** One waiting for a grant to take effect, by one thread. */
final class ProbeLoop {
  private static final String INTERRUPTED = "The waiting thread was interrupted.";

  private final ShortLivedCredentials caller;
  private final PropagationWait waiting;
  private final PolicyInspection witness;
  private final InstantSource clock;
  private final Instant start;
  private int probes;

  ProbeLoop(
      ShortLivedCredentials caller,
      PropagationWait waiting,
      PolicyInspection witness,
      InstantSource clock) {
    this.caller = caller;
    this.waiting = waiting;
    this.witness = witness;
    this.clock = clock;
    this.start = clock.instant();
  }

  /** Probes hop by hop, the whole way last; tells how long it took. */
  Duration until(List<ProbedHop> hops) {
    hops.stream().filter(ProbedHop::isProbed).forEach(this::until);
    return elapsed();
  }

  private void until(ProbedHop hop) {
    Backoff backoff = new Backoff();
    Optional<CredentialException> last = Optional.empty();
    Optional<CredentialException> failure = probe(hop);
    while (failure.isPresent()) {
      // What breaks a call of an interrupted thread tells nothing about the hop.
      last = interrupted() && last.isPresent() ? last : failure;
      goOn(hop, last.get(), backoff);
      failure = probe(hop);
    }
    report(hop, Outcome.EFFECTIVE, Optional.empty(), Duration.ZERO);
  }

  /** Asks for the credential, and drops it. */
  private Optional<CredentialException> probe(ProbedHop hop) {
    probes++;
    try {
      caller.issue(waiting.request(hop).fresh());
      return Optional.empty();
    } catch (CredentialException e) {
      return Optional.of(e);
    }
  }

  private void goOn(ProbedHop hop, CredentialException failure, Backoff backoff) {
    Verdict verdict = judge(hop, failure);
    Optional<CredentialException> end = verdict.end();
    Duration delay = end.isPresent() ? Duration.ZERO : Comparators.min(backoff.next(), left());
    report(hop, verdict.outcome(), Optional.of(failure), delay);
    if (end.isPresent()) {
      throw end.get();
    }
    waiting.pause(delay);
    if (interrupted()) {
      throw told(hop, failure, INTERRUPTED);
    }
  }

  private Verdict judge(ProbedHop hop, CredentialException failure) {
    Outcome outcome = Outcome.of(failure);
    if (interrupted()) {
      return new Verdict(outcome, Optional.of(told(hop, failure, INTERRUPTED)));
    } else if (outcome == Outcome.FAILED) {
      return new Verdict(outcome, Optional.of(failure));
    } else if (outcome == Outcome.REFUSED) {
      return judgeRefusal(hop, failure, witness.inspect(hop, failure));
    }
    return outOfTime(hop, failure, outcome, "");
  }

  private Verdict judgeRefusal(
      ProbedHop hop, CredentialException failure, InspectionResult finding) {
    CredentialException best = finding.gone().<CredentialException>map(e -> e).orElse(failure);
    if (witness.isFinal(finding)) {
      return new Verdict(Outcome.FAILED, Optional.of(told(hop, best, finding.text())));
    }
    return outOfTime(
        hop, best, Outcome.REFUSED, finding.text() + hop.otherCauses() + whoCalls(hop));
  }

  /** At the end, for asking who calls may cost a call itself. */
  private String whoCalls(ProbedHop hop) {
    Member start = hop.binding().member();
    boolean telling = left().isZero() && hop.before().isEmpty() && !GrantValidation.isMany(start);
    return telling && ProbedHops.callerOf(caller).isEmpty()
        ? "\nOr the caller is not %s: its credentials do not tell whose they are.".formatted(start)
        : "";
  }

  private Verdict outOfTime(
      ProbedHop hop, CredentialException failure, Outcome outcome, String rest) {
    boolean over = left().isZero();
    return new Verdict(outcome, over ? Optional.of(told(hop, failure, rest)) : Optional.empty());
  }

  /** The failure, with what the waiting found out about it. */
  private CredentialException told(ProbedHop hop, CredentialException failure, String rest) {
    Duration waited = elapsed().truncatedTo(ChronoUnit.SECONDS);
    if (failure instanceof PermissionDenied refusal && !refusal.requiredGrants().isEmpty()) {
      String action = "%s, after waiting %s, is still".formatted(hop, waited);
      return InternalExceptions.withGrants(refusal, action, hop.requiredGrants(), "\n" + rest);
    }
    String after = rest.isEmpty() ? "" : " " + rest;
    String aftermath = "\nThat was after waiting %s for %s.%s".formatted(waited, hop, after);
    return InternalExceptions.withSuffix(failure, aftermath);
  }

  private void report(
      ProbedHop hop, Outcome outcome, Optional<CredentialException> failure, Duration delay) {
    waiting.report(new PropagationProbe(probes, hop.target(), elapsed(), outcome, failure, delay));
  }

  private Duration elapsed() {
    return Duration.between(start, clock.instant());
  }

  private Duration left() {
    Duration left = waiting.longest().minus(elapsed());
    return left.isNegative() ? Duration.ZERO : left;
  }

  private static boolean interrupted() {
    return Thread.currentThread().isInterrupted();
  }

  /** What a failure means, and what ends the waiting, if it does. */
  private record Verdict(Outcome outcome, Optional<CredentialException> end) {}
}
