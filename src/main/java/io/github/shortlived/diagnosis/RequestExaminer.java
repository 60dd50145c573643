package io.github.shortlived.diagnosis;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.diagnosis.Diagnosis.Step;
import io.github.shortlived.internal.policy.ProbeRequests;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.DownscopedTokenRequest;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.UserTokenRequest;
import io.github.shortlived.policy.TokenPermission;
import java.util.Optional;

/** Sends a request, discards the credential, and examines the content of the request. */
record RequestExaminer(CredentialRequest<?> request, ShortLivedCredentials credentials) {

  Stage stage() {
    return new Stage.Request(request);
  }

  /** Sends the request, past the cache; returns its failure, possibly an expiry on arrival. */
  Optional<CredentialException> probe() {
    return FailureClassifier.failureOf(() -> credentials.issue(request.fresh()));
  }

  /** Sends a minimal request with the same target and permission; returns its failure. */
  Optional<CredentialException> probeMinimal() {
    return probe(RequestText.permission(request), request.target());
  }

  /** Sends a minimal request; a token that was expired on arrival counts as a success. */
  Optional<CredentialException> probe(TokenPermission permission, Target target) {
    return new RequestExaminer(ProbeRequests.minimal(permission, target), credentials)
        .probe()
        .filter(failure -> !FailureClassifier.isExpiredOnArrival(failure));
  }

  /**
   * Returns whether the content is rejected, or the token endpoint fails that the request needs
   * after the target's own credential.
   */
  boolean causes(CredentialException failure) {
    boolean exchanges =
        request instanceof UserTokenRequest || request instanceof DownscopedTokenRequest;
    return FailureClassifier.isAboutTheRequest(failure)
        || (exchanges && FailureClassifier.isFromTokenEndpoint(failure));
  }

  /** Returns the step of a request whose content is rejected, given the minimal request's. */
  Step rejected(CredentialException failure, Optional<CredentialException> minimal) {
    return Step.fails(stage(), failure, ServiceFindings.ofRequest(request, failure, minimal));
  }

  /** Returns the step of a request whose token had expired by this machine's clock. */
  Step expiredOnArrival(CredentialException failure) {
    return Step.fails(stage(), failure, ServiceFindings.EXPIRED_ON_ARRIVAL);
  }

  Step works() {
    return Step.observedToWork(
        stage(), RequestText.withArticle(request) + " was issued and discarded");
  }
}
