package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.iam.v1.Policy;
import io.github.shortlived.DemoProject;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.policy.EmulatedPolicies;
import io.github.shortlived.internal.policy.ForeignPolicy;
import io.github.shortlived.internal.policy.PolicyStore;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.Member;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Grants that have expired by the emulator's clock. */
class ExpiredGrantTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final CrossAccountGrant EXPIRING =
      CrossAccountGrant.tokenCreator(CALLER).on(TARGET).expiringIn(HOUR);
  private static final CrossAccountGrant LONGER =
      CrossAccountGrant.tokenCreator(DELEGATE_1).on(TARGET).expiringIn(HOUR.multipliedBy(3));

  private final DemoProject demo = new DemoProject();
  private final PolicyStore policies = EmulatedPolicies.of(demo);

  @BeforeEach
  void grant() throws Exception {
    ForeignPolicy.write(demo, TARGET, ForeignPolicy.everything());
    demo.grants().apply(LONGER);
    demo.grants()
        .apply(CrossAccountGrant.tokenCreator(Member.of("user:me@example.com")).on(TARGET));
  }

  @AfterEach
  void close() {
    policies.close();
    demo.close();
  }

  private Policy read() throws Exception {
    return policies.read(TARGET, EmulatedPolicies.DEADLINE);
  }

  private void applyAndExpire() {
    demo.grants().apply(EXPIRING);
    demo.emulator().clock().advance(HOUR.plusSeconds(1));
  }

  @Test
  void accessToken_untilTheEndAndAfter_isIssuedThenRefused() {
    demo.grants().apply(EXPIRING);
    try (ShortLivedCredentials caller = demo.emulator().credentialsFor(CALLER)) {
      assertThat(caller.accessToken(TARGET, CLOUD_PLATFORM).token()).startsWith("ya29.");
    }
    demo.emulator().clock().advance(HOUR.plusSeconds(1));
    try (ShortLivedCredentials caller = demo.emulator().credentialsFor(CALLER)) {
      assertThatThrownBy(() -> caller.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(PermissionDenied.class);
    }
  }

  @Test
  void planSweep_expired_showsThatGrantAloneAndWritesNothing() throws Exception {
    applyAndExpire();
    Policy before = read();
    GrantPlan plan = demo.grants().planSweep(List.of(TARGET));
    assertThat(plan.changes())
        .singleElement()
        .satisfies(change -> assertThat(change.kind()).isEqualTo(Kind.REMOVED))
        .satisfies(change -> assertThat(change.binding().member()).isEqualTo(Member.of(CALLER)));
    assertThat(plan.toString())
        .startsWith("- roles/iam.serviceAccountTokenCreator on " + TARGET)
        .contains("for serviceAccount:" + CALLER + " until ");
    assertThat(read()).isEqualTo(before); // the etag included
  }

  @Test
  void planSweep_applied_removesJustThat() throws Exception {
    Policy before = read();
    applyAndExpire();
    assertThat(demo.grants().planSweep(List.of(TARGET)).apply())
        .extracting(PolicyChange::kind)
        .containsExactly(Kind.REMOVED);
    // Expired conditions of others, and grants that have not expired, stay.
    assertThat(read().toBuilder().clearEtag().build().toByteString())
        .isEqualTo(before.toBuilder().clearEtag().build().toByteString());
  }

  @Test
  void planSweep_nothingExpired_isEmpty() {
    demo.grants().apply(EXPIRING);
    assertThat(demo.grants().planSweep(List.of(TARGET)).isEmpty()).isTrue();
  }

  @Test
  void planSweepOfProject_expired_removesJustThat() throws Exception {
    Policy before = read();
    applyAndExpire();
    demo.grants().planSweepOfProject(DemoProject.PROJECT).apply();
    assertThat(read().toBuilder().clearEtag().build().toByteString())
        .isEqualTo(before.toBuilder().clearEtag().build().toByteString());
  }
}
