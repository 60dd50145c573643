package io.github.shortlived.diagnosis;

import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import java.util.List;
import java.util.Optional;

/** One examination of a request for the source's own credential, by one thread. */
final class SelfExamination {
  private final RequestStep demand;
  private final Optional<Member> caller;
  private final CredentialProber prober;
  private final LinkDiagnoser judge;
  private final SourceStep source;

  SelfExamination(
      CredentialRequest<?> request,
      Optional<Member> caller,
      CredentialProber prober,
      LinkDiagnoser judge) {
    this.demand = new RequestStep(request, prober);
    this.caller = caller;
    this.prober = prober;
    this.judge = judge;
    this.source = new SourceStep(prober, caller);
  }

  List<Step> steps() {
    return prober
        .probeSource()
        .map(broken -> List.of(source.broken(broken), Step.unknown(demand.stage())))
        .orElseGet(() -> List.of(source.works(), credential()));
  }

  private Step credential() {
    CredentialProber.Answer answer = prober.probe(demand.request());
    return answer
        .failure()
        .map(this::failed)
        .or(() -> answer.ended().map(demand::ended))
        .orElseGet(demand::works);
  }

  private Step failed(CredentialException failure) {
    return Optional.of(failure)
        .filter(PermissionDenied.class::isInstance)
        .map(PermissionDenied.class::cast)
        .flatMap(this::link)
        .map(link -> judge.refused(link, failure))
        .orElseGet(() -> failedOtherwise(failure));
  }

  /** Without a key the source signs as itself through IAM, for which it needs a role on itself. */
  private Optional<Stage.Link> link(PermissionDenied refusal) {
    List<RequiredGrant> grants = refusal.requiredGrants();
    return grants.size() == 1
        ? Optional.of(
            new Stage.Link(
                grants.get(0).member(),
                grants.get(0).account(),
                RequestText.permission(demand.request())))
        : Optional.empty();
  }

  private Step failedOtherwise(CredentialException failure) {
    return demand.isToBlame(failure)
        ? demand.refused(failure, demand.askLeast())
        : demand.fails(failure, finding(failure));
  }

  private Finding finding(CredentialException failure) {
    if (FailureClassifier.isAccountState(failure)) {
      return ofState(failure);
    } else if (!FailureClassifier.isAboutTheSource(failure)) {
      return Findings.ofService(failure);
    }
    boolean gaveNoToken = failure.reason().equals(Optional.of("invalid_grant"));
    return gaveNoToken
        ? source.why(failure)
        : source.impersonation(failure).orElseGet(() -> Findings.ofToken(failure));
  }

  /** Without a key, the source is asked for by its name as anybody else. */
  private Finding ofState(CredentialException failure) {
    return caller
        .flatMap(Names::account)
        .map(
            account ->
                LinkFindings.answered(account, failure)
                    .by(FailureClassifier.certainty(account, failure)))
        .orElseGet(Findings::refusedOtherwise);
  }
}
