package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import io.github.shortlived.model.Member;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that were deleted after they were granted a role, and perhaps created again. */
class DeletedMemberTest {
  private static final String ROLE = CrossAccountGrant.TOKEN_CREATOR;
  private static final String LIVE = Member.of(CALLER).id();
  private static final String FIRST = "deleted:" + LIVE + "?uid=1";
  private static final String SECOND = "deleted:" + LIVE + "?uid=2";
  private static final String OTHER =
      "deleted:serviceAccount:other@p.iam.gserviceaccount.com?uid=3";
  private static final CrossAccountGrant GRANT = CrossAccountGrant.tokenCreator(CALLER).on(TARGET);

  private final MemoryPolicies policies =
      new MemoryPolicies(Policy.newBuilder().setEtag(ByteString.copyFromUtf8("1")).build());
  private final Grants grants = policies.grants(Instant.EPOCH);

  private void bind(Optional<Condition> condition, String... members) {
    policies.policy =
        Policy.newBuilder()
            .setVersion(3)
            .setEtag(ByteString.copyFromUtf8("1"))
            .addBindings(binding(condition, members))
            .build();
  }

  private static com.google.iam.v1.Binding binding(
      Optional<Condition> condition, String... members) {
    com.google.iam.v1.Binding.Builder binding =
        com.google.iam.v1.Binding.newBuilder().setRole(ROLE).addAllMembers(Arrays.asList(members));
    condition.ifPresent(
        own ->
            binding
                .getConditionBuilder()
                .setTitle(own.title())
                .setDescription(own.description())
                .setExpression(own.expression()));
    return binding.build();
  }

  private void bind(String... members) {
    bind(Optional.empty(), members);
  }

  private List<String> members() {
    return policies.policy.getBindingsList().stream()
        .flatMap(binding -> binding.getMembersList().stream())
        .toList();
  }

  static Stream<Member> kinds() {
    return Stream.of("serviceAccount:a@p.iam.gserviceaccount.com", "user:me@x.com", "group:g@x.com")
        .map(Member::of);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void revoke_deletedMember_removesItForAnyKind(Member member) {
    bind("deleted:" + member + "?uid=117", OTHER);

    assertThat(grants.revoke(CrossAccountGrant.tokenCreator(member).on(TARGET)))
        .extracting(PolicyChange::kind)
        .containsExactly(Kind.REMOVED);

    assertThat(members()).containsExactly(OTHER);
  }

  @Test
  void revoke_deletedMemberWithCondition_removesIt() {
    Condition condition = Condition.of("nights", "request.time.getHours() > 20");
    bind(Optional.of(condition), FIRST);

    grants.revoke(GRANT);
    assertThat(members()).containsExactly(FIRST); // Another condition: not this grant.
    grants.revoke(GRANT.onlyIf(condition));

    assertThat(members()).isEmpty();
  }

  @Test
  void revoke_recreatedMember_removesAllOfItsName() {
    bind(FIRST, LIVE, SECOND, OTHER);

    grants.revoke(GRANT);

    assertThat(members()).containsExactly(OTHER);
  }

  @Test
  void rollBack_memberDeletedSince_removesIt() {
    GrantPlan plan = grants.plan(GRANT);
    plan.apply();
    bind(FIRST);

    assertThat(plan.rollBack()).extracting(PolicyChange::kind).containsExactly(Kind.REMOVED);

    assertThat(members()).isEmpty();
  }

  @Test
  void rollBack_memberRecreatedAndGrantedByOthersSince_removesOnlyTheDeletedOne() {
    GrantPlan plan = grants.plan(GRANT);
    plan.apply();
    bind(FIRST, LIVE);

    plan.rollBack();

    assertThat(members()).containsExactly(LIVE);
  }

  @Test
  void rollBack_memberDeletedBefore_removesOnlyTheLiveOne() {
    bind(FIRST);
    GrantPlan plan = grants.plan(GRANT);
    plan.apply();
    assertThat(members()).containsExactly(FIRST, LIVE);

    plan.rollBack();

    assertThat(members()).containsExactly(FIRST);
  }

  @Test
  void rollBack_deletedTwice_removesTheOneThatWasGranted() {
    bind(FIRST);
    GrantPlan plan = grants.plan(GRANT);
    plan.apply();
    bind(FIRST, SECOND);

    plan.rollBack();

    assertThat(members()).containsExactly(FIRST);
  }

  @Test
  void close_memberDeletedSince_removesIt() {
    HeldGrant held = grants.hold(GRANT);
    bind(FIRST);

    held.close();

    assertThat(members()).isEmpty();
  }

  @Test
  void planRevokeEverything_recreatedMember_showsAndRemovesEach() {
    bind(FIRST, LIVE, OTHER);

    GrantPlan plan = grants.planRevokeEverything(Member.of(CALLER), TARGET);

    assertThat(plan)
        .hasToString(
            """
            - %1$s on %2$s for %3$s
            - %1$s on %2$s for %4$s"""
                .formatted(ROLE, TARGET, FIRST, LIVE));
    plan.apply();
    assertThat(members()).containsExactly(OTHER);
  }

  @Test
  void planRevokeEverything_oneDeletedMember_removesOnlyIt() {
    bind(FIRST, LIVE, SECOND);

    grants.planRevokeEverything(Member.inPolicy(FIRST), TARGET).apply();

    assertThat(members()).containsExactly(LIVE, SECOND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"deleted:user:caller@example.com?uid=1", "user:caller@example.com"})
  void revoke_sameNameOfAnotherKind_staysInPlace(String other) {
    bind(other);

    grants.revoke(GRANT);

    assertThat(members()).containsExactly(other);
  }

  @Test
  void revoke_bindingOfAPlan_removesItByItsUid() {
    bind(FIRST, SECOND);

    grants.revoke(
        new CrossAccountGrant(List.of(new Binding(TARGET, ROLE, Member.inPolicy(FIRST)))));

    assertThat(members()).containsExactly(SECOND);
  }

  @Test
  void revoke_relativeExpiry_removesEachInstantAndNothingElse() {
    CrossAccountGrant hour = GRANT.expiringIn(Duration.ofHours(1));
    grants.apply(hour);
    policies.grants(Instant.EPOCH.plusSeconds(7)).apply(hour);
    grants.apply(GRANT);
    grants.apply(GRANT.until(Instant.EPOCH.plusSeconds(99)).onlyIf(Condition.of("t", "true")));

    assertThat(policies.grants(Instant.EPOCH.plusSeconds(9)).revoke(hour))
        .extracting(PolicyChange::kind)
        .containsExactly(Kind.REMOVED, Kind.REMOVED);

    assertThat(policies.policy.getBindingsList())
        .extracting(binding -> binding.getCondition().getTitle())
        .containsExactly("", "short-lived until 1970-01-01T00:01:39Z: t");
  }

  @Test
  void revoke_relativeExpiryNotInThePolicy_leavesThePermanentGrant() {
    grants.apply(GRANT);

    assertThat(grants.revoke(GRANT.expiringIn(Duration.ofHours(1)))).isEmpty();

    assertThat(members()).containsExactly(LIVE);
  }

  @Test
  void rollBack_appliedBeforeAndAfterTheDeletion_removesBoth() {
    GrantPlan plan = grants.plan(GRANT);
    plan.apply();
    bind(FIRST);
    plan.apply();
    assertThat(members()).containsExactly(FIRST, LIVE);

    plan.rollBack();

    assertThat(members()).isEmpty();
  }

  @Test
  void apply_plannedRemovalOfAMemberDeletedSince_removesIt() {
    bind(LIVE);
    GrantPlan plan = grants.planRevokeEverything(Member.of(CALLER), TARGET);
    bind(FIRST);

    plan.apply();

    assertThat(members()).isEmpty();
  }

  @Test
  void apply_plannedRemovalOfAMemberUndeletedSince_removesIt() {
    bind(FIRST, OTHER);
    GrantPlan plan = grants.planRevokeEverything(Member.of(CALLER), TARGET);
    bind(LIVE, OTHER);

    plan.apply();

    assertThat(members()).containsExactly(OTHER);
  }

  @Test
  void apply_plannedRemovalOfADeletedMemberBesideALiveOne_leavesTheLiveOne() {
    bind(FIRST, LIVE);
    GrantPlan plan = grants.planRevokeEverything(Member.inPolicy(FIRST), TARGET);
    bind(LIVE);

    plan.apply();

    assertThat(members()).containsExactly(LIVE);
  }
}
