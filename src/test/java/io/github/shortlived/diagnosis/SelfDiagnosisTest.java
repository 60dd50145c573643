package io.github.shortlived.diagnosis;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.diagnosis.DiagnosisDemo.assertInferred;
import static io.github.shortlived.diagnosis.DiagnosisDemo.only;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.rpc.Code;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.Target;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Diagnoses of requests for the source's own credentials. */
class SelfDiagnosisTest {
  private final DiagnosisDemo demo =
      new DiagnosisDemo(world -> world.clock(InstantSource.system()));

  private static final SignBlobRequest BLOB = SignBlobRequest.of(Target.self(), new byte[1]);

  @AfterEach
  void close() {
    demo.close();
  }

  @Test
  void diagnose_self_works() {
    assertThat(demo.readingAsCaller().diagnose(Target.self()))
        .hasToString(
            """
            caller@demo-project, access token of its own: works
            +- source credentials: works
            |  \\- observed: AttachedAccountCredentials returned a token for caller@demo-project
            \\- an access token for https://www.googleapis.com/auth/cloud-platform: works
               \\- observed: an access token was issued and discarded""");
  }

  @Test
  void diagnose_selfWithoutSourceToken_reportsTheSourceOnly() {
    String key = demo.emulator.serviceAccountKey(CALLER.id());
    demo.emulator.clock().advance(Duration.ofHours(3));
    Diagnosis diagnosis = Diagnostics.using(demo.fromKey(key)).diagnose(Target.self());
    assertThat(only(diagnosis).kind()).isEqualTo(Kind.CLOCK_SKEW);
    assertThat(diagnosis.toString()).endsWith("auth/cloud-platform: unknown");
  }

  @Test
  void diagnose_selfSigningWithoutKey_needsARoleOnItsAccount() {
    SignJwtRequest request =
        SignJwtRequest.of(Target.self(), JwtClaims.expiringIn(Duration.ofMinutes(1)));
    Diagnosis diagnosis = demo.readingAsAdmin().diagnose(request);
    assertThat(only(diagnosis).kind()).isEqualTo(Kind.GRANT_MISSING);
    assertThat(diagnosis.toString())
        .startsWith(
            "caller@demo-project, signed JWT of its own: fails at"
                + " caller@demo-project -> caller@demo-project: no grant");
    demo.apply(only(diagnosis).remedy().grant().orElseThrow());
    assertThat(demo.readingAsAdmin().diagnose(request).works()).isTrue();
  }

  @Test
  void diagnose_selfSigningServiceDown_isUnavailable() {
    demo.emulator.faults().on("signJwt").fail(Code.UNAVAILABLE);
    SignJwtRequest request =
        SignJwtRequest.of(Target.self(), JwtClaims.expiringIn(Duration.ofMinutes(1)));
    assertThat(only(demo.readingAsAdmin().diagnose(request)).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @ParameterizedTest
  @CsvSource({"FAILED_PRECONDITION, REFUSED_OTHERWISE", "NOT_FOUND, ACCOUNT_NOT_FOUND"})
  void diagnose_selfSigningRefusedForAccountState_doesNotBlameTheNetwork(Code code, Kind kind) {
    demo.emulator.faults().on("signBlob").fail(code);
    Diagnosis diagnosis = demo.readingAsAdmin().diagnose(BLOB);
    assertInferred(only(diagnosis), kind);
    assertThat(diagnosis.toString()).doesNotContain("could not be reached", "firewall");
  }

  @Test
  void diagnose_sourceOfAUser_isUnableToIssueIdTokens() {
    GoogleCredentials user = demo.emulator.googleCredentials("user:me@example.com");
    Diagnosis diagnosis =
        Diagnostics.using(demo.from(user)).diagnose(IdTokenRequest.of(Target.self(), "orders"));
    assertThat(only(diagnosis).kind()).isEqualTo(Kind.SOURCE_UNABLE);
    assertThat(diagnosis.toString())
        .contains("an ID token for orders: FAILS: the source credentials cannot do this")
        .contains("fix: use a service account as the target: it is impersonated");
  }

  @Test
  void diagnose_ownAccountByName_needsAGrant() {
    Diagnosis diagnosis = demo.diagnose(CALLER);
    assertThat(only(diagnosis).kind()).isEqualTo(Kind.GRANT_MISSING);
    demo.grant(CALLER, CALLER);
    assertThat(demo.diagnose(CALLER).works()).isTrue();
    assertThat(diagnosis.caller()).contains(Member.of(CALLER));
  }
}
