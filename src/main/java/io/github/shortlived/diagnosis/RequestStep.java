package io.github.shortlived.diagnosis;

import static io.github.shortlived.diagnosis.Evidence.OBSERVED;

import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import java.util.List;
import java.util.Optional;

/**
 * What is found out about that which a request asks for, apart from the way there.
 *
 * @param request which one
 * @param prober who asks
 */
record RequestStep(CredentialRequest<?> request, CredentialProber prober) {

  Stage stage() {
    return new Stage.Request(request);
  }

  /** Whether it is refused for what it says, or by the domain of the user whom it names. */
  boolean isToBlame(CredentialException failure) {
    return FailureClassifier.isAboutTheRequest(failure)
        || (RequestText.isOfAUser(request) && FailureClassifier.isOfTheTokenEndpoint(failure));
  }

  /** What becomes of the least that can be asked for in its place. */
  Optional<CredentialException> askLeast() {
    return prober
        .probe(RequestText.minimal(RequestText.permission(request), request.target()))
        .failure();
  }

  /** It was refused, and the least one came to this. */
  Step refused(CredentialException refusal, Optional<CredentialException> ofLeast) {
    return fails(refusal, Findings.ofRequest(request, refusal, ofLeast));
  }

  /** It was issued, and has ended by this machine's clock. */
  Step ended(CredentialException told) {
    return fails(told, ClockFindings.ofEnded());
  }

  Step works() {
    return Step.works(
        stage(),
        OBSERVED,
        Fact.observed(RequestText.withArticle(request) + " was issued, and dropped"));
  }

  Step fails(CredentialException failure, Finding finding) {
    return Step.fails(stage(), OBSERVED, List.of(FailureClassifier.toFact(failure)), finding);
  }
}
