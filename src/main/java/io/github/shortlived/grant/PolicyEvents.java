package io.github.shortlived.grant;

import io.github.shortlived.CredentialEvent;
import io.github.shortlived.CredentialException;
import io.github.shortlived.RequiredGrant;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.CrossAccountGrant.Binding;
import io.github.shortlived.grant.PolicyChange.Kind;
import io.github.shortlived.internal.Retrier;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tells the listener of an administrator's credentials what was changed in policies, and what was
 * tried again for that.
 *
 * @param listener who is told
 * @param clock by which grants end
 */
record PolicyEvents(Consumer<? super CredentialEvent> listener, InstantSource clock) {

  PolicyEvents(ShortLivedCredentials credentials) {
    this(credentials.listener(), credentials.clock());
  }

  void changed(PolicyChange change) {
    Binding binding = change.binding();
    RequiredGrant grant =
        new RequiredGrant(binding.account(), binding.role(), Optional.of(binding.member()));
    listener.accept(event(change.kind(), grant, binding.expiry()));
  }

  private CredentialEvent event(Kind kind, RequiredGrant grant, Optional<Instant> end) {
    if (kind == Kind.ADDED) {
      return new CredentialEvent.Granted(grant);
    }
    boolean ended = end.filter(instant -> !instant.isAfter(clock.instant())).isPresent();
    return ended ? new CredentialEvent.Swept(grant) : new CredentialEvent.Revoked(grant);
  }

  /** Tells of each repetition of this action. */
  Retrier.Observer repetitionsOf(String action) {
    return (attempt, delay, failure) ->
        listener.accept(
            new CredentialEvent.Retried(
                Optional.empty(),
                attempt,
                delay,
                CredentialException.from(failure, action, List.of())));
  }
}
