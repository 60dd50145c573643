package io.github.shortlived.samples;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.PolicyChange;
import java.util.ArrayList;
import java.util.List;

/** The grants that a run of the quickstart makes and revokes. Thread-safe. */
final class MadeGrants {
  private final Grants grants;
  // Only the bindings that this run added.
  private final List<Binding> made = new ArrayList<>();
  private boolean ended;

  MadeGrants(Grants grants) {
    this.grants = grants;
  }

  synchronized List<PolicyChange> apply(CrossAccountGrant grant) {
    if (ended) {
      throw new IllegalStateException("Interrupted");
    }
    List<PolicyChange> changes = grants.apply(grant);
    changes.stream().filter(PolicyChange::changed).map(PolicyChange::binding).forEach(made::add);
    return changes;
  }

  synchronized boolean isEmpty() {
    return made.isEmpty();
  }

  /** Revokes all of them; no other grant can be made afterwards. */
  synchronized List<PolicyChange> revokeAll() {
    ended = true;
    if (made.isEmpty()) {
      return List.of();
    }
    List<PolicyChange> changes = grants.revoke(new CrossAccountGrant(made));
    made.clear();
    return changes;
  }
}
