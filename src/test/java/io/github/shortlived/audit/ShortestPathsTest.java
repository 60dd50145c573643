package io.github.shortlived.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import io.github.shortlived.model.ServiceAccount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Paths are written {@code a-b-t}: through a and b to the target t. */
class ShortestPathsTest {
  private static final ServiceAccount TARGET = account("t");

  @Test
  void shortest_direct_isTheTargetAlone() {
    assertThat(paths(10, "t")).containsExactly("t");
  }

  @Test
  void shortest_noFirstAccount_isNone() {
    assertThat(paths(10, "", "at")).isEmpty();
  }

  @Test
  void shortest_chain_isThePath() {
    assertThat(paths(10, "a", "ab", "bt")).containsExactly("a-b-t");
  }

  @Test
  void shortest_reverseDirection_isNone() {
    assertThat(paths(10, "a", "ba", "tb")).isEmpty();
  }

  @Test
  void shortest_diamond_isBothSides() {
    assertThat(paths(10, "ab", "ac", "bc", "ct")).containsExactly("a-c-t", "b-c-t");
  }

  @Test
  void shortest_severalLengths_areShortestFirstThenByName() {
    assertThat(paths(10, "tzb", "zt", "bt", "ba", "at"))
        .containsExactly("t", "b-t", "z-t", "b-a-t");
  }

  @Test
  void shortest_cycle_isPassedOnce() {
    assertThat(paths(10, "a", "ab", "ba", "aa", "bt", "tb")).containsExactly("a-b-t");
  }

  @Test
  void shortest_deadEnd_isExcluded() {
    assertThat(paths(10, "ax", "ab", "bt", "xy", "yx")).containsExactly("a-b-t");
  }

  @Test
  void shortest_moreThanTheLimit_returnsTheShortest() {
    assertThat(paths(3, "abct", "at", "bt", "ct")).containsExactly("t", "a-t", "b-t");
  }

  /** A complete graph that only one long path leaves. */
  @Test
  void shortest_longPathOutOfACompleteGraph_isFoundWithoutTryingEachPrefix() {
    List<ServiceAccount> complete = accounts("c", 40);
    List<ServiceAccount> tail = accounts("x", 20);
    ImmutableSetMultimap.Builder<ServiceAccount, ServiceAccount> next =
        ImmutableSetMultimap.builder();
    complete.forEach(from -> next.putAll(from, complete));
    next.put(complete.get(0), tail.get(0));
    IntStream.range(1, 20).forEach(i -> next.put(tail.get(i - 1), tail.get(i)));
    next.put(tail.get(19), TARGET);

    List<List<ServiceAccount>> paths =
        new ShortestPaths(Set.copyOf(complete), next.build(), TARGET).shortest(101);

    assertThat(paths).hasSize(101).doesNotHaveDuplicates();
    assertThat(paths.stream().map(List::size).distinct()).containsExactly(22, 23, 24);
  }

  /** All paths but the direct one would pass the first account twice. */
  @Test
  void shortest_prefixesThatCannotReachTheTarget_areNotExtended() {
    List<ServiceAccount> complete = accounts("c", 40);
    ImmutableSetMultimap.Builder<ServiceAccount, ServiceAccount> next =
        ImmutableSetMultimap.builder();
    complete.forEach(from -> next.putAll(from, complete));
    next.put(account("a"), TARGET);
    next.putAll(account("a"), complete);
    complete.forEach(from -> next.put(from, account("a")));

    assertThat(new ShortestPaths(Set.of(account("a")), next.build(), TARGET).shortest(101))
        .containsExactly(List.of(account("a"), TARGET));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shortest_randomGraph_isEachPathThatExhaustiveSearchFinds(int seed) {
    Random random = new Random(seed);
    List<ServiceAccount> nodes =
        Stream.concat(accounts("n", 5).stream(), Stream.of(TARGET)).toList();
    ImmutableSetMultimap.Builder<ServiceAccount, ServiceAccount> next =
        ImmutableSetMultimap.builder();
    nodes.forEach(from -> next.putAll(from, some(nodes, random)));
    Set<ServiceAccount> first = some(nodes, random);

    List<List<ServiceAccount>> all = new ArrayList<>();
    tryAll(List.of(), first, next.build(), all);
    all.sort(
        Comparator.<List<ServiceAccount>>comparingInt(List::size).thenComparing(Object::toString));
    assertThat(new ShortestPaths(first, next.build(), TARGET).shortest(1_000)).isEqualTo(all);
  }

  static IntStream seeds() {
    return IntStream.range(0, 60);
  }

  private static Set<ServiceAccount> some(List<ServiceAccount> nodes, Random random) {
    return nodes.stream().filter(node -> random.nextInt(3) == 0).collect(Collectors.toSet());
  }

  private static void tryAll(
      List<ServiceAccount> path,
      Set<ServiceAccount> steps,
      ImmutableSetMultimap<ServiceAccount, ServiceAccount> next,
      List<List<ServiceAccount>> found) {
    for (ServiceAccount step : steps) {
      List<ServiceAccount> longer = Stream.concat(path.stream(), Stream.of(step)).toList();
      if (step.equals(TARGET)) {
        found.add(longer);
      } else if (!path.contains(step)) {
        tryAll(longer, next.get(step), next, found);
      }
    }
  }

  /** A path can start at each letter of {@code first}; {@code ab} is a step from a to b. */
  private static List<String> paths(int limit, String first, String... steps) {
    ImmutableSetMultimap.Builder<ServiceAccount, ServiceAccount> next =
        ImmutableSetMultimap.builder();
    for (String step : steps) {
      next.put(account(step.substring(0, 1)), account(step.substring(1)));
    }
    Set<ServiceAccount> start =
        first
            .chars()
            .mapToObj(name -> account(String.valueOf((char) name)))
            .collect(ImmutableSet.toImmutableSet());
    return new ShortestPaths(start, next.build(), TARGET)
        .shortest(limit).stream().map(ShortestPathsTest::names).toList();
  }

  private static String names(List<ServiceAccount> path) {
    return path.stream()
        .map(account -> account.id().replaceFirst("@.*", ""))
        .collect(Collectors.joining("-"));
  }

  private static List<ServiceAccount> accounts(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> account(prefix + i)).toList();
  }

  private static ServiceAccount account(String name) {
    return ServiceAccount.of(name + "@p.iam.gserviceaccount.com");
  }
}
