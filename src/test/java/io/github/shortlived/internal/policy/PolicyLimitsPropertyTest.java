package io.github.shortlived.internal.policy;

import static io.github.shortlived.internal.policy.RandomPolicies.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.internal.policy.RandomPolicies.Wanted;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Google's limits, at their edges: what is written keeps to them, and only what does not is
 * refused.
 */
class PolicyLimitsPropertyTest {
  private static final int TRIES = 200;
  private static final String ME = "user:me@example.com";

  @Property(tries = TRIES)
  void apply_nearThePrincipals_isRefusedIfOverALimit(
      @ForAll @IntRange(min = 1_494, max = 1_502) int members,
      @ForAll(supplier = Wanted.class) List<io.github.shortlived.policy.Binding> wanted) {
    assertRefusedIfOverALimit(policy(binding("user:u-%d@example.com", members)), wanted);
  }

  @Property(tries = TRIES)
  void apply_nearTheGroups_isRefusedIfOverALimit(
      @ForAll @IntRange(min = 245, max = 252) int groups,
      @ForAll(supplier = Wanted.class) List<io.github.shortlived.policy.Binding> wanted) {
    Binding upper = ForeignPolicy.binding("roles/iam.serviceAccountUser", "group:G-1@example.com");
    assertRefusedIfOverALimit(policy(upper, binding("group:g-%d@example.com", groups)), wanted);
  }

  @Property(tries = TRIES)
  void apply_nearTheConditionsOfAGrant_isRefusedIfOverALimit(
      @ForAll @IntRange(min = 15, max = 21) int conditions,
      @ForAll(supplier = Wanted.class) List<io.github.shortlived.policy.Binding> wanted) {
    Binding[] conditional =
        IntStream.range(0, conditions)
            .mapToObj(i -> Condition.of("condition " + i, "true"))
            .map(each -> binding(ME, 1).toBuilder().setCondition(BindingEdits.toExpr(each)).build())
            .toArray(Binding[]::new);
    assertRefusedIfOverALimit(policy(conditional), wanted);
  }

  private static void assertRefusedIfOverALimit(
      Policy policy, List<io.github.shortlived.policy.Binding> wanted) {
    Policy asWanted = policy;
    for (io.github.shortlived.policy.Binding each : wanted) {
      asWanted = BindingEdits.add(asWanted, each).orElse(asWanted);
    }
    List<PolicyEdit> changes = PolicyEdits.of(Kind.ADDED, wanted);
    if (asWanted.equals(policy) || keepsToTheLimits(asWanted)) {
      assertThat(ReadModifyWrite.edit(ACCOUNT, policy, changes).policy()).isEqualTo(asWanted);
    } else {
      assertThatThrownBy(() -> ReadModifyWrite.edit(ACCOUNT, policy, changes))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("Google's limit is");
    }
  }

  private static boolean keepsToTheLimits(Policy policy) {
    return members(policy).count() <= 1_500
        && members(policy).filter(member -> member.startsWith("domain:")).count()
                + members(policy).filter(member -> member.startsWith("group:")).distinct().count()
            <= 250
        && mostConditions(policy) <= 20;
  }

  private static Stream<String> members(Policy policy) {
    return policy.getBindingsList().stream()
        .flatMap(binding -> binding.getMembersList().stream())
        .map(PolicyOracle::spelling);
  }

  private static long mostConditions(Policy policy) {
    Map<List<String>, Long> conditions =
        policy.getBindingsList().stream()
            .filter(Binding::hasCondition)
            .flatMap(
                binding ->
                    binding.getMembersList().stream()
                        .map(member -> List.of(binding.getRole(), PolicyOracle.spelling(member))))
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    return conditions.isEmpty() ? 0 : Collections.max(conditions.values());
  }

  private static Binding binding(String pattern, int members) {
    String[] all = IntStream.range(0, members).mapToObj(pattern::formatted).toArray(String[]::new);
    return ForeignPolicy.binding(CrossAccountGrant.TOKEN_CREATOR, all);
  }

  private static Policy policy(Binding... bindings) {
    return Policy.newBuilder().setVersion(3).addAllBindings(List.of(bindings)).build();
  }
}
