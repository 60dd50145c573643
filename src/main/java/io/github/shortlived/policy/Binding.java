package io.github.shortlived.policy;

import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.SafeText;
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
  public Binding {
    Arguments.nonNull(account, "account");
    Arguments.nonNull(role, "role");
    Arguments.nonNull(member, "member");
    Arguments.nonNull(condition, "condition");
  }

  /** Creates a binding without a condition. */
  public Binding(ServiceAccount account, String role, Member member) {
    this(account, role, member, Optional.empty());
  }

  /** {@return the {@link Condition#expiry} of the condition} */
  public Optional<Instant> expiry() {
    return condition.flatMap(Condition::expiry);
  }

  /** {@return whether the binding has an expiry that is not after this instant} */
  public boolean isExpiredAt(Instant now) {
    Arguments.nonNull(now, "now");
    return expiry().filter(end -> !end.isAfter(now)).isPresent();
  }

  /** {@return whether the binding depends on a condition beyond an expiry} */
  public boolean isConditional() {
    return condition.filter(own -> !own.withoutExpiry().isEmpty()).isPresent();
  }

  /** {@return the same binding with this condition instead of its own} */
  public Binding withCondition(Condition condition) {
    Arguments.nonNull(condition, "condition");
    return new Binding(account, role, member, Optional.of(condition));
  }

  /** {@return the same binding, which also expires at this instant, truncated to seconds} */
  public Binding withExpiry(Instant end) {
    Arguments.nonNull(end, "end");
    return withCondition(
        condition.map(own -> own.withExpiry(end)).orElseGet(() -> Condition.until(end)));
  }

  /** {@return the role, the account, the member and the condition} */
  @Override
  public String toString() {
    String when = condition.map(c -> " " + c).orElse("");
    return SafeText.visible("%s on %s for %s%s".formatted(role, account, member, when));
  }
}
