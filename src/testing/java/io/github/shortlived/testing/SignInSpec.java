package io.github.shortlived.testing;

import java.util.List;
import java.util.Optional;

/** The ways to a token besides keys and grants, as a test declares them. */
record SignInSpec(
    List<Delegations.Delegation> delegations,
    List<WorkloadPool> pools,
    Optional<String> metadataAccount) {
  SignInSpec {
    delegations = List.copyOf(delegations);
    pools = List.copyOf(pools);
  }
}
