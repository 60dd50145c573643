package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import com.google.type.Expr;
import io.github.shortlived.DemoProject;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.policy.EmulatedPolicies;
import io.github.shortlived.internal.policy.PolicyStore;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrantsTest {
  private static final CrossAccountGrant DIRECT = CrossAccountGrant.tokenCreator(CALLER).on(TARGET);
  private static final Binding CONDITIONAL =
      Binding.newBuilder()
          .setRole(CrossAccountGrant.TOKEN_CREATOR)
          .addMembers("user:night-shift@example.com")
          .setCondition(
              Expr.newBuilder()
                  .setTitle("until new year")
                  .setExpression("request.time < timestamp('2027-01-01T00:00:00Z')"))
          .build();

  private final DemoProject demo = new DemoProject();
  private final PolicyStore policies = EmulatedPolicies.of(demo);

  @AfterEach
  void close() {
    policies.close();
    demo.close();
  }

  private Policy policyOf(ServiceAccount account) throws Exception {
    return policies.read(account, EmulatedPolicies.DEADLINE);
  }

  private static Binding tokenCreators(String... members) {
    return Binding.newBuilder()
        .setRole(CrossAccountGrant.TOKEN_CREATOR)
        .addAllMembers(List.of(members))
        .build();
  }

  @Test
  void apply_direct_addsTheMember() throws Exception {
    List<PolicyChange> changes = demo.grants().apply(DIRECT);
    assertThat(changes).extracting(PolicyChange::kind).containsExactly(Kind.ADDED);
    assertThat(policyOf(TARGET).getBindingsList())
        .containsExactly(tokenCreators("serviceAccount:" + CALLER));
  }

  @Test
  void apply_again_writesNothing() throws Exception {
    demo.grants().apply(DIRECT);
    Policy before = policyOf(TARGET);
    List<PolicyChange> changes = demo.grants().apply(DIRECT);
    assertThat(changes).extracting(PolicyChange::kind).containsExactly(Kind.UNCHANGED);
    assertThat(policyOf(TARGET)).isEqualTo(before); // the etag included
  }

  @Test
  void apply_chain_addsEveryBindingInOrder() {
    List<PolicyChange> changes =
        demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).along(CHAIN));
    assertThat(changes)
        .extracting(PolicyChange::toString)
        .containsExactly(
            "+ roles/iam.serviceAccountTokenCreator on delegate-1@demo-project.iam.gserviceaccount.com"
                + " for serviceAccount:caller@demo-project.iam.gserviceaccount.com",
            "+ roles/iam.serviceAccountTokenCreator on delegate-2@demo-project.iam.gserviceaccount.com"
                + " for serviceAccount:delegate-1@demo-project.iam.gserviceaccount.com",
            "+ roles/iam.serviceAccountTokenCreator on target@demo-project.iam.gserviceaccount.com"
                + " for serviceAccount:delegate-2@demo-project.iam.gserviceaccount.com");
  }

  @Test
  void apply_besideConditionalBinding_leavesItAsItWas() throws Exception {
    writeConditionalBinding();
    demo.grants().apply(DIRECT);
    assertThat(policyOf(TARGET).getBindingsList())
        .containsExactly(CONDITIONAL, tokenCreators("serviceAccount:" + CALLER));
  }

  @Test
  void revoke_besideConditionalBinding_leavesItAsItWas() throws Exception {
    writeConditionalBinding();
    demo.grants().apply(DIRECT);
    demo.grants().revoke(DIRECT);
    assertThat(policyOf(TARGET).getBindingsList()).containsExactly(CONDITIONAL);
  }

  private void writeConditionalBinding() throws Exception {
    Policy policy = policyOf(TARGET).toBuilder().setVersion(3).addBindings(CONDITIONAL).build();
    policies.write(TARGET, policy, EmulatedPolicies.DEADLINE);
  }

  @Test
  void revoke_oneOfTwoMembers_keepsTheOther() throws Exception {
    demo.grants().apply(DIRECT);
    demo.grants().apply(CrossAccountGrant.tokenCreator(DELEGATE_1).on(TARGET));
    List<PolicyChange> changes = demo.grants().revoke(DIRECT);
    assertThat(changes).extracting(PolicyChange::kind).containsExactly(Kind.REMOVED);
    assertThat(policyOf(TARGET).getBindingsList())
        .containsExactly(tokenCreators("serviceAccount:" + DELEGATE_1));
  }

  @Test
  void revoke_notGranted_writesNothing() throws Exception {
    Policy before = policyOf(TARGET);
    List<PolicyChange> changes = demo.grants().revoke(DIRECT);
    assertThat(changes).extracting(PolicyChange::kind).containsExactly(Kind.UNCHANGED);
    assertThat(policyOf(TARGET)).isEqualTo(before);
  }

  @Test
  void apply_manyWritersAtOnce_losesNone() throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(8);
    try {
      List<Future<List<PolicyChange>>> writes =
          IntStream.range(0, 24)
              .mapToObj(i -> CrossAccountGrant.tokenCreator(member(i)).on(TARGET))
              .map(grant -> writers.submit(() -> demo.grants().apply(grant)))
              .toList();
      for (Future<List<PolicyChange>> write : writes) {
        assertThat(write.get()).extracting(PolicyChange::kind).containsExactly(Kind.ADDED);
      }
    } finally {
      writers.shutdownNow();
    }
    assertThat(policyOf(TARGET).getBindings(0).getMembersList())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 24).mapToObj(i -> member(i).id()).toList());
  }

  private static Member member(int i) {
    return Member.of("user:user-%d@example.com".formatted(i));
  }

  @Test
  void apply_withoutPermission_namesRoleAccountAndMember() {
    try (ShortLivedCredentials credentials = demo.caller(false);
        Grants grants = Grants.using(credentials)) {
      PermissionDenied refusal =
          catchThrowableOfType(PermissionDenied.class, () -> grants.apply(DIRECT));
      assertThat(refusal.permission()).contains("iam.serviceAccounts.getIamPolicy");
      assertThat(refusal)
          .hasMessageStartingWith("Editing the policy of " + TARGET + " refused: ")
          .hasMessageContaining("--role=roles/iam.serviceAccountAdmin");
    }
  }

  @Test
  void apply_unknownAccount_isDenied() {
    ServiceAccount unknown = ServiceAccount.of("unknown@demo-project.iam.gserviceaccount.com");
    assertThatThrownBy(
            () -> demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).on(unknown)))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("may not exist");
  }

  @Test
  void apply_memberThatDoesNotExist_isRefusedByTheService() {
    ServiceAccount unknown = ServiceAccount.of("unknown@demo-project.iam.gserviceaccount.com");
    assertThatThrownBy(
            () -> demo.grants().apply(CrossAccountGrant.tokenCreator(unknown).on(TARGET)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("does not exist");
  }

  @Test
  void revokeAndSweep_badInput_isRefusedBeforeAnyCall() {
    Grants grants = demo.grants();
    int before = demo.emulator().calls().size();
    assertThatThrownBy(() -> grants.planSweepOfProject("projects/p"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("it must be a project ID or a project number");
    assertThat(demo.emulator().calls()).hasSize(before);
  }

  @Test
  void apply_afterClose_isRefused() {
    try (ShortLivedCredentials credentials = demo.caller(false)) {
      Grants closed = Grants.using(credentials);
      closed.close();
      assertThatThrownBy(() -> closed.apply(DIRECT)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void revoke_memberSpelledInAnotherCase_removesIt() throws Exception {
    demo.grants()
        .apply(CrossAccountGrant.tokenCreator(Member.of("user:Me@example.com")).on(TARGET));
    List<PolicyChange> changes =
        demo.grants()
            .revoke(CrossAccountGrant.tokenCreator(Member.of("user:me@example.com")).on(TARGET));
    assertThat(changes).extracting(PolicyChange::kind).containsExactly(Kind.REMOVED);
    assertThat(policyOf(TARGET).getBindingsList()).isEmpty();
  }
}
