package io.github.shortlived.audit;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.Maps;
import io.github.shortlived.audit.AccessPaths.Hop;
import io.github.shortlived.audit.AccessPaths.NotExamined;
import io.github.shortlived.audit.AccessPaths.Path;
import io.github.shortlived.internal.policy.BindingEdits;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;

/**
 * Looks for the ways from a caller to a target: reads the target's policy, then those of the
 * accounts that it lets through, and so on backwards, each once; then searches forwards.
 */
final class PathAudit {
  static final int MOST_WAYS = 100;

  private static final String BY_UNIQUE_ID =
      "No way leads on from it: policies know service accounts by email address. Name it by that.";

  private final Function<ServiceAccount, AccountAccess> policies;
  private final Member caller;
  private final ServiceAccount target;
  private final ImmutableSet<ServiceAccount> delegates;
  private final Map<ServiceAccount, AccountIndex> doors = new LinkedHashMap<>();
  private final List<NotExamined> notExamined = new ArrayList<>();

  PathAudit(
      Function<ServiceAccount, AccountAccess> policies,
      Member caller,
      ServiceAccount target,
      Collection<ServiceAccount> accounts) {
    this.policies = policies;
    this.caller = caller.isEveryone() ? caller : Member.of(caller.id());
    this.target = target;
    this.delegates =
        accounts.stream()
            .filter(account -> !account.equals(target) && !isCaller(account))
            .sorted(Comparator.comparing(ServiceAccount::id))
            .collect(ImmutableSet.toImmutableSet());
  }

  private boolean isCaller(ServiceAccount account) {
    return account.isEmail() && BindingEdits.same(caller.id(), Member.of(account));
  }

  AccessPaths run(Instant now) {
    delegates.stream()
        .filter(account -> !account.isEmail())
        .forEach(account -> notExamined.add(new NotExamined(account, BY_UNIQUE_ID)));
    readBackwards();
    List<List<ServiceAccount>> found =
        new ShortestPaths(letting(caller), links(), target).shortest(MOST_WAYS + 1);
    return new AccessPaths(
        caller,
        target,
        now,
        found.stream().limit(MOST_WAYS).map(this::way).toList(),
        found.size() > MOST_WAYS,
        undecided(),
        notExamined);
  }

  private void readBackwards() {
    AccountIndex targets = new AccountIndex(policies.apply(target), true);
    doors.put(target, targets);
    Set<ServiceAccount> unseen = new LinkedHashSet<>(delegates);
    for (Queue<AccountIndex> open = new ArrayDeque<>(List.of(targets)); !open.isEmpty(); ) {
      AccountIndex door = open.remove();
      List<ServiceAccount> behind = unseen.stream().filter(one -> letsThrough(door, one)).toList();
      behind.forEach(unseen::remove);
      behind.forEach(account -> read(account).ifPresent(open::add));
    }
  }

  /** Policies know service accounts by email address alone. */
  private static boolean letsThrough(AccountIndex door, ServiceAccount account) {
    return account.isEmail() && door.allows(Member.of(account));
  }

  private Optional<AccountIndex> read(ServiceAccount delegate) {
    try {
      AccountIndex door = new AccountIndex(policies.apply(delegate), false);
      doors.put(delegate, door);
      return Optional.of(door);
    } catch (PermissionDenied | NotFound e) {
      notExamined.add(new NotExamined(delegate, e.getMessage()));
      return Optional.empty();
    }
  }

  private ImmutableSetMultimap<ServiceAccount, ServiceAccount> links() {
    ImmutableSetMultimap.Builder<ServiceAccount, ServiceAccount> links =
        ImmutableSetMultimap.builder();
    doors.keySet().stream()
        .filter(delegates::contains)
        .forEach(from -> links.putAll(from, letting(Member.of(from))));
    return links.build();
  }

  /** The accounts whose policies let the member through. */
  private Set<ServiceAccount> letting(Member member) {
    return Maps.filterValues(doors, door -> door.allows(member)).keySet();
  }

  private Path way(List<ServiceAccount> accounts) {
    List<Hop> hops = new ArrayList<>();
    Member holder = caller;
    for (ServiceAccount account : accounts) {
      hops.add(hop(account, holder));
      holder = Member.inPolicy("serviceAccount:" + account);
    }
    return new Path(hops);
  }

  private Hop hop(ServiceAccount account, Member holder) {
    AccountIndex door = Objects.requireNonNull(doors.get(account));
    return new Hop(account, door.bindingsFor(holder));
  }

  private List<Binding> undecided() {
    List<Member> members =
        delegates.stream().filter(ServiceAccount::isEmail).map(Member::of).toList();
    return doors.values().stream().flatMap(door -> door.undecided(caller, members)).toList();
  }
}
