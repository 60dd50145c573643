package io.github.shortlived;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.Code;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialEvent.Granted;
import io.github.shortlived.model.CredentialEvent.IssueFailed;
import io.github.shortlived.model.CredentialEvent.Issued;
import io.github.shortlived.model.CredentialEvent.RefreshFailed;
import io.github.shortlived.model.CredentialEvent.Refreshed;
import io.github.shortlived.model.CredentialEvent.Retried;
import io.github.shortlived.model.CredentialEvent.Revoked;
import io.github.shortlived.model.CredentialEvent.SecretExposed;
import io.github.shortlived.model.CredentialEvent.Swept;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.Conflict;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.SignBlobRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checks the events that a listener gets, on the emulator. */
@Timeout(60) // A lost event must not stall the build.
class CredentialEventTest {
  private static final AccessTokenRequest REQUEST = AccessTokenRequest.of(TARGET, CLOUD_PLATFORM);
  private static final CrossAccountGrant GRANT =
      CrossAccountGrant.tokenCreator(Member.of(CALLER)).on(TARGET);

  private final LinkedBlockingQueue<CredentialEvent> events = new LinkedBlockingQueue<>();
  private final DemoProject demo = new DemoProject();
  private final ShortLivedCredentials credentials = listening(Member.of(CALLER)).build();

  private ShortLivedCredentials.Builder listening(Member caller) {
    return demo.listening(caller, events::add);
  }

  @AfterEach
  void close() {
    credentials.close();
    demo.close();
  }

  private <E extends CredentialEvent> E next(Class<E> type) throws InterruptedException {
    return type.cast(events.poll(30, TimeUnit.SECONDS));
  }

  @Test
  void issue_granted_reportsRequestFingerprintAndAttempts() throws Exception {
    demo.grants().apply(GRANT);
    AccessToken token = credentials.issue(REQUEST);

    Issued issued = next(Issued.class);
    assertThat(issued.request()).isEqualTo(REQUEST);
    assertThat(issued.fingerprint()).isEqualTo(token.fingerprint());
    assertThat(issued.attempts()).isOne();
    assertThat(issued.duration()).isPositive();
    assertThat(issued.toString()).contains(token.fingerprint()).doesNotContain(token.token());
    assertThat(events).isEmpty();
  }

  @Test
  void issue_cached_isCountedWithoutEvent() throws Exception {
    demo.grants().apply(GRANT);
    credentials.issue(REQUEST);
    next(Issued.class);
    assertThat(credentials.cacheHitCount()).isZero();
    credentials.issue(REQUEST);
    credentials.accessToken(TARGET, CLOUD_PLATFORM);

    assertThat(credentials.cacheHitCount()).isEqualTo(2);
    assertThat(events).isEmpty();
  }

  @Test
  void issue_refused_reportsTheFailure() throws Exception {
    assertThatThrownBy(() -> credentials.issue(REQUEST)).isInstanceOf(PermissionDenied.class);

    IssueFailed refused = next(IssueFailed.class);
    assertThat(refused.request()).isEqualTo(REQUEST);
    assertThat(refused.failure()).isInstanceOf(PermissionDenied.class);
    assertThat(refused.attempts()).isOne();
    assertThat(events).isEmpty();
  }

  @Test
  void issue_transientFaults_reportsEachRetry() throws Exception {
    demo.grants().apply(GRANT);
    demo.emulator().faults().on("signBlob").times(2).fail(Code.UNAVAILABLE);
    SignBlobRequest request = SignBlobRequest.of(TARGET, new byte[] {1});
    credentials.issue(request);

    for (int attempt = 1; attempt <= 2; attempt++) {
      Retried retried = next(Retried.class);
      assertThat(retried.request()).contains(request);
      assertThat(retried.attempt()).isEqualTo(attempt);
      assertThat(retried.failure()).isInstanceOf(Unavailable.class);
    }
    assertThat(next(Issued.class).attempts()).isEqualTo(3);
  }

  @Test
  void refresh_beforeExpiry_isReported() throws Exception {
    demo.grants().apply(GRANT);
    credentials.issue(REQUEST);
    Issued first = next(Issued.class);
    demo.emulator().clock().advance(Duration.ofMinutes(55));
    credentials.issue(REQUEST);

    Refreshed refreshed = next(Refreshed.class);
    assertThat(refreshed.request()).isEqualTo(REQUEST);
    assertThat(refreshed.fingerprint()).isNotEqualTo(first.fingerprint());
    assertThat(refreshed.attempts()).isOne();
  }

  @Test
  void refresh_refused_isReportedWhileTheOldTokenIsReturned() throws Exception {
    demo.grants().apply(GRANT);
    AccessToken first = credentials.issue(REQUEST);
    next(Issued.class);
    demo.grants().revoke(GRANT);
    demo.emulator().clock().advance(Duration.ofMinutes(55));

    assertThat(credentials.issue(REQUEST)).isSameAs(first);
    RefreshFailed failed = next(RefreshFailed.class);
    assertThat(failed.request()).isEqualTo(REQUEST);
    assertThat(failed.failure()).isInstanceOf(PermissionDenied.class);
  }

  @Test
  void issue_listenerThrows_isIssued() {
    demo.grants().apply(GRANT);
    try (ShortLivedCredentials throwing =
        listening(Member.of(CALLER))
            .listener(
                event -> {
                  throw new IllegalStateException("Full");
                })
            .build()) {
      assertThat(throwing.issue(REQUEST).token()).isNotBlank();
    }
  }

  @Test
  void grants_edited_reportEachBinding() throws Exception {
    CrossAccountGrant brief = GRANT.expiringIn(Duration.ofMinutes(5));
    asAdministrator(
        grants -> {
          grants.apply(GRANT);
          grants.apply(GRANT);
          grants.revoke(GRANT);
          grants.apply(brief);
          demo.emulator().clock().advance(Duration.ofMinutes(6));
          grants.planSweep(List.of(TARGET)).apply();
        });

    RequiredGrant grant =
        new RequiredGrant(
            TARGET, "roles/iam.serviceAccountTokenCreator", Optional.of(Member.of(CALLER)));
    assertThat(next(Granted.class).grant()).isEqualTo(grant);
    assertThat(next(Revoked.class).grant()).isEqualTo(grant);
    assertThat(next(Granted.class).grant()).isEqualTo(grant);
    assertThat(next(Swept.class).grant()).isEqualTo(grant);
    assertThat(events).isEmpty();
  }

  @Test
  void grants_conflicts_reportTheCycles() throws Exception {
    demo.emulator().faults().on("setIamPolicy").times(2).fail(Code.ABORTED);
    try (ShortLivedCredentials admin = listening(DemoProject.ADMIN).build();
        Grants grants = Grants.using(admin)) {
      grants.apply(GRANT);
      grants.revoke(GRANT);
    }

    next(Retried.class);
    next(Retried.class);
    Granted granted = next(Granted.class);
    assertThat(granted.attempts()).isEqualTo(3);
    assertThat(granted.duration()).isPositive();
    assertThat(next(Revoked.class).attempts()).isOne();
  }

  @Test
  void policy_readWithTransientFault_reportsOneRetry() throws Exception {
    demo.emulator().faults().on("getIamPolicy").times(1).fail(Code.UNAVAILABLE);
    asAdministrator(grants -> grants.plan(GRANT));

    assertThat(nextRetry("policy of " + TARGET, "getIamPolicy")).isInstanceOf(Unavailable.class);
    assertThat(events).isEmpty();
  }

  @Test
  void policy_editConflict_reportsOneRetryOfTheCycle() throws Exception {
    demo.emulator().faults().on("setIamPolicy").times(1).fail(Code.ABORTED);
    asAdministrator(grants -> grants.apply(GRANT));

    assertThat(nextRetry("policy of " + TARGET, "setIamPolicy")).isInstanceOf(Conflict.class);
    next(Granted.class);
    assertThat(events).isEmpty();
  }

  @Test
  void policy_permanentRefusal_reportsNoRetry() {
    demo.emulator().faults().on("setIamPolicy").times(1).fail(Code.PERMISSION_DENIED);
    assertThatThrownBy(() -> asAdministrator(grants -> grants.apply(GRANT)))
        .isInstanceOf(PermissionDenied.class);
    assertThat(events).isEmpty();
  }

  @Test
  void instances_listedWithTransientFault_reportOneRetry() throws Exception {
    demo.grants().apply(GRANT);
    demo.emulator().addProjectBinding(PROJECT, "roles/compute.viewer", Member.of(TARGET).id());
    demo.emulator().faults().on("instances.list").times(1).fail(Code.UNAVAILABLE);
    try (ComputeInstances instances = ComputeInstances.using(credentials, TARGET)) {
      assertThat(instances.list(PROJECT, "us-west1-a")).hasSize(2);
    }
    next(Issued.class);
    assertThat(nextRetry("Listing the instances of us-west1-a in demo-project", "instances.list"))
        .isInstanceOf(Unavailable.class);
    assertThat(events).isEmpty();
  }

  private void asAdministrator(Consumer<Grants> edit) {
    try (ShortLivedCredentials admin = listening(DemoProject.ADMIN).build();
        Grants grants = Grants.using(admin)) {
      edit.accept(grants);
    }
  }

  /** Checks the one retry: it has no request, and contains the first failure. */
  private CredentialException nextRetry(String action, String method) throws InterruptedException {
    Retried retried = next(Retried.class);
    assertThat(retried.request()).isEmpty();
    assertThat(retried.attempt()).isOne();
    assertThat(retried.delay()).isBetween(Duration.ZERO, Duration.ofNanos(1));
    assertThat(retried.failure()).hasMessageContaining(action);
    assertThat(retried.failure().method()).contains(method);
    return retried.failure();
  }

  @Test
  void build_keyFileReadableByOthers_isReported(@TempDir Path directory) throws Exception {
    Path keyFile = directory.resolve("key.json");
    Files.writeString(keyFile, demo.emulator().serviceAccountKey(CALLER.id()));
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-r--r--"));
    ShortLivedCredentials.builder().keyFile(keyFile).listener(events::add).build().close();

    SecretExposed exposed = next(SecretExposed.class);
    assertThat(exposed.file()).isEqualTo(keyFile);
    assertThat(exposed.advice()).contains("chmod 600 ");
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
    ShortLivedCredentials.builder().keyFile(keyFile).listener(events::add).build().close();
    assertThat(events).isEmpty();
  }
}
