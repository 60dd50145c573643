package io.github.shortlived.policy;

import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.SafeText;

/**
 * A planned or applied change of one binding. Immutable.
 *
 * @param binding the binding that is added, removed or unchanged
 */
public record PolicyChange(Kind kind, Binding binding) {
  public PolicyChange {
    Arguments.nonNull(kind, "kind");
    Arguments.nonNull(binding, "binding");
  }

  /** {@return whether the policy is written} */
  public boolean changed() {
    return kind != Kind.UNCHANGED;
  }

  /** {@return the change in one line, such as {@code + ROLE on ACCOUNT for MEMBER}} */
  @Override
  public String toString() {
    return SafeText.oneLine(kind.sign + " " + binding);
  }

  /** The kind of a change. */
  public enum Kind {
    /** The member is added. */
    ADDED("+"),
    /** The member is removed. */
    REMOVED("-"),
    /** The policy needs no change and is not written. */
    UNCHANGED("=");

    private final String sign;

    Kind(String sign) {
      this.sign = sign;
    }
  }
}
