package io.github.shortlived.diagnosis;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.diagnosis.DiagnosisDemo.assertInferred;
import static io.github.shortlived.diagnosis.DiagnosisDemo.only;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.UserCredentials;
import com.google.rpc.Code;
import io.github.shortlived.FakeHttp;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.diagnosis.Diagnosis.Step;
import io.github.shortlived.diagnosis.Diagnosis.Step.Status;
import io.github.shortlived.diagnosis.Fact.Evidence;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Member;
import io.github.shortlived.testing.EmulatorControls.QuotaGroup;
import io.github.shortlived.testing.IamEmulator;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Diagnoses of the source credentials, the service and the content of a request. */
class SourceDiagnosisTest {
  private static final String API = "iamcredentials.googleapis.com";

  // google-auth dates its JWTs by the system clock.
  private final DiagnosisDemo demo =
      new DiagnosisDemo(world -> world.clock(InstantSource.system()));

  @AfterEach
  void close() {
    demo.close();
  }

  private Diagnosis fromKey() {
    String key = demo.emulator.serviceAccountKey(CALLER.id());
    return Diagnostics.using(demo.fromKey(key)).diagnose(TARGET);
  }

  private static void assertSourceFails(Diagnosis diagnosis, Kind kind) {
    assertThat(only(diagnosis).kind()).isEqualTo(kind);
    assertThat(diagnosis.firstFailure().orElseThrow().stage()).isEqualTo(new Stage.Source());
    assertThat(diagnosis.steps().stream().skip(1).map(Step::status)).containsOnly(Status.UNKNOWN);
  }

  @Test
  void diagnose_workingKey_namesItsAccount() {
    demo.grant(CALLER, TARGET);
    Diagnosis diagnosis = fromKey();
    assertThat(diagnosis.works()).isTrue();
    assertThat(diagnosis.toString())
        .contains("observed: ServiceAccountCredentials returned a token for caller@demo-project\n");
  }

  @Test
  void diagnose_deletedKey_isSourceBroken() {
    String key = demo.emulator.serviceAccountKey(CALLER.id());
    demo.emulator.reset();
    Diagnosis diagnosis = Diagnostics.using(demo.fromKey(key)).diagnose(CHAIN);
    assertSourceFails(diagnosis, Kind.SOURCE_BROKEN);
    assertThat(only(diagnosis).evidence()).isEqualTo(Evidence.INFERRED);
    assertThat(diagnosis)
        .hasToString(
            """
            caller@demo-project -> delegate-1@demo-project -> delegate-2@demo-project -> target@demo-project, access token: fails at source credentials: the source credentials returned no token
            +- source credentials: FAILS: the source credentials returned no token
            |  +- observed: Fetching a token of the source credentials failed because the source credentials returned no token: invalid_grant: Invalid JWT Signature. (INVALID_ARGUMENT, invalid_grant)
            |  +- inferred: the key was deleted or disabled, or belongs to another account
            |  \\- fix: use a key from this list, or better, source credentials without a key
            |     \\- gcloud iam service-accounts keys list --iam-account=caller@demo-project.iam.gserviceaccount.com
            +- IAM Service Account Credentials API: unknown
            +- caller@demo-project -> delegate-1@demo-project: unknown
            +- delegate-1@demo-project -> delegate-2@demo-project: unknown
            \\- delegate-2@demo-project -> target@demo-project: unknown""");
  }

  @Test
  void diagnose_wrongClock_isInferred() {
    demo.emulator.clock().advance(Duration.ofHours(3));
    String key = demo.emulator.serviceAccountKey(CALLER.id());
    Diagnosis diagnosis =
        Diagnostics.using(demo.opened(demo.options().keyJson(key).clock(InstantSource.system())))
            .diagnose(TARGET);
    assertSourceFails(diagnosis, Kind.CLOCK_SKEW);
    assertInferred(only(diagnosis), Kind.CLOCK_SKEW);
    assertThat(only(diagnosis).text())
        .isEqualTo(
            "the token endpoint rejects the times in a JWT that was just created: this machine's"
                + " clock is wrong");
    assertThat(diagnosis.toString())
        .contains("Check your iat and exp values", "fix: compare it with the correct time");
  }

  @Test
  void diagnose_wrongClockWithDateInResponse_isObservedAndMeasured() {
    FakeHttp tokens = FakeHttp.refusingTimesAtNoon();
    ShortLivedCredentials late =
        demo.opened(
            demo.options()
                .keyJson(demo.emulator.serviceAccountKey(CALLER.id()))
                .httpTransportFactory(tokens)
                .clock(InstantSource.fixed(Instant.parse("2030-01-01T11:53:00Z"))));
    Diagnosis diagnosis = Diagnostics.using(late).diagnose(TARGET);
    assertSourceFails(diagnosis, Kind.CLOCK_SKEW);
    assertThat(only(diagnosis).evidence()).isEqualTo(Evidence.OBSERVED);
    assertThat(only(diagnosis).text())
        .isEqualTo(
            "the token endpoint rejects the times in a JWT that was just created: this machine's"
                + " clock is 7 minutes behind the server's");
  }

  @Test
  void diagnose_accountOfTheKeyDisabled_isAccountNotFound() {
    try (DiagnosisDemo disabled =
        new DiagnosisDemo(
            world -> world.clock(InstantSource.system()).disabledServiceAccount(CALLER.id()))) {
      String key = disabled.emulator.serviceAccountKey(CALLER.id());
      Diagnosis diagnosis = Diagnostics.using(disabled.fromKey(key)).diagnose(TARGET);
      assertSourceFails(diagnosis, Kind.ACCOUNT_NOT_FOUND);
      assertThat(only(diagnosis).remedy().commands())
          .containsExactly("gcloud iam service-accounts describe " + CALLER);
    }
  }

  @Test
  void diagnose_tokenEndpointDown_isUnavailable() {
    demo.emulator.faults().on("token").fail(Code.UNAVAILABLE);
    assertSourceFails(fromKey(), Kind.UNAVAILABLE);
  }

  @Test
  void diagnose_tokenEndpointBusy_publishesTheRetry() {
    List<CredentialEvent> events = new CopyOnWriteArrayList<>();
    demo.emulator.faults().on("token").times(1).fail(Code.UNAVAILABLE);
    ShortLivedCredentials credentials =
        demo.opened(
            demo.options()
                .keyJson(demo.emulator.serviceAccountKey(CALLER.id()))
                .retryPolicy(
                    new RetryPolicy(
                        Duration.ofNanos(1), Duration.ofNanos(1), Duration.ofMinutes(1), true))
                .listener(events::add));
    Diagnosis unused = Diagnostics.using(credentials).diagnose(TARGET);
    assertThat(events.get(0))
        .asInstanceOf(type(CredentialEvent.Retried.class))
        .satisfies(retried -> assertThat(retried.request()).isEmpty())
        .extracting(retried -> retried.failure().getMessage())
        .asString()
        .startsWith("Fetching a token of the source credentials failed because ");
  }

  @Test
  void diagnose_virtualMachineWithoutAccount_isSourceBroken() {
    GoogleCredentials machine =
        ComputeEngineCredentials.newBuilder()
            .setHttpTransportFactory(demo.emulator.httpTransportFactory())
            .build();
    Diagnosis diagnosis = Diagnostics.using(demo.from(machine)).diagnose(TARGET);
    assertSourceFails(diagnosis, Kind.SOURCE_BROKEN);
    assertThat(diagnosis.caller()).isEmpty();
    assertThat(diagnosis.toString()).startsWith("unknown caller -> target@demo-project, access");
  }

  @Test
  void diagnose_revokedLogin_proposesToLogIn() throws Exception {
    String login = demo.emulator.userCredentials("me@example.com");
    demo.emulator.reset();
    GoogleCredentials user =
        UserCredentials.fromStream(
            new ByteArrayInputStream(login.getBytes(StandardCharsets.UTF_8)));
    Diagnosis diagnosis = Diagnostics.using(demo.from(user)).diagnose(TARGET);
    assertSourceFails(diagnosis, Kind.SOURCE_BROKEN);
    assertThat(only(diagnosis).remedy().commands())
        .containsExactly("gcloud auth application-default login");
  }

  @Test
  void diagnose_foreignToken_isNotAccepted() {
    GoogleCredentials elsewhere = GoogleCredentials.create(new AccessToken("ya29.elsewhere", null));
    Diagnosis diagnosis = Diagnostics.using(demo.from(elsewhere)).diagnose(TARGET);
    assertSourceFails(diagnosis, Kind.TOKEN_NOT_ACCEPTED);
    assertThat(diagnosis.toString())
        .contains("observed: GoogleCredentials returned a token of an unknown account\n")
        .doesNotContain("ya29");
  }

  @Test
  void diagnose_tokenWithoutTheScope_namesTheScope() {
    GoogleCredentials narrow =
        demo.emulator
            .googleCredentials(Member.of(CALLER).id())
            .createScoped("https://www.googleapis.com/auth/devstorage.read_only");
    Diagnosis diagnosis = Diagnostics.using(demo.from(narrow)).diagnose(TARGET);
    assertSourceFails(diagnosis, Kind.SCOPE_INSUFFICIENT);
    assertThat(only(diagnosis).remedy().text()).contains(CLOUD_PLATFORM);
  }

  @Test
  void diagnose_apiDisabled_proposesTheCommandAndReportsTheGrants() {
    demo.grant(CALLER, TARGET);
    demo.emulator.controls().disableApi(PROJECT, API);
    Diagnosis diagnosis = demo.diagnose(TARGET);
    assertThat(only(diagnosis).kind()).isEqualTo(Kind.API_DISABLED);
    assertThat(only(diagnosis).evidence()).isEqualTo(Evidence.OBSERVED);
    assertThat(diagnosis.toString())
        .contains(
            """
            |  \\- fix: enable it; that takes effect after some minutes
            |     \\- gcloud services enable %s --project=%s
            +- caller@demo-project -> target@demo-project: seems to work
            """
                .formatted(API, IamEmulator.projectNumber(PROJECT)));
    demo.emulator.controls().enableApi(PROJECT, API);
    assertThat(demo.diagnose(TARGET).works()).isTrue();
  }

  @Test
  void diagnose_apiDisabledAndNothingGranted_reportsBoth() {
    demo.emulator.controls().disableApi(PROJECT, API);
    assertThat(demo.diagnose(TARGET).findings())
        .extracting(Finding::kind)
        .containsExactly(Kind.API_DISABLED, Kind.GRANT_MISSING);
  }

  @Test
  void diagnose_quotaUsedUp_isQuotaExceeded() {
    demo.grant(CALLER, TARGET);
    demo.emulator.controls().quota(PROJECT, QuotaGroup.GENERATE, 0);
    Diagnosis diagnosis = demo.diagnose(TARGET);
    assertThat(only(diagnosis).kind()).isEqualTo(Kind.QUOTA_EXCEEDED);
    assertThat(only(diagnosis).text()).contains(IamEmulator.projectNumber(PROJECT));
  }

  @Test
  void diagnose_quotaUsedUpByTheDiagnosis_blamesNoAccount() {
    demo.emulator.controls().quota(PROJECT, QuotaGroup.GENERATE, 1);
    demo.apply(CrossAccountGrant.tokenCreator(CALLER).along(CHAIN));
    demo.grants.planRevokeEverything(Member.of(CHAIN.delegates().get(1)), TARGET).apply();
    assertThat(demo.diagnose(CHAIN).findings())
        .extracting(Finding::kind)
        .containsExactly(Kind.QUOTA_EXCEEDED, Kind.GRANT_MISSING);
  }

  @Test
  void diagnose_serviceDown_sendsNoOtherRequest() {
    demo.emulator.faults().on("generateAccessToken").fail(Code.UNAVAILABLE);
    Diagnosis diagnosis = demo.diagnose(CHAIN);
    assertThat(only(diagnosis).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(demo.calls()).isEqualTo(Map.of("generateAccessToken", 1L));
  }

  @Test
  void diagnose_lifetimeNotAllowed_reportsThatTheGrantsWork() {
    demo.grant(CALLER, TARGET);
    AccessTokenRequest request =
        AccessTokenRequest.of(TARGET, CLOUD_PLATFORM)
            .lifetimeExtendedByOrgPolicy(Duration.ofHours(12));
    Diagnosis diagnosis = demo.readingAsAdmin().diagnose(request);
    assertThat(only(diagnosis).kind()).isEqualTo(Kind.LIFETIME_TOO_LONG);
    assertThat(only(diagnosis).evidence()).isEqualTo(Evidence.OBSERVED);
    assertThat(diagnosis.toString())
        .contains(
            """
            +- caller@demo-project -> target@demo-project: works
            |  \\- observed: an access token of target@demo-project was issued and discarded
            \\- an access token with a lifetime of 12 h: FAILS: the lifetime is too long
            """)
        .contains(
            "observed: a lifetime of more than 1 hour requires the organization policy"
                + " constraints/iam.allowServiceAccountCredentialLifetimeExtension\n")
        .endsWith(
            "gcloud resource-manager org-policies allow"
                + " iam.allowServiceAccountCredentialLifetimeExtension "
                + TARGET
                + " --organization=ORGANIZATION_ID");
    demo.emulator.controls().allowLifetimeExtension(TARGET.id());
    assertThat(demo.readingAsAdmin().diagnose(request).works()).isTrue();
  }

  @Test
  void diagnose_lifetimeNotAllowedAndNothingGranted_reportsBoth() {
    AccessTokenRequest request =
        AccessTokenRequest.of(TARGET, CLOUD_PLATFORM)
            .lifetimeExtendedByOrgPolicy(Duration.ofHours(2));
    assertThat(demo.readingAsAdmin().diagnose(request).findings())
        .extracting(Finding::kind)
        .containsExactly(Kind.GRANT_MISSING, Kind.LIFETIME_TOO_LONG);
  }

  @Test
  void diagnose_requestRejected_isObservedOnlyIfAMinimalOneSucceeds() {
    demo.grant(CALLER, TARGET);
    demo.emulator.faults().on("generateAccessToken").times(1).fail(Code.INVALID_ARGUMENT);
    Finding proven = only(demo.diagnose(TARGET));
    assertThat(proven.kind()).isEqualTo(Kind.REQUEST_INVALID);
    assertThat(proven.evidence()).isEqualTo(Evidence.OBSERVED);
    assertThat(proven.remedy().text())
        .isEqualTo("correct what the message names; check scopes and audience first");

    demo.emulator.faults().on("generateAccessToken").fail(Code.INVALID_ARGUMENT);
    assertInferred(only(demo.diagnose(TARGET)), Kind.REQUEST_INVALID);
  }

  @Test
  void diagnose_callerAmongTheDelegates_isAFinding() {
    Diagnosis diagnosis = demo.diagnose(DelegationChain.through(CALLER).to(TARGET));
    assertThat(only(diagnosis).kind()).isEqualTo(Kind.REQUEST_INVALID);
    assertThat(diagnosis.toString()).contains("the caller must not be among the delegates");
  }

  @Test
  void diagnose_closedCredentials_throws() {
    ShortLivedCredentials credentials = demo.as(Member.of(CALLER));
    Diagnostics diagnostics = Diagnostics.using(credentials);
    credentials.close();
    assertThatThrownBy(() -> diagnostics.diagnose(TARGET))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void diagnose_sourceOfUnknownAccount_namesNoMember() throws Exception {
    GoogleCredentials attached = demo.emulator.googleCredentials(Member.of(CALLER).id());
    attached.refreshIfExpired();
    ShortLivedCredentials nameless =
        demo.from(GoogleCredentials.create(Objects.requireNonNull(attached.getAccessToken())));
    Finding finding =
        only(Diagnostics.using(nameless).readingPoliciesWith(demo.audit).diagnose(TARGET));
    assertThat(finding.kind()).isEqualTo(Kind.ACCESS_DENIED);
    assertThat(finding.remedy().grant()).isEmpty();
    assertThat(finding.remedy().commands())
        .isEqualTo(
            List.of(
                "gcloud iam service-accounts add-iam-policy-binding "
                    + TARGET
                    + " --member=MEMBER --role=roles/iam.serviceAccountTokenCreator"
                    + " --condition=None"));
  }
}
