package io.github.shortlived.model;

import java.util.List;

/**
 * Whose credential is asked for: the source's own ({@link #self()}), another {@link
 * ServiceAccount}'s, or one reached along a {@link DelegationChain}. Immutable.
 */
public sealed interface Target permits Target.Self, ServiceAccount, DelegationChain {

  /** {@return the identity of the source credentials themselves} */
  static Target self() {
    return Self.INSTANCE;
  }

  /**
   * {@return the last of these accounts, reached through the others}
   *
   * @param hops the accounts in the order a request travels; at least one
   * @throws CredentialException.InvalidRequest if an account appears twice
   */
  static Target of(List<ServiceAccount> hops) {
    int last = hops.size() - 1;
    return last == 0
        ? hops.get(0)
        : DelegationChain.through(hops.subList(0, last)).to(hops.get(last));
  }

  /**
   * {@return the accounts that a request passes, the target last; empty for {@link #self()}, whose
   * requests pass none}
   */
  List<ServiceAccount> hops();

  /** The identity of the source credentials themselves. */
  record Self() implements Target {
    private static final Self INSTANCE = new Self();

    @Override
    public List<ServiceAccount> hops() {
      return List.of();
    }

    @Override
    public String toString() {
      return "self";
    }
  }
}
