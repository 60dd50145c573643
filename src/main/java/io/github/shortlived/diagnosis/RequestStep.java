package io.github.shortlived.diagnosis;

import static io.github.shortlived.diagnosis.Fact.Evidence.OBSERVED;

import io.github.shortlived.diagnosis.Diagnosis.Step;
import io.github.shortlived.internal.policy.ProbeRequests;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.UserTokenRequest;
import io.github.shortlived.policy.TokenPermission;
import java.util.List;
import java.util.Optional;

/** Examines the content of a request, independent of the path to the target. */
record RequestStep(CredentialRequest<?> request, CredentialProber prober) {

  Stage stage() {
    return new Stage.Request(request);
  }

  TokenPermission permission() {
    return RequestText.permission(request);
  }

  /** Sends the request; returns its failure, as {@link CredentialProber#probe} does. */
  Optional<CredentialException> probe() {
    return prober.probe(request);
  }

  /** Returns whether the content is rejected, or the domain of the user does not delegate. */
  boolean causes(CredentialException failure) {
    return FailureClassifier.isAboutTheRequest(failure)
        || (request instanceof UserTokenRequest && FailureClassifier.isFromTokenEndpoint(failure));
  }

  /** Sends a minimal request with the same target and permission; returns its failure. */
  Optional<CredentialException> probeMinimal() {
    return prober.probeAccess(ProbeRequests.minimal(permission(), request.target()));
  }

  /** Returns the step of a request whose content is rejected, given the minimal request's. */
  Step rejected(CredentialException failure, Optional<CredentialException> minimal) {
    return fails(failure, ServiceFindings.ofRequest(request, failure, minimal));
  }

  /** Returns the step of a request whose token had expired by this machine's clock. */
  Step expiredOnArrival(CredentialException failure) {
    return fails(failure, ServiceFindings.expiredOnArrival());
  }

  Step works() {
    return Step.observedToWork(
        stage(), RequestText.withArticle(request) + " was issued and discarded");
  }

  Step fails(CredentialException failure, Finding finding) {
    return Step.fails(stage(), OBSERVED, List.of(FailureClassifier.toFact(failure)), finding);
  }
}
