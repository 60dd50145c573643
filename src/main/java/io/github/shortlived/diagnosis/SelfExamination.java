package io.github.shortlived.diagnosis;

import io.github.shortlived.diagnosis.Diagnosis.Step;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.RequiredGrant;
import java.util.List;
import java.util.Optional;

/**
 * Examines a request for a credential of the source's own account. The diagnoser examines that
 * account if the source signs through IAM. For one thread.
 */
record SelfExamination(SourceStep source, RequestStep request, LinkDiagnoser diagnoser) {

  List<Step> steps() {
    return source
        .probe()
        .map(failure -> List.of(source.broken(failure), Step.unknown(request.stage())))
        .orElseGet(() -> List.of(source.works(), credential()));
  }

  private Step credential() {
    return request.probe().map(this::failed).orElseGet(request::works);
  }

  private Step failed(CredentialException failure) {
    if (FailureClassifier.isExpiredOnArrival(failure)) {
      return request.expiredOnArrival(failure);
    }
    return ownLink(failure)
        .map(link -> diagnoser.refused(link, failure))
        .orElseGet(() -> failedOtherwise(failure));
  }

  /** Without a key the source signs through IAM, and needs a role on its own account for that. */
  private Optional<Stage.Link> ownLink(CredentialException failure) {
    if (!(failure instanceof PermissionDenied denied) || denied.requiredGrants().size() != 1) {
      return Optional.empty();
    }
    RequiredGrant grant = denied.requiredGrants().get(0);
    return Optional.of(new Stage.Link(grant.member(), grant.account(), request.permission()));
  }

  private Step failedOtherwise(CredentialException failure) {
    return request.causes(failure)
        ? request.rejected(failure, request.probeMinimal())
        : request.fails(failure, finding(failure));
  }

  private Finding finding(CredentialException failure) {
    if (FailureClassifier.isAccountState(failure)) {
      return callerState(failure);
    } else if (!FailureClassifier.isAboutTheSource(failure)) {
      return ServiceFindings.ofService(failure);
    }
    boolean gaveNoToken = failure.reason().equals(Optional.of("invalid_grant"));
    return gaveNoToken
        ? source.noToken(failure)
        : source.impersonation(failure).orElseGet(() -> ServiceFindings.ofToken(failure));
  }

  /** Without a key, IAM responds about the source's account as about any other. */
  private Finding callerState(CredentialException failure) {
    return source
        .caller()
        .flatMap(LinkBindings::serviceAccount)
        .map(
            account ->
                LinkFindings.accountState(account, failure)
                    .withEvidence(FailureClassifier.evidence(account, failure)))
        .orElseGet(ServiceFindings::refusedOtherwise);
  }
}
