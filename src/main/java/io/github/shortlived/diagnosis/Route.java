package io.github.shortlived.diagnosis;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.TokenPermission;
import java.util.List;
import java.util.Optional;

/**
 * The way of a request: its links, counted from 1.
 *
 * @param caller where it starts
 * @param accounts the delegates in travel order, and the target
 * @param permission what is needed on the target
 */
record Route(Optional<Member> caller, List<ServiceAccount> accounts, TokenPermission permission) {
  Route {
    accounts = ImmutableList.copyOf(accounts);
  }

  /** The accounts that a request for somebody else comes by; none for the caller itself. */
  static List<ServiceAccount> accountsOf(Target target) {
    if (target instanceof DelegationChain chain) {
      return chain.hops();
    }
    return target instanceof ServiceAccount account ? List.of(account) : List.of();
  }

  int length() {
    return accounts.size();
  }

  Stage.Link link(int number) {
    ServiceAccount account = accounts.get(number - 1);
    TokenPermission needed = number < length() ? TokenPermission.IMPLICIT_DELEGATION : permission;
    return new Stage.Link(before(number), account, needed);
  }

  private Optional<Member> before(int number) {
    return number == 1
        ? caller
        : Optional.of(accounts.get(number - 2)).filter(ServiceAccount::isEmail).map(Member::of);
  }

  /** What to ask for so that a request goes so far and no further. */
  Target upTo(int number) {
    ServiceAccount last = accounts.get(number - 1);
    return number == 1 ? last : DelegationChain.through(accounts.subList(0, number - 1)).to(last);
  }
}
