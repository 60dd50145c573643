package io.github.shortlived.internal.policy;

import io.github.shortlived.internal.client.EventPublisher;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Tells the listener of an administrator's credentials what was changed in policies, and what was
 * tried again for that.
 *
 * @param events receives them
 * @param clock by which grants end
 */
record PolicyEvents(EventPublisher events, InstantSource clock) {

  /**
   * Tells of a change.
   *
   * @param took how long it took, with the others of its policy
   * @param cycles how many that needed
   */
  void changed(PolicyChange change, Duration took, int cycles) {
    Binding binding = change.binding();
    RequiredGrant grant =
        new RequiredGrant(binding.account(), binding.role(), Optional.of(binding.member()));
    events.publish(() -> event(change, grant, took, cycles));
  }

  private CredentialEvent event(
      PolicyChange change, RequiredGrant grant, Duration took, int cycles) {
    if (change.kind() == Kind.ADDED) {
      return new CredentialEvent.Granted(grant, took, cycles);
    }
    return hasEnded(change.binding())
        ? new CredentialEvent.Swept(grant, took, cycles)
        : new CredentialEvent.Revoked(grant, took, cycles);
  }

  private boolean hasEnded(Binding binding) {
    return binding.isExpiredAt(clock.instant());
  }
}
