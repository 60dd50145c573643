package io.github.shortlived.diagnosis;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.diagnosis.DiagnosisDemo.assertInferred;
import static io.github.shortlived.diagnosis.DiagnosisDemo.only;
import static io.github.shortlived.grant.CrossAccountGrant.OPEN_ID_TOKEN_CREATOR;
import static io.github.shortlived.grant.CrossAccountGrant.TOKEN_CREATOR;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import io.github.shortlived.diagnosis.Fact.Evidence;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.TokenPermission;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Diagnoses of one grant; the policies can be read. */
class GrantDiagnosisTest {
  private static final Member ME = Member.of(CALLER);
  private static final String CUSTOM = "projects/" + PROJECT + "/roles/minter";

  private final DiagnosisDemo demo =
      new DiagnosisDemo(
          world ->
              world
                  .customRole(PROJECT, "minter", "iam.serviceAccounts.signBlob")
                  .group("team@example.com", "user:other@example.com"));

  @AfterEach
  void close() {
    demo.close();
  }

  @Test
  void diagnose_granted_works() {
    demo.grant(CALLER, TARGET);
    Diagnosis diagnosis = demo.diagnose(TARGET);
    assertThat(diagnosis.works()).isTrue();
    assertThat(diagnosis.firstFailure()).isEmpty();
    assertThat(diagnosis.caller()).contains(ME);
    assertThat(diagnosis.at()).isEqualTo(DiagnosisDemo.NOW);
    assertThat(diagnosis)
        .hasToString(
            """
            caller@demo-project -> target@demo-project, access token: works
            +- source credentials: works
            |  \\- observed: AttachedAccountCredentials returned a token for caller@demo-project
            +- IAM Service Account Credentials API: works
            |  \\- observed: it responded
            \\- caller@demo-project -> target@demo-project: works
               \\- observed: an access token of target@demo-project was issued and discarded""");
  }

  @Test
  void diagnose_grantedByTheProject_works() {
    demo.emulator.addProjectBinding(PROJECT, TOKEN_CREATOR, ME.id());
    assertThat(demo.diagnose(TARGET).works()).isTrue();
  }

  @Test
  void diagnose_nothingGranted_proposesTheGrant() {
    Diagnosis diagnosis = demo.diagnose(TARGET);
    assertInferred(only(diagnosis), Kind.GRANT_MISSING);
    assertThat(diagnosis.firstFailure())
        .hasValueSatisfying(
            step -> {
              assertThat(step.evidence()).isEqualTo(Evidence.OBSERVED);
              assertThat(step.stage())
                  .isEqualTo(
                      new Stage.Grant(diagnosis.caller(), TARGET, TokenPermission.ACCESS_TOKEN));
            });
    assertThat(diagnosis)
        .hasToString(
            """
            caller@demo-project -> target@demo-project, access token: fails at caller@demo-project -> target@demo-project: no grant
            +- source credentials: works
            |  \\- observed: AttachedAccountCredentials returned a token for caller@demo-project
            +- IAM Service Account Credentials API: works
            |  \\- observed: it responded
            +- caller@demo-project -> target@demo-project: FAILS: no grant
            |  +- observed: generateAccessToken for target@demo-project refused: Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist). (PERMISSION_DENIED, IAM_PERMISSION_DENIED)
            |  +- observed: policy of target@demo-project, for caller@demo-project: nothing
            |  +- inferred: no binding allows caller@demo-project to obtain an access token of target@demo-project
            |  \\- fix: grant it; a grant takes effect after some minutes
            |     +- grants.apply(CrossAccountGrant.tokenCreator(Member.of("serviceAccount:caller@demo-project.iam.gserviceaccount.com")).on(ServiceAccount.of("target@demo-project.iam.gserviceaccount.com")))
            |     \\- gcloud iam service-accounts add-iam-policy-binding target@demo-project.iam.gserviceaccount.com --member=serviceAccount:caller@demo-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountTokenCreator --condition=None
            \\- Not examined: policies of projects, folders and the organization, which can also grant access; deny policies, which can forbid it""");
    demo.assertCures(diagnosis);
  }

  @Test
  void diagnose_ownEmail_proposesTargetSelfFirst() {
    Diagnosis diagnosis = demo.diagnose(CALLER);
    assertInferred(only(diagnosis), Kind.GRANT_MISSING);
    assertThat(only(diagnosis).remedy().text())
        .startsWith("use Target.self(), unless it is to sign without a key; then grant it; ");
    assertThat(demo.diagnose(Target.self()).works()).isTrue();
    demo.assertCures(diagnosis);
  }

  @Test
  void diagnose_grantedInTheReverseDirection_isGrantReversed() {
    demo.grant(TARGET, CALLER);
    Diagnosis diagnosis = demo.diagnose(TARGET);
    assertInferred(only(diagnosis), Kind.GRANT_REVERSED);
    assertThat(diagnosis.toString())
        .contains(
            """
            +- caller@demo-project -> target@demo-project: FAILS: granted in the reverse direction
            |  +- observed: generateAccessToken for target@demo-project refused: Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist). (PERMISSION_DENIED, IAM_PERMISSION_DENIED)
            |  +- observed: policy of target@demo-project, for caller@demo-project: nothing
            |  +- observed: policy of caller@demo-project, for target@demo-project: access token, ID token, sign JWT, sign blob, delegate by roles/iam.serviceAccountTokenCreator
            |  +- inferred: the grant has the wrong direction: it allows target@demo-project to act as caller@demo-project; to allow caller@demo-project to act as target@demo-project, it has to be on target@demo-project
            |  \\- fix: grant it on target@demo-project, and revoke the other one unless it is needed; a grant takes effect after some minutes
            """);
    demo.assertCures(diagnosis);
  }

  @Test
  void diagnose_expiredReverseGrant_isNotTheCause() {
    demo.apply(
        CrossAccountGrant.tokenCreator(Member.of(TARGET))
            .on(CALLER)
            .expiringIn(Duration.ofHours(1)));
    demo.grant("roles/iam.serviceAccountUser", ME, TARGET);
    assertInferred(only(demo.diagnose(TARGET)), Kind.GRANT_REVERSED);
    demo.emulator.clock().advance(Duration.ofHours(1));
    assertInferred(only(demo.diagnose(TARGET)), Kind.WRONG_ROLE);
  }

  @Test
  void diagnose_reverseBindingForEveryone_isNotTheCause() {
    demo.grant(TOKEN_CREATOR, Member.allUsers(), CALLER);
    assertInferred(only(demo.diagnose(TARGET)), Kind.GRANT_MISSING);
  }

  @Test
  void diagnose_reverseBindingWithoutTokens_isNotTheCause() {
    demo.grant("roles/iam.serviceAccountUser", Member.of(TARGET), CALLER);
    assertInferred(only(demo.diagnose(TARGET)), Kind.GRANT_MISSING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "roles/iam.serviceAccountUser",
        "roles/iam.serviceAccountAdmin",
        OPEN_ID_TOKEN_CREATOR
      })
  void diagnose_roleWithoutAccessTokens_isWrongRole(String role) {
    demo.grant(role, ME, TARGET);
    Diagnosis diagnosis = demo.diagnose(TARGET);
    assertInferred(only(diagnosis), Kind.WRONG_ROLE);
    assertThat(only(diagnosis).text())
        .startsWith(role + " does not allow its holder to obtain an access token of ")
        .endsWith("which requires iam.serviceAccounts.getAccessToken");
    demo.assertCures(diagnosis);
  }

  @Test
  void diagnose_openIdTokenCreator_sufficesForIdTokensOnly() {
    demo.grant(OPEN_ID_TOKEN_CREATOR, ME, TARGET);
    Diagnostics diagnostics = demo.readingAsAdmin();
    assertThat(diagnostics.diagnose(IdTokenRequest.of(TARGET, "orders")).works()).isTrue();
    assertThat(only(diagnostics.diagnose(signing())).kind()).isEqualTo(Kind.WRONG_ROLE);
    assertThat(only(diagnostics.diagnose(SignBlobRequest.of(TARGET, new byte[1]))).text())
        .contains("a signature of", "iam.serviceAccounts.signBlob");
  }

  private static SignJwtRequest signing() {
    return SignJwtRequest.of(TARGET, JwtClaims.expiringIn(Duration.ofMinutes(1)));
  }

  @Test
  void diagnose_idTokenNotGranted_proposesTheNarrowestRole() {
    Diagnosis diagnosis = demo.readingAsAdmin().diagnose(IdTokenRequest.of(TARGET, "orders"));
    assertThat(only(diagnosis).remedy().java())
        .hasValueSatisfying(java -> assertThat(java).contains(".openIdTokenCreator(Member.of("));
    assertThat(diagnosis.toString())
        .startsWith("caller@demo-project -> target@demo-project, ID token: fails at ");
    demo.assertCures(diagnosis);
  }

  @Test
  void diagnose_customRole_isNotLookedUp() {
    demo.grant(CUSTOM, ME, TARGET);
    Diagnosis diagnosis = demo.diagnose(TARGET);
    assertInferred(only(diagnosis), Kind.ROLE_UNKNOWN);
    assertThat(diagnosis.firstFailure().orElseThrow().evidence()).isEqualTo(Evidence.OBSERVED);
    demo.assertCures(diagnosis);
  }

  @Test
  void diagnose_grantOfThisLibraryExpired_isGrantExpired() {
    demo.apply(CrossAccountGrant.tokenCreator(ME).on(TARGET).expiringIn(Duration.ofHours(1)));
    assertThat(demo.diagnose(TARGET).works()).isTrue();
    demo.emulator.clock().advance(Duration.ofHours(1));
    assertExpired(demo.diagnose(TARGET));
  }

  @Test
  void diagnose_timeLimitOfTheConsolePassed_isGrantExpired() {
    demo.apply(
        CrossAccountGrant.tokenCreator(ME)
            .on(TARGET)
            .onlyIf(
                Condition.of(
                    "Expirable access",
                    "request.time < timestamp(\"2030-01-01T02:00:00.000+01:00\")")));
    assertThat(demo.diagnose(TARGET).works()).isTrue();
    demo.emulator.clock().advance(Duration.ofHours(1));
    assertExpired(demo.diagnose(TARGET));
  }

  private void assertExpired(Diagnosis diagnosis) {
    assertInferred(only(diagnosis), Kind.GRANT_EXPIRED);
    assertThat(only(diagnosis).remedy().text()).contains("expiringIn(...)");
    demo.assertCures(diagnosis);
  }

  @Test
  void diagnose_conditionNotMet_isQuoted() {
    demo.apply(
        CrossAccountGrant.tokenCreator(ME)
            .on(TARGET)
            .onlyIf(Condition.of("elsewhere", "resource.name == \"elsewhere\"")));
    Diagnosis diagnosis = demo.diagnose(TARGET);
    assertInferred(only(diagnosis), Kind.CONDITION_NOT_MET);
    assertThat(diagnosis.toString())
        .contains(
            "observed: policy of target@demo-project, for caller@demo-project: access token, ID"
                + " token, sign JWT, sign blob, delegate by roles/iam.serviceAccountTokenCreator if"
                + " resource.name == \"elsewhere\"\n");
    demo.assertCures(diagnosis);
  }

  @Test
  void diagnose_groupWithPermission_isNamed() {
    demo.grant(TOKEN_CREATOR, Member.of("group:team@example.com"), TARGET);
    Diagnosis diagnosis = demo.diagnose(TARGET);
    assertInferred(only(diagnosis), Kind.NOT_A_MEMBER);
    assertThat(only(diagnosis).text()).startsWith("group:team@example.com can obtain an access");
    demo.assertCures(diagnosis);
  }

  @Test
  void diagnose_grantToDeletedAccountOfTheSameName_isReported() throws Exception {
    demo.grant(CALLER, TARGET);
    demo.recreate(CALLER);
    Diagnosis diagnosis = demo.diagnose(TARGET);
    assertInferred(only(diagnosis), Kind.GRANT_MISSING);
    assertThat(only(diagnosis).text())
        .endsWith("; the existing one is for a deleted account of the same name");
    demo.assertCures(diagnosis);
  }

  @Test
  void diagnose_grantedButNotInEffect_isPropagation() {
    demo.emulator.controls().propagationDelay(Duration.ofMinutes(5));
    demo.grant(CALLER, TARGET);
    Diagnosis diagnosis = demo.diagnose(TARGET);
    assertInferred(only(diagnosis), Kind.PROPAGATION);
    assertThat(only(diagnosis).remedy().grant()).isEmpty();
    assertThat(only(diagnosis).text()).contains("typically takes 2 minutes, sometimes 7 or more");
    demo.emulator.clock().advance(Duration.ofMinutes(5));
    assertThat(demo.diagnose(TARGET).works()).isTrue();
  }

  @Test
  void diagnose_missingTarget_isNotFound() {
    ServiceAccount gone = ServiceAccount.of("gone@demo-project.iam.gserviceaccount.com");
    Finding finding = only(demo.diagnose(gone));
    assertThat(finding.kind()).isEqualTo(Kind.ACCOUNT_NOT_FOUND);
    assertThat(finding.evidence()).isEqualTo(Evidence.OBSERVED);
    assertThat(finding.remedy().commands())
        .contains("gcloud iam service-accounts describe " + gone);
  }

  @Test
  void diagnose_accountWithDisabledInItsName_isNotAccountDisabled() {
    ServiceAccount bot = ServiceAccount.of("disabled-bot@demo-project.iam.gserviceaccount.com");
    demo.emulator.faults().on("generateAccessToken").fail(Code.FAILED_PRECONDITION);
    assertInferred(only(demo.diagnose(bot)), Kind.REFUSED_OTHERWISE);
  }

  @Test
  void diagnose_refusedWithoutPolicy_proposesNoGrant() {
    demo.grant(CALLER, TARGET);
    demo.emulator.faults().on("generateAccessToken").fail(Code.PERMISSION_DENIED);
    Finding finding = only(demo.diagnose(TARGET));
    assertInferred(finding, Kind.REFUSED_OTHERWISE);
    assertThat(finding.remedy().grant()).isEmpty();
  }
}
