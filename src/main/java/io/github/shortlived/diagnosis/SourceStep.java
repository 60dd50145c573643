package io.github.shortlived.diagnosis;

import static io.github.shortlived.diagnosis.Evidence.OBSERVED;

import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import java.util.List;
import java.util.Optional;

/**
 * What is found out about the source credentials.
 *
 * @param prober who asks them
 * @param caller whose they are, if they tell
 */
record SourceStep(CredentialProber prober, Optional<Member> caller) {
  private static final Stage SOURCE = new Stage.Source();

  /** They gave a token, and nobody complained about it. */
  Step works() {
    return Step.works(SOURCE, OBSERVED, gaveAToken());
  }

  /** They gave no token. */
  Step broken(CredentialException failure) {
    return fails(List.of(FailureClassifier.toFact(failure)), why(failure));
  }

  /** Why they gave none. */
  Finding why(CredentialException failure) {
    return impersonation(failure).orElseGet(() -> SourceFindings.of(failure, caller));
  }

  /** Why IAM gave them none, where they ask it for another account's. */
  Optional<Finding> impersonation(CredentialException failure) {
    return SourceFindings.ofImpersonation(failure, prober.sourceGrants());
  }

  /** They gave a token that a service did not like. */
  Step notAccepted(CredentialException failure) {
    return fails(
        List.of(gaveAToken(), FailureClassifier.toFact(failure)), Findings.ofToken(failure));
  }

  private static Step fails(List<Fact> facts, Finding finding) {
    return Step.fails(SOURCE, OBSERVED, facts, finding);
  }

  private Fact gaveAToken() {
    String whose =
        caller.map(member -> "for " + Names.of(member)).orElse("and do not tell for whom");
    return Fact.observed("%s gave a token %s".formatted(prober.sourceType(), whose));
  }
}
