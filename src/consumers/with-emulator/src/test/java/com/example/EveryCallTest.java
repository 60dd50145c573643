package com.example;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.cloud.compute.v1.Instance;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.diagnosis.Diagnostics;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.GrantPlan;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.metrics.CredentialMetrics;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.junit.CallingAs;
import io.github.shortlived.testing.junit.IamEmulatorExtension;
import io.github.shortlived.verify.IdTokenExpectation;
import io.github.shortlived.verify.TokenVerification;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One call of each kind, on the emulator, with the libraries of this run. */
class EveryCallTest {
  private static final ServiceAccount CALLER = account("caller");
  private static final ServiceAccount TARGET = account("target");
  private static final String AUDIENCE = "https://orders.example.com";

  @RegisterExtension
  static final IamEmulatorExtension iam =
      IamEmulatorExtension.create(
          world ->
              world
                  .serviceAccount(CALLER.id())
                  .serviceAccount(TARGET.id())
                  .serviceAccount(account("stranger").id())
                  .instance("my-project", "us-west1-a", "vm-1")
                  .projectBinding("my-project", "roles/owner", "user:admin@example.com")
                  .projectBinding("my-project", "roles/compute.viewer", Member.of(TARGET).id())
                  .binding(
                      TARGET.id(), "roles/iam.serviceAccountTokenCreator", Member.of(CALLER).id()));

  private static ServiceAccount account(String name) {
    return ServiceAccount.of(name + "@my-project.iam.gserviceaccount.com");
  }

  @Test
  void issue_overHttp_returnsEachCredential(@CallingAs("caller") ShortLivedCredentials caller) {
    issueEach(caller);
  }

  @Test
  void issue_overGrpc_returnsEachCredential() {
    try (ShortLivedCredentials caller = withKey(CALLER).grpc().build()) {
      issueEach(caller);
    }
  }

  private static void issueEach(ShortLivedCredentials credentials) {
    assertFalse(credentials.accessToken(TARGET, CLOUD_PLATFORM).token().isEmpty());
    assertFalse(credentials.idToken(TARGET, AUDIENCE).token().isEmpty());
    assertFalse(
        credentials.signJwt(TARGET, JwtClaims.expiringIn(Duration.ofMinutes(5))).token().isEmpty());
    assertTrue(credentials.signBlob(TARGET, new byte[] {1}).signature().length > 0);
  }

  @Test
  void issue_withAKey_returnsItsOwnCredentials() {
    try (ShortLivedCredentials caller = withKey(CALLER).build()) {
      assertFalse(caller.accessToken(Target.self(), CLOUD_PLATFORM).token().isEmpty());
      assertTrue(caller.signBlob(Target.self(), new byte[] {1}).signature().length > 0);
    }
  }

  private static ShortLivedCredentials.Builder withKey(ServiceAccount account) {
    return ShortLivedCredentials.builder()
        .keyJson(iam.emulator().serviceAccountKey(account.id()))
        .endpoints(iam.emulator().endpoints());
  }

  @Test
  void issue_withoutGrant_isRefused(@CallingAs("stranger") ShortLivedCredentials stranger) {
    PermissionDenied refusal =
        assertThrows(PermissionDenied.class, () -> stranger.accessToken(TARGET, CLOUD_PLATFORM));
    assertFalse(refusal.requiredGrants().isEmpty());
    String diagnosis = Diagnostics.using(stranger).diagnose(TARGET).toString();
    assertTrue(diagnosis.contains("iam.serviceAccounts.getAccessToken"), diagnosis);
  }

  @Test
  @Tag("condition") // The emulator's evaluator of conditions needs protobuf 4.33 or later.
  void grant_withExpiry_isAppliedAndRolledBack(
      @CallingAs("user:admin@example.com") ShortLivedCredentials admin,
      @CallingAs("stranger") ShortLivedCredentials stranger) {
    CrossAccountGrant grant =
        CrossAccountGrant.tokenCreator(Member.of(account("stranger")))
            .on(TARGET)
            .expiringIn(Duration.ofHours(1));
    try (Grants grants = Grants.using(admin);
        AccessAudit audit = AccessAudit.using(admin)) {
      GrantPlan plan = grants.plan(grant);
      plan.apply();
      grants.awaitEffective(plan, stranger);
      assertFalse(stranger.accessToken(TARGET, CLOUD_PLATFORM).token().isEmpty());
      assertTrue(audit.audit(TARGET).toString().contains("stranger@my-project"));
      plan.rollBack();
    }
  }

  @Test
  void accounts_created_areListed(
      @CallingAs("user:admin@example.com") ShortLivedCredentials admin) {
    try (ServiceAccounts accounts = ServiceAccounts.using(admin)) {
      accounts.create("my-project", "new-account");
      assertTrue(
          accounts.list("my-project").stream()
              .anyMatch(found -> found.toString().contains("new-account@")));
    }
  }

  @Test
  void instances_ofTheTarget_areListed(@CallingAs("caller") ShortLivedCredentials caller) {
    try (ComputeInstances compute = ComputeInstances.using(caller, TARGET);
        Stream<Instance> instances = compute.list("my-project", "us-west1-a")) {
      assertEquals(List.of("vm-1"), instances.map(Instance::getName).toList());
    }
  }

  @Test
  void metrics_ofATokenRequest_areRecorded() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    CredentialMetrics metrics = CredentialMetrics.of(registry);
    try (ShortLivedCredentials caller =
        metrics.monitor(withKey(CALLER).listener(metrics).build())) {
      caller.accessToken(TARGET, CLOUD_PLATFORM);
    }
    assertEquals(1, registry.get("shortlived.credentials.issue").timer().count());
  }

  @Test
  void verification_ofAnIdToken_passes(@CallingAs("caller") ShortLivedCredentials caller) {
    try (TokenVerification verification = iam.emulator().tokenVerification()) {
      String token = caller.issue(IdTokenRequest.of(TARGET, AUDIENCE).withEmail()).token();
      IdTokenExpectation expected = IdTokenExpectation.of(AUDIENCE).account(TARGET);
      assertFalse(verification.verifyIdToken(token, expected).subject().isEmpty());
    }
  }
}
