package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.ADMIN;
import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.BaseEncoding;
import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.github.shortlived.DemoProject;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.internal.policy.EmulatedPolicies;
import io.github.shortlived.internal.policy.ForeignPolicy;
import io.github.shortlived.internal.policy.PolicyStore;
import io.github.shortlived.model.CredentialException.Conflict;
import io.github.shortlived.model.CredentialException.InvalidRequest;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Plans that are saved by one object and applied by another one, on the emulator. */
class SavedPlanTest {
  private static final CrossAccountGrant DIRECT = CrossAccountGrant.tokenCreator(CALLER).on(TARGET);
  private static final CrossAccountGrant ALONG =
      CrossAccountGrant.tokenCreator(CALLER).along(CHAIN);
  private static final Member ME = Member.of("user:me@example.com");

  private final AwaitDemo await = new AwaitDemo();
  private final DemoProject demo = await.demo;
  private final Grants here = demo.grants();
  private final ShortLivedCredentials admin = demo.emulator().credentialsFor(ADMIN);
  private final Grants there = Grants.using(admin);

  @AfterEach
  void close() {
    there.close();
    admin.close();
    await.close();
  }

  private Policy policyOf(ServiceAccount account) throws Exception {
    try (PolicyStore policies = EmulatedPolicies.of(demo)) {
      return policies.read(account, EmulatedPolicies.DEADLINE);
    }
  }

  private String etagOf(ServiceAccount account) throws Exception {
    return BaseEncoding.base64().encode(policyOf(account).getEtag().toByteArray());
  }

  private static ByteString withoutEtag(Policy policy) {
    return policy.toBuilder().clearEtag().build().toByteString();
  }

  /** Saves the plan and loads it elsewhere. */
  private GrantPlan moved(GrantPlan plan) {
    return there.planFromJson(plan.toJson());
  }

  @Test
  void toJson_partlyThere_hasTheResourcesEtagsAndBindings() throws Exception {
    Instant end = demo.emulator().clock().instant().plusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
    here.apply(CrossAccountGrant.tokenCreator(DELEGATE_1).on(DELEGATE_2));

    String json = here.plan(new CrossAccountGrant(shortened(end))).toJson();

    assertThat(json)
        .isEqualTo(
            """
            {
              "formatVersion": 1,
              "policies": [
                {
                  "resource": "projects/-/serviceAccounts/%s",
                  "etag": "%s",
                  "bindingDeltas": [
                    {
                      "action": "UNCHANGED",
                      "role": "roles/iam.serviceAccountTokenCreator",
                      "member": "serviceAccount:%s"
                    }
                  ]
                },
                {
                  "resource": "projects/-/serviceAccounts/%s",
                  "etag": "%s",
                  "bindingDeltas": [
                    {
                      "action": "ADD",
                      "role": "roles/iam.serviceAccountTokenCreator",
                      "member": "user:me@example.com",
                      "condition": {
                        "title": "short-lived until %s",
                        "description": "",
                        "expression": "request.time < timestamp(\\"%s\\")"
                      }
                    }
                  ]
                }
              ]
            }
            """
                .formatted(
                    DELEGATE_2, etagOf(DELEGATE_2), DELEGATE_1, TARGET, etagOf(TARGET), end, end));
  }

  private static List<Binding> shortened(Instant end) {
    String role = CrossAccountGrant.TOKEN_CREATOR;
    return List.of(
        new Binding(DELEGATE_2, role, Member.of(DELEGATE_1)),
        new Binding(TARGET, role, ME).withExpiry(end));
  }

  @Test
  void planFromJson_savedElsewhere_isThatPlanAndMakesNoCall() {
    GrantPlan plan = here.plan(ALONG.onlyIf(Condition.of("t\u202e", "request.time != null")));
    String json = plan.toJson();
    int calls = demo.emulator().calls().size();

    GrantPlan loaded = there.planFromJson(json.replace("\n", "\r\n\t"));

    assertThat(demo.emulator().calls()).hasSize(calls);
    assertThat(loaded).hasToString(plan.toString());
    assertThat(loaded.changes()).isEqualTo(plan.changes());
    assertThat(loaded.terraform()).isEqualTo(plan.terraform());
    assertThat(loaded.gcloudCommands()).isEqualTo(plan.gcloudCommands());
    assertThat(loaded.toJson()).isEqualTo(json).contains("t\\u202e").doesNotContain("\u202e");
  }

  @Test
  void apply_savedElsewhere_isMadeAndRolledBackExactly() throws Exception {
    ForeignPolicy.write(demo, DELEGATE_2, ForeignPolicy.everything());
    Policy before = policyOf(DELEGATE_2);
    GrantPlan loaded = moved(here.plan(ALONG.expiringIn(Duration.ofHours(8))));

    assertThat(loaded.apply()).isEqualTo(loaded.changes()).hasSize(3);
    assertThat(here.planRevokeEverything(Member.of(CALLER), DELEGATE_1).changes()).hasSize(1);

    assertThat(loaded.rollBack()).extracting(PolicyChange::kind).containsOnly(Kind.REMOVED);
    assertThat(withoutEtag(policyOf(DELEGATE_2))).isEqualTo(withoutEtag(before));
    assertThat(policyOf(TARGET).getBindingsList()).isEmpty();
  }

  @Test
  void awaitEffective_loadedPlanThatWasPartlyThere_waitsForTheWholeChain() {
    here.apply(CrossAccountGrant.tokenCreator(DELEGATE_1).on(DELEGATE_2));
    GrantPlan loaded = moved(here.plan(ALONG));
    demo.emulator().controls().propagationDelay(Duration.ofMinutes(3));
    loaded.apply();

    assertThat(there.awaitEffective(loaded, await.caller, await.waiting()))
        .isBetween(Duration.ofMinutes(3), AwaitDemo.LONG);
    assertThat(await.targets()).hasSize(3);
  }

  @Test
  void apply_lastPolicyChangedSince_isAConflictBeforeAnyWrite() throws Exception {
    GrantPlan loaded = moved(here.plan(ALONG));
    String then = etagOf(TARGET);
    here.apply(CrossAccountGrant.tokenCreator(ME).on(TARGET));
    Policy first = policyOf(DELEGATE_1);

    assertThatThrownBy(loaded::apply)
        .isInstanceOf(Conflict.class)
        .hasMessage(
            """
            The saved plan is stale, and nothing is written: 1 of its 3 policies changed after it was made. \
            Make the plan again, review it and apply it.
            %s: etag %s then, %s now"""
                .formatted(TARGET, then, etagOf(TARGET)));

    assertThat(policyOf(DELEGATE_1)).isEqualTo(first);
    assertThat(loaded.rollBack()).isEmpty();
    assertThatThrownBy(loaded::apply).isInstanceOf(Conflict.class);
  }

  @Test
  void apply_madeAlreadyByAnother_isAConflictThatShowsIt() throws Exception {
    String json = here.plan(DIRECT).toJson();
    there.planFromJson(json).apply();

    assertThatThrownBy(() -> here.planFromJson(json).apply())
        .isInstanceOf(Conflict.class)
        .hasMessageEndingWith(
            " now\n  planned + %1$s on %2$s for serviceAccount:%3$s\n  now     = %1$s on %2$s for serviceAccount:%3$s"
                .formatted(CrossAccountGrant.TOKEN_CREATOR, TARGET, CALLER));
  }

  @Test
  void apply_loadedPlanTwice_changesNothingAgain() {
    GrantPlan loaded = moved(here.plan(ALONG));
    loaded.apply();
    assertThat(loaded.apply()).extracting(PolicyChange::kind).containsOnly(Kind.UNCHANGED);
  }

  @Test
  void apply_failsAtTheSecondPolicy_makesTheRestAgain() throws Exception {
    GrantPlan loaded = moved(here.plan(ALONG));
    demo.emulator().faults().on("setIamPolicy").every(2).fail(Code.INVALID_ARGUMENT);
    assertThatThrownBy(loaded::apply)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("Made before this failure, and still in place:");
    demo.emulator().faults().clear();

    assertThat(loaded.apply())
        .extracting(PolicyChange::kind)
        .containsExactly(Kind.UNCHANGED, Kind.ADDED, Kind.ADDED);
    loaded.rollBack();
    assertThat(policyOf(DELEGATE_1).getBindingsList()).isEmpty();
  }

  @Test
  void apply_policyCannotBeRead_writesNothing() throws Exception {
    GrantPlan loaded = moved(here.plan(ALONG));
    demo.emulator().faults().on("getIamPolicy").every(3).fail(Code.INVALID_ARGUMENT);
    assertThatThrownBy(loaded::apply)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Reading the policy of " + TARGET + " failed: ");
    assertThat(policyOf(DELEGATE_1).getBindingsList()).isEmpty();
  }

  @Test
  void apply_overtakenAfterTheCheck_isAConflictAndWritesNothing() throws Exception {
    String json = here.plan(DIRECT).toJson();
    try (OvertakenPolicies policies = new OvertakenPolicies(demo)) {
      policies.overtakes = 1;
      GrantPlan loaded = policies.grants(RetryPolicy.standard()).planFromJson(json);
      assertThatThrownBy(loaded::apply)
          .isInstanceOf(Conflict.class)
          .hasMessageStartingWith("The saved plan is stale: the policy of " + TARGET);
    }
    assertThat(policyOf(TARGET).getBindings(0).getMembersList())
        .containsExactly("user:rival-1@example.com");
  }

  @Test
  void apply_sweepSavedElsewhere_removesTheExpiredOnes() {
    Instant end = demo.emulator().clock().instant().plusSeconds(60);
    here.apply(ALONG.until(end));
    here.apply(DIRECT);
    demo.emulator().clock().advance(Duration.ofSeconds(61));
    GrantPlan sweep = here.planSweepOfProject(PROJECT);
    assertThat(sweep.toJson())
        .contains("\"REMOVE\"")
        .doesNotContain("ADD", CALLER + "\",\n      \"e");

    GrantPlan loaded = moved(sweep);
    assertThat(loaded.apply()).isEqualTo(sweep.changes()).hasSize(3);

    assertThat(here.planSweepOfProject(PROJECT).isEmpty()).isTrue();
    assertThat(here.plan(DIRECT).isEmpty()).isTrue();
    assertThat(loaded.rollBack()).extracting(PolicyChange::kind).containsOnly(Kind.ADDED);
    assertThat(here.planSweepOfProject(PROJECT).changes()).hasSize(3);
  }

  @Test
  void apply_revocationSavedElsewhere_leavesTheOtherMembers() throws Exception {
    ForeignPolicy.write(demo, TARGET, ForeignPolicy.everything());
    Member night = Member.of(ForeignPolicy.NIGHT_SHIFT);
    Policy before = policyOf(TARGET);
    GrantPlan loaded = moved(here.planRevokeEverything(night, TARGET));

    assertThat(loaded.apply()).extracting(PolicyChange::kind).hasSize(3).containsOnly(Kind.REMOVED);

    assertThat(here.planRevokeEverything(night, TARGET).changes()).isEmpty();
    assertThat(here.planRevokeEverything(Member.of(ForeignPolicy.DAY_SHIFT), TARGET).changes())
        .hasSize(2);
    loaded.rollBack();
    assertThat(policyOf(TARGET).getBindingsList()).hasSameSizeAs(before.getBindingsList());
  }

  @Test
  void apply_memberDeletedSince_isAConflict() {
    here.apply(DIRECT);
    GrantPlan loaded = moved(here.planRevokeEverything(Member.of(CALLER), TARGET));
    try (ServiceAccounts accounts = ServiceAccounts.using(admin)) {
      accounts.delete(CALLER);
    }
    assertThatThrownBy(loaded::apply).isInstanceOf(Conflict.class);
  }

  @Test
  void planFromJson_nothingToDo_isEmpty() {
    GrantPlan loaded = moved(here.planSweep(List.of(TARGET)));
    assertThat(loaded.isEmpty()).isTrue();
    assertThat(loaded.apply()).isEmpty();
  }

  @Test
  void planFromJson_afterClose_fails() {
    String json = here.plan(DIRECT).toJson();
    there.close();
    assertThatThrownBy(() -> there.planFromJson(json)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void toJson_policyWithoutEtag_isRefused() {
    GrantPlan plan =
        new MemoryPolicies(Policy.getDefaultInstance()).grants(Instant.EPOCH).plan(DIRECT);
    assertThatThrownBy(plan::toJson)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("the policy of this account was read without an etag");
  }

  @Test
  void toJson_grantToEveryone_isRefused() {
    GrantPlan plan = here.plan(CrossAccountGrant.tokenCreator(Member.allUsers()).on(TARGET));
    assertThatThrownBy(plan::toJson)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid plan 'allUsers': ");
  }

  @Test
  void toJson_revocationFromEveryone_isSaved() {
    here.apply(CrossAccountGrant.tokenCreator(Member.allUsers()).on(TARGET));
    GrantPlan loaded = moved(here.planRevokeEverything(Member.allUsers(), TARGET));
    assertThat(loaded.apply()).extracting(PolicyChange::kind).containsExactly(Kind.REMOVED);
  }
}
