package io.github.shortlived.audit;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.Maps;
import io.github.shortlived.audit.AccessPaths.NotExamined;
import io.github.shortlived.audit.AccessPaths.Path;
import io.github.shortlived.audit.AccessPaths.PathAccount;
import io.github.shortlived.internal.text.MemberIds;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.TokenPermission;
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
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;

/**
 * Finds the paths from a caller to a target: reads policies backwards from the target, each one
 * once, then lists the shortest paths. For one thread and one run.
 */
final class PathAudit {
  private static final int MAX_PATHS = 100;
  private static final String BY_UNIQUE_ID =
      "No path continues from it: policies name service accounts by email address. Use that.";

  private final Function<ServiceAccount, AccountAccess> policies;
  private final Member caller;
  private final ServiceAccount target;
  private final ImmutableSet<ServiceAccount> delegates;
  private final Map<ServiceAccount, AllowedMembers> allowed = new LinkedHashMap<>();
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
            .distinct()
            .sorted(Comparator.comparing(ServiceAccount::id))
            .filter(this::isDelegate)
            .collect(ImmutableSet.toImmutableSet());
  }

  private boolean isDelegate(ServiceAccount account) {
    if (account.equals(target)) {
      return false;
    } else if (account.isEmail()) {
      return !Member.of(account).isSameAs(caller);
    }
    notExamined.add(new NotExamined(account, BY_UNIQUE_ID));
    return false;
  }

  AccessPaths run(Instant now) {
    readBackwards();
    List<List<ServiceAccount>> found =
        new ShortestPaths(reachableBy(caller), nextAccounts(), target).shortest(MAX_PATHS + 1);
    return new AccessPaths(
        caller,
        target,
        now,
        found.stream().limit(MAX_PATHS).map(this::path).toList(),
        found.size() > MAX_PATHS,
        undecided(),
        notExamined);
  }

  private void readBackwards() {
    AllowedMembers first =
        new AllowedMembers(policies.apply(target), TokenPermission::issuesCredentials);
    allowed.put(target, first);
    Queue<AllowedMembers> open = new ArrayDeque<>(List.of(first));
    Set<ServiceAccount> unread = new LinkedHashSet<>(delegates);
    while (!open.isEmpty()) {
      AllowedMembers members = open.remove();
      List<ServiceAccount> previous =
          unread.stream().filter(account -> members.allows(Member.of(account))).toList();
      previous.forEach(unread::remove);
      previous.forEach(account -> read(account, open));
    }
  }

  private void read(ServiceAccount delegate, Queue<AllowedMembers> open) {
    try {
      AllowedMembers members =
          new AllowedMembers(policies.apply(delegate), TokenPermission.IMPLICIT_DELEGATION::equals);
      allowed.put(delegate, members);
      open.add(members);
    } catch (PermissionDenied | NotFound e) {
      notExamined.add(new NotExamined(delegate, e.getMessage()));
    }
  }

  private ImmutableSetMultimap<ServiceAccount, ServiceAccount> nextAccounts() {
    ImmutableSetMultimap.Builder<ServiceAccount, ServiceAccount> next =
        ImmutableSetMultimap.builder();
    allowed.keySet().stream()
        .filter(delegates::contains)
        .forEach(from -> next.putAll(from, reachableBy(Member.of(from))));
    return next.build();
  }

  private Set<ServiceAccount> reachableBy(Member member) {
    return Maps.filterValues(allowed, each -> each.allows(member)).keySet();
  }

  private Path path(List<ServiceAccount> accounts) {
    List<PathAccount> pathAccounts = new ArrayList<>();
    Member holder = caller;
    for (ServiceAccount account : accounts) {
      AllowedMembers members = Objects.requireNonNull(allowed.get(account));
      pathAccounts.add(new PathAccount(account, members.entriesFor(holder)));
      holder = Member.inPolicy(MemberIds.ofServiceAccount(account.id()));
    }
    return new Path(pathAccounts);
  }

  private List<Binding> undecided() {
    List<Member> members = delegates.stream().map(Member::of).toList();
    return allowed.values().stream().flatMap(each -> each.undecided(caller, members)).toList();
  }
}
