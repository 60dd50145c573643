package io.github.shortlived;

/**
 * Whose credential is asked for: the source's own ({@link #self()}), another {@link
 * ServiceAccount}'s, or one reached along a {@link DelegationChain}. Immutable.
 */
public sealed interface Target permits Target.Self, ServiceAccount, DelegationChain {

  /** {@return the identity of the source credentials themselves} */
  static Target self() {
    return Self.INSTANCE;
  }

  /** The identity of the source credentials themselves. */
  record Self() implements Target {
    private static final Self INSTANCE = new Self();

    @Override
    public String toString() {
      return "self";
    }
  }
}
