package io.github.shortlived.diagnosis;

import static io.github.shortlived.diagnosis.Evidence.OBSERVED;

import io.github.shortlived.CredentialException;
import io.github.shortlived.CredentialException.PermissionDenied;
import io.github.shortlived.CredentialRequest;
import io.github.shortlived.Member;
import io.github.shortlived.RequiredGrant;
import java.util.List;
import java.util.Optional;

/** One examination of a request for the source's own credential, by one thread. */
final class SelfExamination {
  private final CredentialRequest<?> request;
  private final Optional<Member> caller;
  private final Prober prober;
  private final LinkJudge judge;
  private final SourceStep source;

  SelfExamination(
      CredentialRequest<?> request, Optional<Member> caller, Prober prober, LinkJudge judge) {
    this.request = request;
    this.caller = caller;
    this.prober = prober;
    this.judge = judge;
    this.source = new SourceStep(prober, caller);
  }

  List<Step> steps() {
    return prober
        .askSource()
        .map(broken -> List.of(source.broken(broken), Step.unknown(stage())))
        .orElseGet(() -> List.of(source.works(), credential()));
  }

  private Stage stage() {
    return new Stage.Request(request);
  }

  private Step credential() {
    Fact issued =
        Fact.observed(Wanted.some(Wanted.permission(request)) + " was issued, and dropped");
    return prober
        .ask(request)
        .map(this::failed)
        .orElseGet(() -> Step.works(stage(), OBSERVED, issued));
  }

  private Step failed(CredentialException failure) {
    return Optional.of(failure)
        .filter(PermissionDenied.class::isInstance)
        .map(PermissionDenied.class::cast)
        .flatMap(this::link)
        .map(link -> judge.refused(link, failure))
        .orElseGet(() -> failed(failure, finding(failure)));
  }

  /** Without a key the source signs as itself through IAM, for which it needs a role on itself. */
  private Optional<Stage.Link> link(PermissionDenied refusal) {
    List<RequiredGrant> grants = refusal.requiredGrants();
    return grants.size() == 1
        ? Optional.of(
            new Stage.Link(
                grants.get(0).member(), grants.get(0).account(), Wanted.permission(request)))
        : Optional.empty();
  }

  private Step failed(CredentialException failure, Finding finding) {
    Fact answer = Fact.observed(Answers.firstLine(failure));
    return Step.fails(stage(), OBSERVED, List.of(answer), finding);
  }

  private Finding finding(CredentialException failure) {
    if (Answers.isAboutTheRequest(failure)) {
      return Findings.ofRequest(request, failure);
    } else if (!Answers.isAboutTheSource(failure)) {
      return Findings.ofService(failure);
    }
    boolean gaveNoToken = failure.reason().equals(Optional.of("invalid_grant"));
    return gaveNoToken
        ? source.why(failure)
        : source.impersonation(failure).orElseGet(() -> Findings.ofToken(failure));
  }
}
