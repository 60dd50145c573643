package io.github.shortlived.model;

import io.github.shortlived.internal.text.Arguments;
import java.util.List;

/**
 * The identity whose credential is requested: the source's own ({@link #self()}), a {@link
 * ServiceAccount}, or a service account at the end of a {@link DelegationChain}. Immutable.
 */
public sealed interface Target permits Target.Self, ServiceAccount, DelegationChain {

  /** {@return the identity of the source credentials themselves} */
  static Target self() {
    return Self.INSTANCE;
  }

  /**
   * {@return the last of these accounts, with the others as delegates}
   *
   * @param accounts at least one account, in the order in which a request passes them
   * @throws CredentialException.InvalidRequest if an account appears twice
   */
  static Target of(List<ServiceAccount> accounts) {
    List<ServiceAccount> copy = Arguments.copy(accounts, "accounts");
    int last = copy.size() - 1;
    return last == 0
        ? copy.get(0)
        : DelegationChain.through(copy.subList(0, last)).to(copy.get(last));
  }

  /**
   * {@return the accounts that a request passes through, the target last; empty for {@link
   * #self()}}
   */
  List<ServiceAccount> accounts();

  /** The identity of the source credentials themselves. */
  record Self() implements Target {
    private static final Self INSTANCE = new Self();

    @Override
    public List<ServiceAccount> accounts() {
      return List.of();
    }

    @Override
    public String toString() {
      return "self";
    }
  }
}
