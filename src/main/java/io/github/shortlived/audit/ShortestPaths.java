package io.github.shortlived.audit;

import com.google.common.base.Functions;
import com.google.common.collect.Comparators;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.Maps;
import io.github.shortlived.model.ServiceAccount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The ways through a graph of accounts to a target that come by no account twice, shortest first,
 * then by name. Only beginnings that can be completed are gone on with, the shortest first, so that
 * the work grows with the ways asked for, not with the beginnings there are.
 */
final class ShortestPaths {
  private static final Comparator<Iterable<ServiceAccount>> BY_NAME =
      Comparators.lexicographical(Comparator.comparing(ServiceAccount::id));

  private final Set<ServiceAccount> first;
  private final ImmutableSetMultimap<ServiceAccount, ServiceAccount> next;
  private final ServiceAccount target;

  /** From any of the {@code first} accounts, and from each on to its {@code next}. */
  ShortestPaths(
      Set<ServiceAccount> first,
      ImmutableSetMultimap<ServiceAccount, ServiceAccount> next,
      ServiceAccount target) {
    this.first = first;
    this.next = next;
    this.target = target;
  }

  List<List<ServiceAccount>> shortest(int limit) {
    List<List<ServiceAccount>> found = new ArrayList<>();
    PriorityQueue<Beginning> open = new PriorityQueue<>(Beginning.SHORTEST_FIRST);
    open.addAll(continued(List.of(), first));
    while (!open.isEmpty() && found.size() < limit) {
      List<ServiceAccount> path = open.remove().path();
      ServiceAccount last = path.get(path.size() - 1);
      if (last.equals(target)) {
        found.add(path);
      } else {
        open.addAll(continued(path, next.get(last)));
      }
    }
    return found;
  }

  private List<Beginning> continued(List<ServiceAccount> path, Set<ServiceAccount> steps) {
    return Maps.filterKeys(distances(path), steps::contains).entrySet().stream()
        .map(step -> new Beginning(append(path, step.getKey()), path.size() + 1 + step.getValue()))
        .toList();
  }

  /** How far it is from each account to the target, without coming by the path again. */
  private Map<ServiceAccount, Integer> distances(List<ServiceAccount> path) {
    Map<ServiceAccount, Integer> distances = new HashMap<>();
    Set<ServiceAccount> ring = Set.of(target);
    for (int distance = 0; !ring.isEmpty(); distance++) {
      distances.putAll(Maps.toMap(ring, Functions.constant(distance)));
      ring =
          ring.stream()
              .flatMap(account -> next.inverse().get(account).stream())
              .filter(before -> !path.contains(before) && !distances.containsKey(before))
              .collect(Collectors.toUnmodifiableSet());
    }
    return distances;
  }

  private static List<ServiceAccount> append(List<ServiceAccount> path, ServiceAccount step) {
    return ImmutableList.<ServiceAccount>builder().addAll(path).add(step).build();
  }

  /** A path from the start, and how long the shortest way is that begins with it. */
  private record Beginning(List<ServiceAccount> path, int length) {
    static final Comparator<Beginning> SHORTEST_FIRST =
        Comparator.comparingInt(Beginning::length).thenComparing(Beginning::path, BY_NAME);
  }
}
