package io.github.shortlived.policy;

import com.google.common.collect.Lists;
import io.github.shortlived.internal.text.SafeText;
import java.util.List;

/**
 * A change of one binding, planned or made. Immutable.
 *
 * @param kind whether the policy is written, and how
 * @param binding what the policy then holds, or no longer holds
 */
public record PolicyChange(Kind kind, Binding binding) {

  /** {@return whether the policy is written} */
  public boolean changed() {
    return kind != Kind.UNCHANGED;
  }

  public static List<PolicyChange> all(Kind kind, List<Binding> bindings) {
    return bindings.stream().map(binding -> new PolicyChange(kind, binding)).toList();
  }

  /** What undoes these changes, last one first. */
  public static List<PolicyChange> undoing(List<PolicyChange> changes) {
    return Lists.reverse(changes).stream()
        .filter(PolicyChange::changed)
        .map(PolicyChange::inverse)
        .toList();
  }

  private PolicyChange inverse() {
    return switch (kind) {
      case ADDED -> new PolicyChange(Kind.REMOVED, binding);
      case REMOVED -> new PolicyChange(Kind.ADDED, binding);
      case UNCHANGED -> this;
    };
  }

  public PolicyChange unchanged() {
    return new PolicyChange(Kind.UNCHANGED, binding);
  }

  /** {@return the change in one line, such as {@code + ROLE on ACCOUNT for MEMBER}} */
  @Override
  public String toString() {
    return SafeText.oneLine(kind.sign + " " + binding);
  }

  /** What happens to a binding. */
  public enum Kind {
    /** The member is added. */
    ADDED("+"),
    /** The member is removed. */
    REMOVED("-"),
    /** The policy is as wanted already; nothing is written. */
    UNCHANGED("=");

    private final String sign;

    Kind(String sign) {
      this.sign = sign;
    }
  }
}
