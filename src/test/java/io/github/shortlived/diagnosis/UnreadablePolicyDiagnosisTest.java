package io.github.shortlived.diagnosis;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.HOP_1;
import static io.github.shortlived.DemoProject.HOP_2;
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
  void diagnose_policiesNotReadable_reportsTheLinkWithoutTheCause() {
    demo.grant(CALLER, HOP_1);
    Diagnosis diagnosis = demo.readingAsCaller().diagnose(CHAIN);
    assertThat(diagnosis)
        .hasToString(
            """
            caller@demo-project -> hop-1@demo-project -> hop-2@demo-project -> target@demo-project, access token: fails at hop-1@demo-project -> hop-2@demo-project: refused, cause unknown
            +- source credentials: works
            |  \\- observed: AttachedAccountCredentials gave a token for caller@demo-project
            +- IAM Service Account Credentials API: works
            |  \\- observed: it responded
            +- caller@demo-project -> hop-1@demo-project: works
            |  \\- observed: an access token of hop-1@demo-project was issued and discarded
            +- hop-1@demo-project -> hop-2@demo-project: FAILS: refused, cause unknown
            |  +- observed: generateAccessToken for hop-2@demo-project via hop-1@demo-project refused: Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist). (PERMISSION_DENIED, IAM_PERMISSION_DENIED)
            |  +- observed: policy of hop-2@demo-project: cannot be read without iam.serviceAccounts.getIamPolicy
            |  +- inferred: nothing in effect allows hop-1@demo-project to delegate through hop-2@demo-project: the binding is missing, has expired, depends on a condition or is not in effect yet, which the policy would show; or the account does not exist, or a deny policy or a principal access boundary forbids it
            |  \\- fix: run the diagnosis with an audit that can read the policy; or grant it, which changes nothing if it is already granted; that takes effect after some minutes
            |     +- grants.apply(CrossAccountGrant.tokenCreator(Member.of("serviceAccount:hop-1@demo-project.iam.gserviceaccount.com")).on(ServiceAccount.of("hop-2@demo-project.iam.gserviceaccount.com")))
            |     +- gcloud iam service-accounts describe hop-2@demo-project.iam.gserviceaccount.com
            |     \\- gcloud iam service-accounts add-iam-policy-binding hop-2@demo-project.iam.gserviceaccount.com --member=serviceAccount:hop-1@demo-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountTokenCreator --condition=None
            +- hop-2@demo-project -> target@demo-project: unknown
            |  +- observed: no request reached this link
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
    demo.grant(ADMIN, Member.of(CALLER), HOP_2);
    demo.grant(CALLER, HOP_1);
    Diagnosis diagnosis = demo.readingAsCaller().diagnose(CHAIN);
    assertThat(diagnosis.findings()).extracting(Finding::kind).containsExactly(Kind.LINK_MISSING);
    assertThat(diagnosis.steps())
        .extracting(Step::status)
        .containsExactly(Status.WORKS, Status.WORKS, Status.WORKS, Status.FAILS, Status.UNKNOWN);
    assertThat(diagnosis.toString())
        .contains(
            """
            |  +- observed: policy of hop-2@demo-project, for hop-1@demo-project: nothing
            |  +- observed: reverse direction not examined: policy of hop-1@demo-project: cannot be read without iam.serviceAccounts.getIamPolicy
            """);
  }

  @Test
  void diagnose_iamApiDisabled_readsNoOtherPolicy() {
    demo.emulator.controls().disableApi(PROJECT, "iam.googleapis.com");
    Diagnosis diagnosis = demo.readingAsCaller().diagnose(CHAIN);
    assertThat(diagnosis.findings()).extracting(Finding::kind).containsExactly(Kind.LINK_REFUSED);
    assertThat(diagnosis.toString())
        .contains("observed: Reading the policy of hop-1@demo-project failed: Identity and Access");
    assertThat(demo.calls()).containsEntry("getIamPolicy", 1L);
  }

  @Test
  void diagnose_onePolicyUnavailable_readsTheOthers() {
    demo.grant(HOP_2, TARGET);
    CHAIN.hops().forEach(account -> demo.grant(ADMIN, Member.of(CALLER), account));
    demo.emulator.faults().on("getIamPolicy").times(1).fail(Code.UNAVAILABLE);
    Diagnosis diagnosis = demo.readingAsCaller().diagnose(CHAIN);
    assertThat(diagnosis.findings())
        .extracting(Finding::kind)
        .containsExactly(Kind.LINK_REFUSED, Kind.LINK_MISSING);
    assertThat(diagnosis.toString())
        .contains("observed: Reading the policy of hop-1@demo-project failed: ")
        .contains("hop-2@demo-project -> target@demo-project: seems to work\n");
  }

  @Test
  void diagnose_givenAudit_staysOpen() {
    demo.diagnose(TARGET);
    assertThat(demo.audit.audit(TARGET).entries()).isEmpty();
  }
}
