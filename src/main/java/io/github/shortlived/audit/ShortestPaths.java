package io.github.shortlived.audit;

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
 * Finds the paths to a target that pass no account twice, shortest first, then by name. Extends
 * only prefixes that can reach the target: the time depends on the number of paths returned.
 *
 * @param first the accounts at which a path can start
 * @param next the accounts to which a path can continue from each account
 */
record ShortestPaths(
    Set<ServiceAccount> first,
    ImmutableSetMultimap<ServiceAccount, ServiceAccount> next,
    ServiceAccount target) {

  List<List<ServiceAccount>> shortest(int limit) {
    List<List<ServiceAccount>> found = new ArrayList<>();
    PriorityQueue<Prefix> open = new PriorityQueue<>(Prefix.SHORTEST_FIRST);
    open.addAll(extensions(List.of(), first));
    while (!open.isEmpty() && found.size() < limit) {
      List<ServiceAccount> path = open.remove().path();
      ServiceAccount last = path.get(path.size() - 1);
      if (last.equals(target)) {
        found.add(path);
      } else {
        open.addAll(extensions(path, next.get(last)));
      }
    }
    return found;
  }

  private List<Prefix> extensions(List<ServiceAccount> path, Set<ServiceAccount> steps) {
    return Maps.filterKeys(distances(path), steps::contains).entrySet().stream()
        .map(step -> new Prefix(append(path, step.getKey()), path.size() + 1 + step.getValue()))
        .toList();
  }

  /** Returns the distance to the target from each account that can reach it outside the path. */
  private Map<ServiceAccount, Integer> distances(List<ServiceAccount> path) {
    Map<ServiceAccount, Integer> distances = new HashMap<>();
    Set<ServiceAccount> ring = Set.of(target);
    for (int distance = 0; !ring.isEmpty(); distance++) {
      for (ServiceAccount account : ring) {
        distances.put(account, distance);
      }
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

  /** The beginning of a path, and the length of the shortest path with that beginning. */
  private record Prefix(List<ServiceAccount> path, int length) {
    static final Comparator<Prefix> SHORTEST_FIRST =
        Comparator.comparingInt(Prefix::length)
            .thenComparing(
                Prefix::path,
                Comparators.lexicographical(Comparator.comparing(ServiceAccount::id)));
  }
}
