package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.iam.v1.Policy;
import com.google.rpc.Code;
import io.github.shortlived.DemoProject;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.policy.EmulatedPolicies;
import io.github.shortlived.internal.policy.PolicyStore;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Plans, held grants and sweeps, on the emulator. */
class GrantPlanTest {
  private static final CrossAccountGrant DIRECT = CrossAccountGrant.tokenCreator(CALLER).on(TARGET);
  private static final CrossAccountGrant ALONG =
      CrossAccountGrant.tokenCreator(CALLER).along(CHAIN);
  private static final Member ME = Member.of("user:me@example.com");

  private final DemoProject demo = new DemoProject();
  private final Grants grants = demo.grants();

  @AfterEach
  void close() {
    demo.close();
  }

  private Policy policyOf(ServiceAccount account) throws Exception {
    try (PolicyStore policies = EmulatedPolicies.of(demo)) {
      return policies.read(account, EmulatedPolicies.DEADLINE);
    }
  }

  private List<Binding> bindingsOf(ServiceAccount account) {
    return grants.planRevokeEverything(Member.of(CALLER), account).changes().stream()
        .map(PolicyChange::binding)
        .toList();
  }

  private Instant now() {
    return demo.emulator().clock().instant().truncatedTo(ChronoUnit.SECONDS);
  }

  @Test
  void plan_partlyThere_showsOneLinePerBindingAndWritesNothing() throws Exception {
    grants.apply(CrossAccountGrant.tokenCreator(DELEGATE_1).on(DELEGATE_2));
    Policy before = policyOf(TARGET);

    GrantPlan plan = grants.plan(ALONG);

    assertThat(plan)
        .hasToString(
            """
            + roles/iam.serviceAccountTokenCreator on %s for serviceAccount:%s
            = roles/iam.serviceAccountTokenCreator on %s for serviceAccount:%s
            + roles/iam.serviceAccountTokenCreator on %s for serviceAccount:%s"""
                .formatted(DELEGATE_1, CALLER, DELEGATE_2, DELEGATE_1, TARGET, DELEGATE_2));
    assertThat(plan.isEmpty()).isFalse();
    assertThat(plan.changes())
        .extracting(PolicyChange::kind)
        .containsExactly(Kind.ADDED, Kind.UNCHANGED, Kind.ADDED);
    assertThat(policyOf(TARGET)).isEqualTo(before);
  }

  @Test
  void plan_everythingInPlace_hasNothingToDo() {
    grants.apply(DIRECT);

    GrantPlan plan = grants.plan(DIRECT);

    assertThat(plan.isEmpty()).isTrue();
    assertThat(plan)
        .hasToString(
            "= roles/iam.serviceAccountTokenCreator on %s for serviceAccount:%s\nNothing to do"
                .formatted(TARGET, CALLER));
  }

  @Test
  void apply_plan_makesItAndAgainChangesNothing() {
    GrantPlan plan = grants.plan(ALONG);

    assertThat(plan.apply()).isEqualTo(plan.changes());
    assertThat(plan.apply()).extracting(PolicyChange::kind).containsOnly(Kind.UNCHANGED);
  }

  @Test
  void rollBack_partlyThereBefore_takesBackWhatThePlanAdded() throws Exception {
    grants.apply(CrossAccountGrant.tokenCreator(DELEGATE_1).on(DELEGATE_2));
    GrantPlan plan = grants.plan(ALONG);
    plan.apply();

    assertThat(plan.rollBack())
        .extracting(PolicyChange::toString)
        .containsExactly(
            "- roles/iam.serviceAccountTokenCreator on %s for serviceAccount:%s"
                .formatted(TARGET, DELEGATE_2),
            "- roles/iam.serviceAccountTokenCreator on %s for serviceAccount:%s"
                .formatted(DELEGATE_1, CALLER));
    assertThat(policyOf(DELEGATE_1).getBindingsList()).isEmpty();
    assertThat(policyOf(DELEGATE_2).getBindingsCount()).isEqualTo(1);
  }

  @Test
  void apply_failsAtTheSecondAccount_listsWhatIsInPlace() throws Exception {
    GrantPlan plan = grants.plan(ALONG);
    demo.emulator().faults().on("setIamPolicy").every(2).fail(Code.INVALID_ARGUMENT);

    assertThatThrownBy(plan::apply)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Editing the policy of " + DELEGATE_2 + " failed: ")
        .hasMessageEndingWith(
            """

            Made before this failure, and still in place:
              + roles/iam.serviceAccountTokenCreator on %s for serviceAccount:%s
            See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#request-rejected."""
                .formatted(DELEGATE_1, CALLER));

    demo.emulator().faults().clear();
    assertThat(plan.rollBack()).extracting(PolicyChange::kind).containsExactly(Kind.REMOVED);
    assertThat(policyOf(DELEGATE_1).getBindingsList()).isEmpty();
  }

  @Test
  void plan_relativeExpiry_isFixed() {
    Instant start = now();

    GrantPlan plan = grants.plan(DIRECT.expiringIn(Duration.ofHours(8)));

    assertThat(plan.changes().get(0).binding().expiry())
        .hasValueSatisfying(
            end ->
                assertThat(end)
                    .isBetween(start.plus(Duration.ofHours(8)), now().plus(Duration.ofHours(8))));
    plan.apply();
    assertThat(plan.apply()).extracting(PolicyChange::kind).containsOnly(Kind.UNCHANGED);
  }

  @Test
  void expiring_clockPassesTheExpiry_isRefusedAndSwept() {
    Instant end = now().plus(Duration.ofHours(8));
    grants.apply(DIRECT.until(end));
    try (ShortLivedCredentials caller = demo.emulator().credentialsFor(CALLER)) {
      demo.emulator().clock().set(end.minus(Duration.ofHours(1)));
      assertThat(caller.accessToken(TARGET, CLOUD_PLATFORM).token()).isNotEmpty();
      assertThat(grants.planSweepOfProject(PROJECT)).hasToString("Nothing to do");

      demo.emulator().clock().set(end);
      assertThatThrownBy(() -> caller.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(PermissionDenied.class);
    }
    GrantPlan sweep = grants.planSweepOfProject(PROJECT);
    assertThat(sweep)
        .hasToString(
            "- roles/iam.serviceAccountTokenCreator on %s for serviceAccount:%s until %s"
                .formatted(TARGET, CALLER, end));
    assertThat(bindingsOf(TARGET)).hasSize(1); // a dry run so far
    assertThat(sweep.apply()).isEqualTo(sweep.changes());
    assertThat(bindingsOf(TARGET)).isEmpty();
  }

  @Test
  void planSweep_expiredByOthersOrStillRunning_leavesThem() {
    Instant past = now().minusSeconds(1);
    Condition foreign = Condition.of("until", "request.time < timestamp(\"" + past + "\")");
    grants.apply(DIRECT.onlyIf(foreign));
    grants.apply(DIRECT.expiringIn(Duration.ofHours(1)));
    grants.apply(DIRECT);

    assertThat(grants.planSweep(List.of(TARGET, DELEGATE_1, TARGET)).isEmpty()).isTrue();
    assertThat(bindingsOf(TARGET)).hasSize(3);
  }

  @Test
  void plan_expired_refusedBeforeAnyCall() {
    int calls = demo.emulator().calls().size();

    assertThatThrownBy(() -> grants.plan(DIRECT.until(now().minusSeconds(1))))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid expiry '");
    assertThat(demo.emulator().calls()).hasSize(calls);
  }

  @Test
  void revoke_oneOfSeveralConditions_leavesTheOthers() {
    Instant noon = now().plus(Duration.ofHours(4));
    grants.apply(DIRECT);
    grants.apply(DIRECT.until(noon));
    grants.apply(DIRECT.until(noon.plusSeconds(1)));

    assertThat(grants.revoke(DIRECT.until(noon)))
        .extracting(PolicyChange::kind)
        .containsExactly(Kind.REMOVED);

    assertThat(bindingsOf(TARGET))
        .extracting(Binding::expiry)
        .containsExactly(Optional.empty(), Optional.of(noon.plusSeconds(1)));
  }

  @Test
  void planRevokeEverything_memberOfManyBindings_leavesTheOtherMembers() {
    grants.apply(DIRECT);
    grants.apply(DIRECT.expiringIn(Duration.ofHours(1)));
    grants.apply(CrossAccountGrant.openIdTokenCreator(Member.of(CALLER)).on(TARGET));
    grants.apply(CrossAccountGrant.tokenCreator(ME).on(TARGET));

    GrantPlan plan = grants.planRevokeEverything(Member.of(CALLER), TARGET);

    assertThat(plan.changes()).extracting(PolicyChange::kind).hasSize(3).containsOnly(Kind.REMOVED);
    plan.apply();
    assertThat(bindingsOf(TARGET)).isEmpty();
    assertThat(grants.plan(CrossAccountGrant.tokenCreator(ME).on(TARGET)).isEmpty()).isTrue();
  }

  @Test
  void hold_block_isGrantedInsideAndRevokedAfter() throws Exception {
    try (ShortLivedCredentials caller = demo.emulator().credentialsFor(CALLER)) {
      try (HeldGrant held = grants.hold(DIRECT.expiringIn(Duration.ofHours(1)))) {
        assertThat(held.changes()).extracting(PolicyChange::kind).containsExactly(Kind.ADDED);
        assertThat(caller.accessToken(TARGET, CLOUD_PLATFORM).token()).isNotEmpty();
      }
      AccessTokenRequest fresh = AccessTokenRequest.of(TARGET, CLOUD_PLATFORM).fresh();
      assertThatThrownBy(() -> caller.issue(fresh)).isInstanceOf(PermissionDenied.class);
    }
    assertThat(policyOf(TARGET).getBindingsList()).isEmpty();
  }

  @Test
  void hold_blockThatFails_isRevoked() throws Exception {
    assertThatThrownBy(
            () -> {
              try (HeldGrant held = grants.hold(DIRECT)) {
                throw new IllegalStateException("the job failed after " + held.changes().get(0));
              }
            })
        .isInstanceOf(IllegalStateException.class);

    assertThat(policyOf(TARGET).getBindingsList()).isEmpty();
  }

  @Test
  void hold_existingBinding_stays() {
    grants.apply(DIRECT);

    grants.hold(DIRECT).close();

    assertThat(bindingsOf(TARGET)).hasSize(1);
  }

  @Test
  void hold_failsAtTheSecondAccount_rollsBackTheFirst() throws Exception {
    demo.emulator().faults().on("setIamPolicy").every(2).fail(Code.INVALID_ARGUMENT);

    assertThatThrownBy(() -> grants.hold(ALONG)).isInstanceOf(InvalidRequest.class);

    assertThat(policyOf(DELEGATE_1).getBindingsList()).isEmpty();
  }

  @Test
  void hold_revokingFails_throwsAndCanBeRepeated() {
    HeldGrant held = grants.hold(DIRECT);
    demo.emulator().faults().on("setIamPolicy").times(1).fail(Code.INVALID_ARGUMENT);

    assertThatThrownBy(held::close).isInstanceOf(CredentialException.class);
    held.close();

    assertThat(bindingsOf(TARGET)).isEmpty();
  }

  @Test
  void close_heldTwice_doesNotTouchALaterGrant() {
    HeldGrant held = grants.hold(DIRECT);
    held.close();
    grants.apply(DIRECT);

    held.close();

    assertThat(bindingsOf(TARGET)).hasSize(1);
  }

  @Test
  void planSweepOfProject_withoutPermission_namesIt() {
    try (ShortLivedCredentials caller = demo.emulator().credentialsFor(CALLER);
        Grants powerless = Grants.using(caller)) {
      PermissionDenied refusal =
          catchThrowableOfType(PermissionDenied.class, () -> powerless.planSweepOfProject(PROJECT));
      assertThat(refusal.permission()).contains("iam.serviceAccounts.list");
      assertThat(refusal).hasMessageStartingWith("Listing the service accounts of " + PROJECT);
    }
  }

  @Test
  void plan_withoutPermission_namesTheAccountToReadAndTheRole() {
    try (ShortLivedCredentials caller = demo.emulator().credentialsFor(CALLER);
        Grants powerless = Grants.using(caller)) {
      assertThatThrownBy(() -> powerless.plan(DIRECT))
          .isInstanceOf(PermissionDenied.class)
          .hasMessageStartingWith("Reading the policy of " + TARGET + " refused: ")
          .hasMessageContaining("iam.serviceAccounts.getIamPolicy")
          .hasMessageContaining("--role=roles/iam.serviceAccountViewer");
    }
  }
}
