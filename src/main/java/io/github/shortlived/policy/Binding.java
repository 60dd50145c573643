package io.github.shortlived.policy;

import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import java.time.Instant;
import java.util.Optional;

/**
 * One role on one service account, for one member. Immutable.
 *
 * @param account the service account whose policy holds the binding
 * @param role the name of the role, such as {@code roles/iam.serviceAccountTokenCreator}
 * @param member the principal that holds the role
 * @param condition restricts when the binding applies; without one it always applies
 */
public record Binding(
    ServiceAccount account, String role, Member member, Optional<Condition> condition) {

  /** Creates a binding without a condition. */
  public Binding(ServiceAccount account, String role, Member member) {
    this(account, role, member, Optional.empty());
  }

  /** {@return when the binding expires, if a grant of this library set an expiry} */
  public Optional<Instant> expiry() {
    return condition.flatMap(Expiry::of);
  }

  /** Returns whether the binding has an expiry that is not after this instant. */
  public boolean isExpiredAt(Instant now) {
    return expiry().filter(end -> !end.isAfter(now)).isPresent();
  }

  /** Returns the same binding under this condition. */
  public Binding onlyIf(Condition condition) {
    return new Binding(account, role, member, Optional.of(condition));
  }

  /** {@return the binding in words} */
  @Override
  public String toString() {
    String when = condition.map(c -> " " + c).orElse("");
    return "%s on %s for %s%s".formatted(role, account, member, when);
  }
}
