package io.github.shortlived.diagnosis;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.CredentialException;
import io.github.shortlived.CredentialException.PermissionDenied;
import io.github.shortlived.CredentialRequest;
import io.github.shortlived.grant.TokenPermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * How far requests get on a route. The service does not tell which link refuses, so each beginning
 * of the route is asked for, the longest first, until one works.
 *
 * @param reached the account before those that were refused, counted from 1, or 0: its token was
 *     issued, unless there is a stop
 * @param refusals how the requests for the accounts behind it failed, in travel order
 * @param stop what kept the next request from being judged by the accounts' policies at all
 */
record Walk(int reached, List<CredentialException> refusals, Optional<CredentialException> stop) {
  Walk {
    refusals = ImmutableList.copyOf(refusals);
  }

  static Walk complete(Route route) {
    return new Walk(route.length(), List.of(), Optional.empty());
  }

  static Walk along(Route route, CredentialException whole, Prober prober) {
    Deque<CredentialException> refusals = new ArrayDeque<>();
    Optional<CredentialException> failure = Optional.of(whole);
    int hop = route.length();
    while (failure.isPresent()) {
      if (!Answers.isAboutAccounts(failure.get())) {
        return new Walk(hop, List.copyOf(refusals), failure);
      }
      refusals.addFirst(failure.get());
      hop--;
      failure = hop == 0 ? Optional.empty() : prober.ask(beginning(route, hop)).failure();
    }
    return new Walk(hop, List.copyOf(refusals), Optional.empty());
  }

  private static CredentialRequest<?> beginning(Route route, int hop) {
    return Wanted.least(TokenPermission.DELEGATE, route.upTo(hop));
  }

  /** How the request for this account failed, if it was asked for and did. */
  Optional<CredentialException> refusal(int number) {
    return number > reached ? Optional.of(refusals.get(number - reached - 1)) : Optional.empty();
  }

  /** The first link that refuses; behind the last one if none does, 0 if that is not known. */
  int refusing() {
    if (stop.isPresent()) {
      return 0;
    }
    return reached > 0 && refusals.stream().limit(1).anyMatch(Walk::isOfDelegating)
        ? reached
        : reached + 1;
  }

  /** An account may issue tokens to somebody whose requests it does not pass on. */
  private static boolean isOfDelegating(CredentialException refusal) {
    return refusal instanceof PermissionDenied denied
        && denied.permission().equals(Optional.of(TokenPermission.DELEGATE.permission()));
  }
}
