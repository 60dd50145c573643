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
 * How far requests succeed along a delegation path. The service does not report which link refuses,
 * so each beginning of the path is requested, the longest first, until one succeeds. Links and
 * their accounts are counted from 1.
 *
 * @param lastWorking the last account whose token was issued, unless probing was aborted; or 0
 * @param refusals the failures of the requests for the accounts after it, in path order
 * @param aborted the failure that ended probing, because it says nothing about the policies
 */
record ProbedPath(
    List<Stage.Link> links,
    int lastWorking,
    List<CredentialException> refusals,
    Optional<CredentialException> aborted) {

  /** Returns the links from the caller to the target of the request. */
  static List<Stage.Link> links(Optional<Member> caller, CredentialRequest<?> request) {
    return links(caller, request.target().hops(), RequestText.permission(request));
  }

  /** Returns the links from the caller along these accounts, with this permission on the last. */
  static List<Stage.Link> links(
      Optional<Member> caller, List<ServiceAccount> accounts, TokenPermission permission) {
    List<Stage.Link> links = new ArrayList<>();
    Optional<Member> member = caller;
    for (ServiceAccount account : accounts) {
      boolean isTarget = links.size() == accounts.size() - 1;
      links.add(
          new Stage.Link(
              member,
              account,
              isTarget ? permission : TokenPermission.IMPLICIT_DELEGATION));
      member = Optional.of(account).filter(ServiceAccount::isEmail).map(Member::of);
    }
    return links;
  }

  /** Probes a path, given the failure of the request for the target; empty if it succeeded. */
  static ProbedPath probe(
      List<Stage.Link> links, Optional<CredentialException> ofTarget, RequestStep request) {
    List<ServiceAccount> accounts = links.stream().map(Stage.Link::account).toList();
    Deque<CredentialException> refusals = new ArrayDeque<>();
    Optional<CredentialException> failure = ofTarget;
    int hop = links.size();
    while (failure.filter(FailureClassifier::isAboutAccounts).isPresent()) {
      refusals.addFirst(failure.get());
      hop--;
      failure =
          hop == 0
              ? Optional.empty()
              : request.probe(
                  TokenPermission.IMPLICIT_DELEGATION, Target.of(accounts.subList(0, hop)));
    }
    return new ProbedPath(links, hop, List.copyOf(refusals), failure);
  }

  Stage.Link link(int number) {
    return links.get(number - 1);
  }

  /** Returns the failure of the request for this account; empty if there was none. */
  Optional<CredentialException> refusal(int number) {
    return number > lastWorking
        ? Optional.of(refusals.get(number - lastWorking - 1))
        : Optional.empty();
  }

  /** Returns the first link that fails; one after the last if none does, 0 if it is unknown. */
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
