package io.github.shortlived.grant;

/**
 * What became of one binding of a grant. Immutable.
 *
 * @param kind whether the policy was written, and how
 * @param binding what the policy holds now, or no longer
 */
public record PolicyChange(Kind kind, CrossAccountGrant.Binding binding) {

  /** {@return whether the policy was written} */
  public boolean changed() {
    return kind != Kind.UNCHANGED;
  }

  /** {@return the change in one line, such as {@code + ROLE on ACCOUNT for MEMBER}} */
  @Override
  public String toString() {
    return kind.sign + " " + binding;
  }

  /** What happened to a binding. */
  public enum Kind {
    /** The member was added. */
    ADDED("+"),
    /** The member was removed. */
    REMOVED("-"),
    /** The policy was as wanted already; nothing was written. */
    UNCHANGED("=");

    private final String sign;

    Kind(String sign) {
      this.sign = sign;
    }
  }
}
