package io.github.shortlived.diagnosis;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import io.github.shortlived.diagnosis.Diagnosis.Step;
import io.github.shortlived.diagnosis.Diagnosis.Step.Status;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.Member;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Diagnoses by a caller who can read no policy, or not every policy. */
class UnreadablePolicyDiagnosisTest {
  private static final String ADMIN = "roles/iam.serviceAccountAdmin";

  private final DiagnosisDemo demo = new DiagnosisDemo();

  @AfterEach
  void close() {
    demo.close();
  }

  @Test
  void diagnose_policiesNotReadable_reportsTheAccountWithoutTheCause() {
    demo.grant(CALLER, DELEGATE_1);
    Diagnosis diagnosis = demo.readingAsCaller().diagnose(CHAIN);
    assertThat(diagnosis)
        .hasToString(
            """
            caller@demo-project -> delegate-1@demo-project -> delegate-2@demo-project -> target@demo-project, access token: fails at delegate-1@demo-project -> delegate-2@demo-project: refused, cause unknown
            +- source credentials: works
            |  \\- observed: AttachedAccountCredentials returned a token for caller@demo-project
            +- IAM Service Account Credentials API: works
            |  \\- observed: it responded
            +- caller@demo-project -> delegate-1@demo-project: works
            |  \\- observed: an access token of delegate-1@demo-project was issued and discarded
            +- delegate-1@demo-project -> delegate-2@demo-project: FAILS: refused, cause unknown
            |  +- observed: generateAccessToken for delegate-2@demo-project via delegate-1@demo-project refused: Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist). (PERMISSION_DENIED, IAM_PERMISSION_DENIED)
            |  +- observed: policy of delegate-2@demo-project: cannot be read without iam.serviceAccounts.getIamPolicy
            |  +- inferred: nothing in effect allows delegate-1@demo-project to delegate through delegate-2@demo-project: the binding is missing, has expired, depends on a condition or is not in effect yet, which the policy would show; or the account does not exist, or a deny policy or a principal access boundary forbids it
            |  \\- fix: run the diagnosis with an audit that can read the policy; or grant it, which changes nothing if it is already granted; a grant takes effect after some minutes
            |     +- grants.apply(CrossAccountGrant.tokenCreator(Member.of("serviceAccount:delegate-1@demo-project.iam.gserviceaccount.com")).on(ServiceAccount.of("delegate-2@demo-project.iam.gserviceaccount.com")))
            |     +- gcloud iam service-accounts describe delegate-2@demo-project.iam.gserviceaccount.com
            |     \\- gcloud iam service-accounts add-iam-policy-binding delegate-2@demo-project.iam.gserviceaccount.com --member=serviceAccount:delegate-1@demo-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountTokenCreator --condition=None
            +- delegate-2@demo-project -> target@demo-project: unknown
            |  +- observed: no request reached this account
            |  \\- observed: policy of target@demo-project: cannot be read without iam.serviceAccounts.getIamPolicy
            \\- Not examined: policies of projects, folders and the organization, which can also grant access; deny policies, which can forbid it""");
  }

  @Test
  void diagnose_everythingGranted_readsNoPolicy() {
    demo.apply(CrossAccountGrant.tokenCreator(CALLER).along(CHAIN));
    assertThat(demo.readingAsCaller().diagnose(CHAIN).works()).isTrue();
    assertThat(demo.calls()).containsEntry("getIamPolicy", 3L); // by the administrator, to grant
  }

  @Test
  void diagnose_somePoliciesReadable_readsThem() {
    demo.grant(ADMIN, Member.of(CALLER), DELEGATE_2);
    demo.grant(CALLER, DELEGATE_1);
    Diagnosis diagnosis = demo.readingAsCaller().diagnose(CHAIN);
    assertThat(diagnosis.findings()).extracting(Finding::kind).containsExactly(Kind.GRANT_MISSING);
    assertThat(diagnosis.steps())
        .extracting(Step::status)
        .containsExactly(Status.WORKS, Status.WORKS, Status.WORKS, Status.FAILS, Status.UNKNOWN);
    assertThat(diagnosis.toString())
        .contains(
            """
            |  +- observed: policy of delegate-2@demo-project, for delegate-1@demo-project: nothing
            |  +- observed: reverse direction not examined: policy of delegate-1@demo-project: cannot be read without iam.serviceAccounts.getIamPolicy
            """);
  }

  @Test
  void diagnose_iamApiDisabled_readsNoOtherPolicy() {
    demo.emulator.controls().disableApi(PROJECT, "iam.googleapis.com");
    Diagnosis diagnosis = demo.readingAsCaller().diagnose(CHAIN);
    assertThat(diagnosis.findings()).extracting(Finding::kind).containsExactly(Kind.ACCESS_DENIED);
    assertThat(diagnosis.toString())
        .contains(
            "observed: Reading the policy of delegate-1@demo-project failed: Identity and Access");
    assertThat(demo.calls()).containsEntry("getIamPolicy", 1L);
  }

  @Test
  void diagnose_onePolicyUnavailable_readsTheOthers() {
    demo.grant(DELEGATE_2, TARGET);
    CHAIN.accounts().forEach(account -> demo.grant(ADMIN, Member.of(CALLER), account));
    demo.emulator.faults().on("getIamPolicy").times(1).fail(Code.UNAVAILABLE);
    Diagnosis diagnosis = demo.readingAsCaller().diagnose(CHAIN);
    assertThat(diagnosis.findings())
        .extracting(Finding::kind)
        .containsExactly(Kind.ACCESS_DENIED, Kind.GRANT_MISSING);
    assertThat(diagnosis.toString())
        .contains("observed: Reading the policy of delegate-1@demo-project failed: ")
        .contains("delegate-2@demo-project -> target@demo-project: seems to work\n");
  }

  @Test
  void diagnose_givenAudit_staysOpen() {
    demo.diagnose(TARGET);
    assertThat(demo.audit.audit(TARGET).entries()).isEmpty();
  }
}
