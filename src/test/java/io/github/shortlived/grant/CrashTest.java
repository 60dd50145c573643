package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.iam.v1.Policy;
import io.github.shortlived.DemoProject;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.internal.policy.EmulatedPolicies;
import io.github.shortlived.internal.policy.ForeignPolicy;
import io.github.shortlived.internal.policy.PolicyStore;
import io.github.shortlived.internal.policy.StubStore;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A process that stops between the accounts of a chain, and the calls after that. */
class CrashTest {
  private static final CrossAccountGrant GRANT =
      CrossAccountGrant.tokenCreator(CALLER).along(CHAIN);

  private final DemoProject demo = new DemoProject();
  private final PolicyStore policies = EmulatedPolicies.of(demo);
  private final StubStore mortal = StubStore.over(policies);
  private final Grants grants = EmulatedGrants.over(mortal, demo, RetryPolicy.standard());

  @BeforeEach
  void bindOthers() throws Exception {
    for (ServiceAccount account : List.of(DELEGATE_1, DELEGATE_2, TARGET)) {
      ForeignPolicy.write(demo, account, ForeignPolicy.everything());
    }
  }

  @AfterEach
  void close() {
    grants.close();
    demo.close();
  }

  @Test
  void apply_killedAfterTheFirstAccount_listsWhatIsInPlace() {
    mortal.writesLeft = 1;
    assertThatThrownBy(() -> grants.apply(GRANT))
        .isInstanceOf(CredentialException.class)
        .hasMessageStartingWith("Editing the policy of " + DELEGATE_2 + " failed: Killed")
        .hasMessageEndingWith(
            "Made before this failure, and still in place:\n  + roles/iam.serviceAccountTokenCreator on "
                + DELEGATE_1
                + " for serviceAccount:"
                + CALLER
                + "\nSee https://shortlived.github.io/short-lived-credentials/troubleshooting.html#unexpected-failure.");
  }

  @Test
  void apply_againAfterACrash_addsExactlyWhatIsMissing() throws Exception {
    crash(1);
    Policy first = read(DELEGATE_1);
    assertThat(kinds(demo.grants().apply(GRANT)))
        .containsExactly(Kind.UNCHANGED, Kind.ADDED, Kind.ADDED);
    assertThat(read(DELEGATE_1)).isEqualTo(first); // the etag included
    assertGrantedOnce();
  }

  @Test
  void apply_againAfterACrashBeforeTheResponse_addsNothingTwice() throws Exception {
    mortal.lastWriteMade = true;
    crash(1);
    assertThat(kinds(demo.grants().apply(GRANT)))
        .containsExactly(Kind.UNCHANGED, Kind.UNCHANGED, Kind.ADDED);
    assertGrantedOnce();
  }

  @Test
  void plan_afterACrash_showsWhatIsMissing() {
    crash(1);
    assertThat(kinds(demo.grants().plan(GRANT).changes()))
        .containsExactly(Kind.UNCHANGED, Kind.ADDED, Kind.ADDED);
  }

  @Test
  void rollBack_afterACrash_takesBackWhatIsInPlace() throws Exception {
    List<Policy> before = all();
    GrantPlan plan = grants.plan(GRANT);
    mortal.writesLeft = 1;
    assertThatThrownBy(plan::apply).isInstanceOf(CredentialException.class);
    mortal.writesLeft = Integer.MAX_VALUE; // The network is back.
    assertThat(kinds(plan.rollBack())).containsExactly(Kind.UNCHANGED, Kind.REMOVED);
    assertThat(all()).isEqualTo(before);
  }

  @Test
  void revoke_inANewProcessAfterACrash_removesWhatIsInPlace() throws Exception {
    List<Policy> before = all();
    crash(2);
    assertThat(kinds(demo.grants().revoke(GRANT)))
        .containsExactly(Kind.REMOVED, Kind.REMOVED, Kind.UNCHANGED);
    assertThat(all()).isEqualTo(before);
  }

  private void crash(int afterWrites) {
    mortal.writesLeft = afterWrites;
    assertThatThrownBy(() -> grants.apply(GRANT)).hasMessageContaining("Killed");
  }

  private static List<Kind> kinds(List<PolicyChange> changes) {
    return changes.stream().map(PolicyChange::kind).toList();
  }

  private Policy read(ServiceAccount account) throws Exception {
    return policies.read(account, EmulatedPolicies.DEADLINE);
  }

  /** Returns the policies of the chain, without their etags. */
  private List<Policy> all() throws Exception {
    List<Policy> all = new ArrayList<>();
    for (ServiceAccount account : List.of(DELEGATE_1, DELEGATE_2, TARGET)) {
      all.add(read(account).toBuilder().clearEtag().build());
    }
    return all;
  }

  private void assertGrantedOnce() throws Exception {
    for (Binding binding : GRANT.bindings()) {
      assertThat(read(binding.account()).getBindingsList())
          .filteredOn(each -> each.getMembersList().contains(binding.member().id()))
          .singleElement()
          .isEqualTo(
              ForeignPolicy.binding(
                  CrossAccountGrant.TOKEN_CREATOR, ForeignPolicy.DAY_SHIFT, binding.member().id()));
    }
  }
}
