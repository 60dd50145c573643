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

/** Ways are written {@code a-b-t}: over a and b to the target t. */
class ShortestPathsTest {
  private static final ServiceAccount TARGET = account("t");

  @Test
  void shortest_direct_isTheTargetAlone() {
    assertThat(ways(10, "t")).containsExactly("t");
  }

  @Test
  void shortest_nobodyLetIn_isNone() {
    assertThat(ways(10, "", "at")).isEmpty();
  }

  @Test
  void shortest_chain_goesAlongIt() {
    assertThat(ways(10, "a", "ab", "bt")).containsExactly("a-b-t");
  }

  @Test
  void shortest_reverseDirection_isNone() {
    assertThat(ways(10, "a", "ba", "tb")).isEmpty();
  }

  @Test
  void shortest_diamond_isBothSides() {
    assertThat(ways(10, "ab", "ac", "bc", "ct")).containsExactly("a-c-t", "b-c-t");
  }

  @Test
  void shortest_severalLengths_comeShortestFirstThenByName() {
    assertThat(ways(10, "tzb", "zt", "bt", "ba", "at")).containsExactly("t", "b-t", "z-t", "b-a-t");
  }

  @Test
  void shortest_cycle_isGoneThroughOnce() {
    assertThat(ways(10, "a", "ab", "ba", "aa", "bt", "tb")).containsExactly("a-b-t");
  }

  @Test
  void shortest_deadEnd_isLeftOut() {
    assertThat(ways(10, "ax", "ab", "bt", "xy", "yx")).containsExactly("a-b-t");
  }

  @Test
  void shortest_moreThanTheLimit_keepsTheFirstAndShortest() {
    assertThat(ways(3, "abct", "at", "bt", "ct")).containsExactly("t", "a-t", "b-t");
  }

  /** From a crowd in which everyone leads to everyone, one long way leads out. */
  @Test
  void shortest_longWayOutOfACrowd_isFoundWithoutTryingEveryBeginning() {
    List<ServiceAccount> crowd = accounts("c", 40);
    List<ServiceAccount> tail = accounts("x", 20);
    ImmutableSetMultimap.Builder<ServiceAccount, ServiceAccount> links =
        ImmutableSetMultimap.builder();
    crowd.forEach(from -> links.putAll(from, crowd));
    links.put(crowd.get(0), tail.get(0));
    IntStream.range(1, 20).forEach(i -> links.put(tail.get(i - 1), tail.get(i)));
    links.put(tail.get(19), TARGET);

    List<List<ServiceAccount>> ways =
        new ShortestPaths(Set.copyOf(crowd), links.build(), TARGET).shortest(101);

    assertThat(ways).hasSize(101).doesNotHaveDuplicates();
    assertThat(ways.stream().map(List::size).distinct()).containsExactly(22, 23, 24);
  }

  /** The only way on leads back through where it came from, for all but the straight way. */
  @Test
  void shortest_beginningsThatCannotBeCompleted_areNotGoneOnWith() {
    List<ServiceAccount> crowd = accounts("c", 40);
    ImmutableSetMultimap.Builder<ServiceAccount, ServiceAccount> links =
        ImmutableSetMultimap.builder();
    crowd.forEach(from -> links.putAll(from, crowd));
    links.put(account("a"), TARGET);
    links.putAll(account("a"), crowd);
    crowd.forEach(from -> links.put(from, account("a")));

    assertThat(new ShortestPaths(Set.of(account("a")), links.build(), TARGET).shortest(101))
        .containsExactly(List.of(account("a"), TARGET));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shortest_randomGraph_isEveryWayThatTryingAllFinds(int seed) {
    Random random = new Random(seed);
    List<ServiceAccount> nodes =
        Stream.concat(accounts("n", 5).stream(), Stream.of(TARGET)).toList();
    ImmutableSetMultimap.Builder<ServiceAccount, ServiceAccount> links =
        ImmutableSetMultimap.builder();
    nodes.forEach(from -> links.putAll(from, some(nodes, random)));
    Set<ServiceAccount> first = some(nodes, random);

    List<List<ServiceAccount>> all = new ArrayList<>();
    tryAll(List.of(), first, links.build(), all);
    all.sort(
        Comparator.<List<ServiceAccount>>comparingInt(List::size).thenComparing(Object::toString));
    assertThat(new ShortestPaths(first, links.build(), TARGET).shortest(1_000)).isEqualTo(all);
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
      ImmutableSetMultimap<ServiceAccount, ServiceAccount> links,
      List<List<ServiceAccount>> found) {
    for (ServiceAccount step : steps) {
      List<ServiceAccount> longer = Stream.concat(path.stream(), Stream.of(step)).toList();
      if (step.equals(TARGET)) {
        found.add(longer);
      } else if (!path.contains(step)) {
        tryAll(longer, links.get(step), links, found);
      }
    }
  }

  /** Each letter of {@code first} is let in; {@code ab} leads from a to b. */
  private static List<String> ways(int limit, String first, String... links) {
    ImmutableSetMultimap.Builder<ServiceAccount, ServiceAccount> next =
        ImmutableSetMultimap.builder();
    for (String link : links) {
      next.put(account(link.substring(0, 1)), account(link.substring(1)));
    }
    Set<ServiceAccount> letIn =
        first
            .chars()
            .mapToObj(name -> account(String.valueOf((char) name)))
            .collect(ImmutableSet.toImmutableSet());
    return new ShortestPaths(letIn, next.build(), TARGET)
        .shortest(limit).stream().map(ShortestPathsTest::names).toList();
  }

  private static String names(List<ServiceAccount> way) {
    return way.stream()
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
