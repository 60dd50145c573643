package io.github.shortlived.diagnosis;

import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.TokenPermission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * How far requests succeed along a delegation chain. The service does not report which account
 * refuses, so each beginning of the chain is requested, the longest first, until one succeeds. The
 * accounts are counted from 1.
 *
 * @param grants the grants that the chain needs, one on each account
 * @param lastWorking the last account whose token was issued, unless probing was aborted; or 0
 * @param refusals the failures of the requests for the accounts after it, in the order of the chain
 * @param aborted the failure that ended probing, because it says nothing about the policies
 */
record ProbedChain(
    List<Stage.Grant> grants,
    int lastWorking,
    List<CredentialException> refusals,
    Optional<CredentialException> aborted) {

  /** Returns the grants that the request needs, from the caller to the target. */
  static List<Stage.Grant> grants(Optional<Member> caller, CredentialRequest<?> request) {
    return grants(caller, request.target().accounts(), RequestText.permission(request));
  }

  /** Returns the grants along these accounts, with this permission on the last one. */
  static List<Stage.Grant> grants(
      Optional<Member> caller, List<ServiceAccount> accounts, TokenPermission permission) {
    List<Stage.Grant> grants = new ArrayList<>();
    Optional<Member> member = caller;
    for (ServiceAccount account : accounts) {
      boolean isTarget = grants.size() == accounts.size() - 1;
      grants.add(
          new Stage.Grant(
              member, account, isTarget ? permission : TokenPermission.IMPLICIT_DELEGATION));
      member = Optional.of(account).filter(ServiceAccount::isEmail).map(Member::of);
    }
    return grants;
  }

  /** Probes a chain, given the failure of the request for the target; empty if it succeeded. */
  static ProbedChain probe(
      List<Stage.Grant> grants, Optional<CredentialException> ofTarget, RequestExaminer request) {
    List<ServiceAccount> accounts = grants.stream().map(Stage.Grant::account).toList();
    Deque<CredentialException> refusals = new ArrayDeque<>();
    Optional<CredentialException> failure = ofTarget;
    int length = grants.size();
    while (failure.filter(FailureClassifier::isAboutAccounts).isPresent()) {
      refusals.addFirst(failure.get());
      length--;
      failure =
          length == 0
              ? Optional.empty()
              : request.probe(
                  TokenPermission.IMPLICIT_DELEGATION, Target.of(accounts.subList(0, length)));
    }
    return new ProbedChain(grants, length, List.copyOf(refusals), failure);
  }

  Stage.Grant grant(int number) {
    return grants.get(number - 1);
  }

  /** Returns the failure of the request for this account; empty if there was none. */
  Optional<CredentialException> refusal(int number) {
    return number > lastWorking
        ? Optional.of(refusals.get(number - lastWorking - 1))
        : Optional.empty();
  }

  /**
   * Returns the first account that refuses; one after the last if none does, 0 if it is unknown.
   */
  int firstFailing() {
    if (aborted.isPresent()) {
      return 0;
    }
    // An account may issue tokens to a member that it does not allow to delegate.
    boolean byDelegation =
        !refusals.isEmpty()
            && refusals.get(0) instanceof CredentialException.PermissionDenied denied
            && denied.permission().equals(Optional.of(IamRoles.IMPLICIT_DELEGATION));
    return byDelegation && lastWorking > 0 ? lastWorking : lastWorking + 1;
  }
}
