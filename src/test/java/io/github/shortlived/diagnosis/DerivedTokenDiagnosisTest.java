package io.github.shortlived.diagnosis;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.diagnosis.DiagnosisDemo.assertInferred;
import static io.github.shortlived.diagnosis.DiagnosisDemo.only;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.model.AccessBoundaryRule;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.DownscopedTokenRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.SelfSignedJwtRequest;
import io.github.shortlived.policy.TokenPermission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Diagnoses of requests for downscoped tokens and self-signed JWTs. */
class DerivedTokenDiagnosisTest {
  private static final AccessBoundaryRule RULE =
      AccessBoundaryRule.onBucket("reports", "roles/storage.objectViewer");
  private static final CredentialRequest<?> DOWNSCOPED = DownscopedTokenRequest.of(TARGET, RULE);
  private static final CredentialRequest<?> SELF_SIGNED =
      SelfSignedJwtRequest.forAudience(TARGET, "https://pubsub.googleapis.com/");

  private final DiagnosisDemo demo = new DiagnosisDemo();

  @AfterEach
  void close() {
    demo.close();
  }

  private Diagnosis diagnose(CredentialRequest<?> request) {
    ShortLivedCredentials caller =
        demo.from(demo.emulator.googleCredentials(Member.of(CALLER).id()));
    return Diagnostics.using(caller).readingPoliciesWith(demo.audit).diagnose(request);
  }

  @Test
  void diagnose_granted_works() {
    demo.grant(CALLER, TARGET);
    assertThat(diagnose(DOWNSCOPED).toString())
        .startsWith("caller@demo-project -> target@demo-project, downscoped access token: works\n");
    assertThat(diagnose(SELF_SIGNED).toString())
        .startsWith("caller@demo-project -> target@demo-project, self-signed JWT: works\n");
  }

  @Test
  void diagnose_withoutGrant_blamesTheMissingGrant() {
    Diagnosis downscoped = diagnose(DOWNSCOPED);
    assertInferred(only(downscoped), Kind.GRANT_MISSING);
    assertThat(downscoped.firstFailure().orElseThrow().stage())
        .isEqualTo(new Stage.Grant(downscoped.caller(), TARGET, TokenPermission.ACCESS_TOKEN));
    Diagnosis selfSigned = diagnose(SELF_SIGNED);
    assertInferred(only(selfSigned), Kind.GRANT_MISSING);
    assertThat(selfSigned.firstFailure().orElseThrow().stage())
        .isEqualTo(new Stage.Grant(selfSigned.caller(), TARGET, TokenPermission.SIGN_JWT));
  }

  @Test
  void diagnose_invalidCondition_blamesTheRules() {
    demo.grant(CALLER, TARGET);
    Diagnosis diagnosis = diagnose(DownscopedTokenRequest.of(TARGET, RULE.onlyIf("'text'")));
    assertThat(only(diagnosis).kind()).isEqualTo(Kind.REQUEST_INVALID);
    assertThat(diagnosis.firstFailure().orElseThrow().stage()).isInstanceOf(Stage.Request.class);
    assertThat(diagnosis.toString()).contains("buckets, roles and conditions of the rules");
  }

  @Test
  void diagnose_securityTokenServiceDown_doesNotBlameIam() {
    demo.grant(CALLER, TARGET);
    demo.emulator.faults().on("sts.token").fail(Code.UNAVAILABLE);
    Diagnosis diagnosis = diagnose(DOWNSCOPED);
    assertThat(only(diagnosis).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(diagnosis.firstFailure().orElseThrow().stage()).isInstanceOf(Stage.Request.class);
  }
}
