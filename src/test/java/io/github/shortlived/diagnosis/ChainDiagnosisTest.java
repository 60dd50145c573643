package io.github.shortlived.diagnosis;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.diagnosis.DiagnosisDemo.assertInferred;
import static io.github.shortlived.diagnosis.DiagnosisDemo.only;
import static io.github.shortlived.diagnosis.DiagnosisDemo.statuses;
import static io.github.shortlived.grant.CrossAccountGrant.WORKLOAD_IDENTITY_USER;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.diagnosis.Diagnosis.Step;
import io.github.shortlived.diagnosis.Diagnosis.Step.Status;
import io.github.shortlived.diagnosis.Fact.Evidence;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.TokenPermission;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Diagnoses of delegation chains: the account that refuses, and the other accounts. */
class ChainDiagnosisTest {
  private static final Member ME = Member.of(CALLER);
  private static final String DELEGATING = "projects/" + PROJECT + "/roles/delegating";

  private final DiagnosisDemo demo =
      new DiagnosisDemo(
          world ->
              world.customRole(
                  PROJECT, "delegating", TokenPermission.IMPLICIT_DELEGATION.permission()));

  @AfterEach
  void close() {
    demo.close();
  }

  @Test
  void diagnose_chainBrokenInTheMiddle_reportsEachAccount() {
    demo.grant(CALLER, DELEGATE_1);
    demo.grant(DELEGATE_2, TARGET);
    Diagnosis diagnosis = demo.diagnose(CHAIN);
    assertThat(statuses(diagnosis))
        .containsExactly(Status.WORKS, Status.WORKS, Status.WORKS, Status.FAILS, Status.WORKS);
    assertThat(diagnosis.toString())
        .contains(
            """
            +- caller@demo-project -> delegate-1@demo-project: works
            |  \\- observed: an access token of delegate-1@demo-project was issued and discarded
            +- delegate-1@demo-project -> delegate-2@demo-project: FAILS: no grant
            """)
        .contains(
            """
            +- delegate-2@demo-project -> target@demo-project: seems to work
            |  +- observed: no request reached this account
            |  \\- observed: policy of target@demo-project, for delegate-2@demo-project: access token, ID token, sign JWT, sign blob, delegate by roles/iam.serviceAccountTokenCreator
            """);
    demo.assertCures(diagnosis);
  }

  @Test
  void diagnose_chainBrokenTwice_reportsBoth() {
    demo.grant(CALLER, DELEGATE_1);
    demo.grant(TARGET, DELEGATE_2);
    Diagnosis diagnosis = demo.diagnose(CHAIN);
    assertThat(diagnosis.findings())
        .extracting(Finding::kind)
        .containsExactly(Kind.GRANT_MISSING, Kind.GRANT_REVERSED);
    assertThat(diagnosis.toString())
        .contains(
            "+- delegate-2@demo-project -> target@demo-project: SEEMS TO FAIL: granted in the");
  }

  @Test
  void diagnose_chainInTheWrongOrder_proposesTheReverseOrderAndNoGrant() {
    DelegationChain wrong = DelegationChain.through(DELEGATE_2, DELEGATE_1).to(TARGET);
    demo.apply(CrossAccountGrant.tokenCreator(ME).along(CHAIN));
    Diagnosis diagnosis = demo.diagnose(wrong);
    assertInferred(only(diagnosis), Kind.CHAIN_REVERSED);
    assertThat(only(diagnosis).remedy().grant()).isEmpty();
    assertThat(only(diagnosis).text())
        .endsWith(
            "the policies allow caller@demo-project.iam.gserviceaccount.com -> %s -> %s -> %s"
                .formatted(DELEGATE_1, DELEGATE_2, TARGET));
    assertThat(diagnosis.toString())
        .contains(
            "fails at caller@demo-project -> delegate-2@demo-project: the chain is in the reverse")
        .contains("fix: list the delegates in that order; no grant is needed\n")
        .doesNotContain("add-iam-policy-binding");
    assertThat(demo.diagnose(CHAIN).works()).isTrue();
  }

  @Test
  void diagnose_reverseOrderNotAllowedEither_proposesTheGrants() {
    demo.grant(CALLER, DELEGATE_1);
    demo.grant(DELEGATE_1, DELEGATE_2);
    DelegationChain wrong = DelegationChain.through(DELEGATE_2, DELEGATE_1).to(TARGET);
    assertThat(demo.diagnose(wrong).findings())
        .extracting(Finding::kind)
        .containsExactly(Kind.GRANT_MISSING, Kind.GRANT_REVERSED, Kind.GRANT_MISSING);
  }

  @Test
  void diagnose_workingChain_isObserved() {
    demo.apply(CrossAccountGrant.tokenCreator(ME).along(CHAIN));
    Diagnosis diagnosis = demo.diagnose(CHAIN);
    assertThat(diagnosis.works()).isTrue();
    assertThat(diagnosis.steps()).extracting(Step::evidence).containsOnly(Evidence.OBSERVED);
  }

  @Test
  void diagnose_serviceFailsForShorterPath_reportsTheRefusalToo() {
    demo.grant(CALLER, DELEGATE_1);
    demo.grant(DELEGATE_2, TARGET);
    demo.emulator.faults().on("generateAccessToken").every(2).fail(Code.UNAVAILABLE);
    Diagnosis diagnosis = demo.diagnose(CHAIN);
    assertThat(diagnosis.findings())
        .extracting(Finding::kind)
        .containsExactly(Kind.UNAVAILABLE, Kind.GRANT_MISSING);
    assertThat(diagnosis.toString())
        .contains(
            """
            +- delegate-2@demo-project -> target@demo-project: seems to work
            |  +- observed: generateAccessToken for target@demo-project via delegate-1@demo-project, delegate-2@demo-project refused: Permission 'iam.serviceAccounts.implicitDelegation' denied on resource (or it may not exist). (PERMISSION_DENIED, IAM_PERMISSION_DENIED)
            |  +- observed: which account up to here refuses is unknown: the request for a shorter chain failed for another reason
            |  \\- observed: policy of target@demo-project, for delegate-2@demo-project: access token""")
        .doesNotContain("no request reached this account");
  }

  @Test
  void diagnose_tokenNotAcceptedForShorterPath_reportsTheRefusalWithoutPolicies() {
    demo.emulator.faults().on("generateAccessToken").every(2).fail(Code.UNAUTHENTICATED);
    Diagnosis diagnosis = demo.diagnose(CHAIN);
    assertThat(only(diagnosis).kind()).isEqualTo(Kind.TOKEN_NOT_ACCEPTED);
    assertThat(diagnosis.toString())
        .contains(
            """
            \\- delegate-2@demo-project -> target@demo-project: unknown
               +- observed: generateAccessToken for target@demo-project via delegate-1@demo-project, delegate-2""")
        .doesNotContain("observed: policy of");
  }

  @Test
  void diagnose_delegateThatIssuesButDoesNotDelegate_isWrongRole() {
    demo.grant(WORKLOAD_IDENTITY_USER, ME, DELEGATE_1);
    demo.grant(DELEGATE_1, DELEGATE_2);
    demo.grant(DELEGATE_2, TARGET);
    Diagnosis diagnosis = demo.diagnose(CHAIN);
    assertInferred(only(diagnosis), Kind.WRONG_ROLE);
    assertThat(diagnosis.firstFailure().orElseThrow().stage())
        .isEqualTo(
            new Stage.Grant(diagnosis.caller(), DELEGATE_1, TokenPermission.IMPLICIT_DELEGATION));
    demo.assertCures(diagnosis);
  }

  @Test
  void diagnose_delegateWithCustomRole_isInferredToFail() {
    demo.grant(DELEGATING, ME, DELEGATE_1);
    demo.grant(DELEGATE_1, DELEGATE_2);
    Diagnosis diagnosis = demo.diagnose(CHAIN);
    assertThat(diagnosis.toString())
        .contains(
            "caller@demo-project -> delegate-1@demo-project: works",
            "delegate-2@demo-project -> target@demo-project: FAILS: no grant");

    demo.grant("roles/iam.serviceAccountAdmin", ME, DELEGATE_2);
    demo.grants.planRevokeEverything(Member.of(DELEGATE_1), DELEGATE_2).apply();
    assertThat(demo.diagnose(CHAIN).toString())
        .contains(
            "caller@demo-project -> delegate-1@demo-project: SEEMS TO FAIL: a role that may lack the");
  }

  @Test
  void diagnose_missingDelegateAfterMissingGrant_reportsBoth() {
    ServiceAccount gone = ServiceAccount.of("gone@demo-project.iam.gserviceaccount.com");
    Diagnosis diagnosis = demo.diagnose(DelegationChain.through(DELEGATE_1, gone).to(TARGET));
    assertThat(diagnosis.findings())
        .extracting(Finding::kind)
        .containsExactly(Kind.GRANT_MISSING, Kind.ACCOUNT_NOT_FOUND);
    assertThat(diagnosis.toString())
        .contains(
            """
            +- gone@demo-project -> target@demo-project: unknown
            |  \\- inferred: no request can come from an account that does not exist
            """);
  }

  @Test
  void diagnose_disabledDelegate_isAccountDisabled() {
    try (DiagnosisDemo disabled =
        new DiagnosisDemo(world -> world.disabledServiceAccount(DELEGATE_2.id()))) {
      disabled.apply(CrossAccountGrant.tokenCreator(ME).along(CHAIN));
      Diagnosis diagnosis = disabled.diagnose(CHAIN);
      assertThat(only(diagnosis).kind()).isEqualTo(Kind.ACCOUNT_DISABLED);
      assertThat(only(diagnosis).remedy().commands())
          .containsExactly("gcloud iam service-accounts enable " + DELEGATE_2);
      assertThat(statuses(diagnosis))
          .containsExactly(Status.WORKS, Status.WORKS, Status.WORKS, Status.FAILS, Status.WORKS);
    }
  }

  @Test
  void diagnose_nothingGranted_sendsOnlyTheNecessaryRequests() {
    demo.diagnose(CHAIN);
    assertThat(demo.calls()).isEqualTo(Map.of("generateAccessToken", 3L, "getIamPolicy", 4L));
  }

  @Test
  void toString_diagnosis_showsNoToken() throws Exception {
    demo.grant(CALLER, DELEGATE_1);
    ShortLivedCredentials caller = demo.as(ME);
    String token = caller.accessToken(DELEGATE_1, CLOUD_PLATFORM).token();
    Diagnosis diagnosis = Diagnostics.using(caller).diagnose(CHAIN);
    assertThat(token).startsWith("ya29.");
    assertThat(diagnosis.toString()).doesNotContain("ya29.");
    assertThat(diagnosis.steps().toString()).doesNotContain("ya29.");
  }
}
