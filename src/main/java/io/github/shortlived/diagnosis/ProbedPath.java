package io.github.shortlived.diagnosis;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.policy.TokenPermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * How far requests get on a route. The service does not tell which link refuses, so each beginning
 * of the route is asked for, the longest first, until one works.
 *
 * @param lastWorking the account before those that were refused, counted from 1, or 0: its token
 *     was issued, unless there is a stop
 * @param refusals how the requests for the accounts behind it failed, in travel order
 * @param aborted what kept the next request from being judged by the accounts' policies at all
 */
record ProbedPath(
    int lastWorking, List<CredentialException> refusals, Optional<CredentialException> aborted) {
  ProbedPath {
    refusals = ImmutableList.copyOf(refusals);
  }

  static ProbedPath complete(Route route) {
    return new ProbedPath(route.length(), List.of(), Optional.empty());
  }

  static ProbedPath along(Route route, CredentialException whole, CredentialProber prober) {
    Deque<CredentialException> refusals = new ArrayDeque<>();
    Optional<CredentialException> failure = Optional.of(whole);
    int hop = route.length();
    while (failure.isPresent()) {
      if (!FailureClassifier.isAboutAccounts(failure.get())) {
        return new ProbedPath(hop, List.copyOf(refusals), failure);
      }
      refusals.addFirst(failure.get());
      hop--;
      failure = hop == 0 ? Optional.empty() : prober.probe(beginning(route, hop)).failure();
    }
    return new ProbedPath(hop, List.copyOf(refusals), Optional.empty());
  }

  private static CredentialRequest<?> beginning(Route route, int hop) {
    return RequestText.minimal(TokenPermission.IMPLICIT_DELEGATION, route.upTo(hop));
  }

  /** How the request for this account failed, if it was asked for and did. */
  Optional<CredentialException> refusal(int number) {
    return number > lastWorking
        ? Optional.of(refusals.get(number - lastWorking - 1))
        : Optional.empty();
  }

  /** The first link that refuses; behind the last one if none does, 0 if that is not known. */
  int firstFailing() {
    if (aborted.isPresent()) {
      return 0;
    }
    return lastWorking > 0 && refusals.stream().limit(1).anyMatch(ProbedPath::isOfDelegating)
        ? lastWorking
        : lastWorking + 1;
  }

  /** An account may issue tokens to somebody whose requests it does not pass on. */
  private static boolean isOfDelegating(CredentialException refusal) {
    return refusal instanceof PermissionDenied denied
        && denied
            .permission()
            .equals(Optional.of(TokenPermission.IMPLICIT_DELEGATION.permission()));
  }
}
