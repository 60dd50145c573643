package io.github.shortlived.diagnosis;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.diagnosis.DiagnosisDemo.assertInferred;
import static io.github.shortlived.diagnosis.DiagnosisDemo.only;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.rpc.Code;
import io.github.shortlived.ImpersonatingSources;
import io.github.shortlived.diagnosis.Fact.Evidence;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.WorkloadIdentityProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Diagnoses of impersonating source credentials: a refusal by IAM is not a broken login. */
class ImpersonatingSourceTest {
  private static final String API = "iamcredentials.googleapis.com";
  private static final String ACCESS_ONLY = "projects/" + PROJECT + "/roles/access";

  private final DiagnosisDemo demo =
      new DiagnosisDemo(
          world ->
              world
                  .clock(InstantSource.system())
                  .customRole(PROJECT, "access", "iam.serviceAccounts.getAccessToken")
                  .workloadIdentityPool(PROJECT, "ci-pool", "github", "https://ci.example.com"));

  @AfterEach
  void close() {
    demo.close();
  }

  private GoogleCredentials actingAs(ServiceAccount account, String... delegates) {
    return ImpersonatingSources.ofCaller(demo.emulator, account, delegates);
  }

  private Diagnosis diagnose(GoogleCredentials source) {
    return Diagnostics.using(demo.from(source)).diagnose(TARGET);
  }

  @Test
  void diagnose_sourceMayNotImpersonate_proposesTheGrant() {
    Diagnosis diagnosis = diagnose(actingAs(DELEGATE_1));
    assertThat(diagnosis)
        .hasToString(
            """
            delegate-1@demo-project -> target@demo-project, access token: fails at source credentials: refused, cause unknown
            +- source credentials: FAILS: refused, cause unknown
            |  +- observed: Fetching a token of the source credentials failed because the source credentials returned no token: Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist). (PERMISSION_DENIED, IAM_PERMISSION_DENIED)
            |  +- inferred: the source credentials act as delegate-1@demo-project, but nothing in effect allows caller@demo-project to do so: the binding is missing, has expired, depends on a condition or is not in effect yet, which the policy would show; or the account does not exist, or a deny policy or a principal access boundary forbids it
            |  \\- fix: grant it, which changes nothing if it is already granted; a grant takes effect after some minutes
            |     +- grants.apply(CrossAccountGrant.tokenCreator(Member.of("serviceAccount:caller@demo-project.iam.gserviceaccount.com")).on(ServiceAccount.of("delegate-1@demo-project.iam.gserviceaccount.com")))
            |     +- gcloud iam service-accounts describe delegate-1@demo-project.iam.gserviceaccount.com
            |     \\- gcloud iam service-accounts add-iam-policy-binding delegate-1@demo-project.iam.gserviceaccount.com --member=serviceAccount:caller@demo-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountTokenCreator --condition=None
            +- IAM Service Account Credentials API: unknown
            \\- delegate-1@demo-project -> target@demo-project: unknown""");
    demo.apply(only(diagnosis).remedy().grant().orElseThrow());
    demo.grant(DELEGATE_1, TARGET);
    assertThat(diagnose(actingAs(DELEGATE_1)).works()).isTrue();
  }

  @Test
  void diagnose_sourceOfTheSourceNotFound_doesNotBlameTheAccount() {
    GoogleCredentials acting = ImpersonatingSources.of(new Missing(), demo.emulator, DELEGATE_1);
    assertThat(only(diagnose(acting)).kind()).isEqualTo(Kind.SOURCE_BROKEN);
  }

  /** Fails as source credentials do whose identity provider responds with 404. */
  private static final class Missing extends GoogleCredentials {
    private static final long serialVersionUID = 1;

    @Override
    public AccessToken refreshAccessToken() throws IOException {
      throw new IOException(
          "No subject token",
          new HttpResponseException.Builder(404, "Not Found", new HttpHeaders()).build());
    }
  }

  @Test
  void diagnose_sourceWithDelegates_proposesAllGrants() {
    Finding finding = only(diagnose(actingAs(DELEGATE_2, DELEGATE_1.resourceName())));
    assertInferred(finding, Kind.ACCESS_DENIED);
    assertThat(finding.remedy().commands())
        .satisfiesExactly(
            look ->
                assertThat(look).isEqualTo("gcloud iam service-accounts describe " + DELEGATE_2),
            first ->
                assertThat(first).contains(" " + DELEGATE_1 + " --member=serviceAccount:" + CALLER),
            last ->
                assertThat(last)
                    .contains(" " + DELEGATE_2 + " --member=serviceAccount:" + DELEGATE_1));
    demo.apply(finding.remedy().grant().orElseThrow());
    demo.grant(DELEGATE_2, TARGET);
    assertThat(diagnose(actingAs(DELEGATE_2, DELEGATE_1.resourceName())).works()).isTrue();
  }

  @Test
  void diagnose_federatedSourceMayNotImpersonate_proposesTheGrant(@TempDir Path dir)
      throws Exception {
    WorkloadIdentityProvider ci =
        demo.emulator.workloadIdentityProvider(PROJECT, "ci-pool", "github");
    Path token = Files.writeString(dir.resolve("token"), ci.subjectToken("main"));
    Finding finding = only(diagnose(federated(ci.externalAccount(token, DELEGATE_1.id()))));
    assertInferred(finding, Kind.ACCESS_DENIED);
    assertThat(finding.text())
        .contains(" act as " + DELEGATE_1 + ", but nothing in effect allows MEMBER ");
    assertThat(finding.remedy().grant()).isEmpty();
    assertThat(finding.remedy().commands())
        .containsExactly(
            "gcloud iam service-accounts describe " + DELEGATE_1,
            "gcloud iam service-accounts add-iam-policy-binding "
                + DELEGATE_1
                + " --member=MEMBER --role=roles/iam.workloadIdentityUser --condition=None");

    demo.grant(
        CrossAccountGrant.WORKLOAD_IDENTITY_USER, Member.of(ci.principal("main")), DELEGATE_1);
    demo.grant(DELEGATE_1, TARGET);
    assertThat(diagnose(federated(ci.externalAccount(token, DELEGATE_1.id()))).works()).isTrue();
  }

  private GoogleCredentials federated(String json) throws Exception {
    return ImpersonatingSources.federated(demo.emulator, json);
  }

  @Test
  void diagnose_apiDisabledForTheSource_proposesTheCommand() {
    demo.emulator.controls().disableApi(PROJECT, API);
    Diagnosis diagnosis = diagnose(actingAs(DELEGATE_1));
    assertThat(only(diagnosis).kind()).isEqualTo(Kind.API_DISABLED);
    assertThat(diagnosis.firstFailure().orElseThrow().stage()).isEqualTo(new Stage.Source());
    assertThat(only(diagnosis).remedy().commands())
        .containsExactly(
            "gcloud services enable %s --project=%s"
                .formatted(API, IamEmulator.projectNumber(PROJECT)));
  }

  @Test
  void diagnose_impersonatedAccountMissing_isNotFound() {
    ServiceAccount gone = ServiceAccount.of("gone@demo-project.iam.gserviceaccount.com");
    Finding finding = only(diagnose(actingAs(gone)));
    assertThat(finding.kind()).isEqualTo(Kind.ACCOUNT_NOT_FOUND);
    assertThat(finding.evidence()).isEqualTo(Evidence.OBSERVED);
    assertThat(finding.text()).startsWith(gone + " does not exist: ");
  }

  @Test
  void diagnose_oneOfItsAccountsMissing_infersTheLast() {
    demo.emulator.faults().on("generateAccessToken").fail(Code.NOT_FOUND);
    Finding finding = only(diagnose(actingAs(DELEGATE_2, DELEGATE_1.resourceName())));
    assertInferred(finding, Kind.ACCOUNT_NOT_FOUND);
    assertThat(finding.text()).startsWith(DELEGATE_2 + " does not exist: ");
  }

  @Test
  void diagnose_sourceRefusedWithoutPolicy_proposesNoGrant() {
    demo.emulator.faults().on("generateAccessToken").fail(Code.PERMISSION_DENIED);
    Finding finding = only(diagnose(actingAs(DELEGATE_1)));
    assertInferred(finding, Kind.REFUSED_OTHERWISE);
    assertThat(finding.remedy().grant()).isEmpty();
  }

  @Test
  void diagnose_ownIdTokenRefused_proposesTheGrant() {
    demo.grant(ACCESS_ONLY, Member.of(CALLER), DELEGATE_1);
    IdTokenRequest request = IdTokenRequest.of(Target.self(), "https://orders.example.com");
    Diagnostics diagnostics = Diagnostics.using(demo.from(actingAs(DELEGATE_1)));
    Diagnosis diagnosis = diagnostics.diagnose(request);
    assertInferred(only(diagnosis), Kind.ACCESS_DENIED);
    demo.apply(only(diagnosis).remedy().grant().orElseThrow());
    assertThat(diagnostics.diagnose(request).works()).isTrue();
  }
}
