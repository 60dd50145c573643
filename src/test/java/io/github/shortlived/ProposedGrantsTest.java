package io.github.shortlived;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.grant.CrossAccountGrant.OPEN_ID_TOKEN_CREATOR;
import static io.github.shortlived.grant.CrossAccountGrant.TOKEN_CREATOR;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.policy.Binding;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The grants that a refusal proposes: they allow what was requested, and little more. */
class ProposedGrantsTest {
  private static final String VIEWER = "roles/iam.serviceAccountViewer";
  private static final String ADMIN = "roles/iam.serviceAccountAdmin";
  private static DemoProject demo;
  private static ShortLivedCredentials caller;

  @BeforeAll
  static void start() {
    demo = new DemoProject();
    caller = demo.caller(false);
  }

  @AfterAll
  static void stop() {
    caller.close();
    demo.close();
  }

  @AfterEach
  void revokeAll() {
    for (var account : List.of(CALLER, DELEGATE_1, DELEGATE_2, TARGET)) {
      for (var member : List.of(CALLER, DELEGATE_1, DELEGATE_2, TARGET)) {
        demo.grants().planRevokeEverything(Member.of(member), account).apply();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void idTokenRefused_grantsOfTheRefusal_allowIdTokensOnly(boolean grpc) {
    try (ShortLivedCredentials credentials = demo.caller(grpc)) {
      CrossAccountGrant proposed = proposed(() -> credentials.idToken(TARGET, "orders"));
      assertThat(proposed.bindings())
          .containsExactly(new Binding(TARGET, OPEN_ID_TOKEN_CREATOR, Member.of(CALLER)));
      demo.grants().apply(proposed);
      assertThat(credentials.idToken(TARGET, "orders")).isInstanceOf(IdToken.class);
      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(PermissionDenied.class);
    }
  }

  @Test
  void idTokenAlongAChainRefused_delegatesStillNeedTokenCreator() {
    CrossAccountGrant proposed = proposed(() -> caller.idToken(CHAIN, "orders"));
    assertThat(proposed.bindings())
        .containsExactly(
            new Binding(DELEGATE_1, TOKEN_CREATOR, Member.of(CALLER)),
            new Binding(DELEGATE_2, TOKEN_CREATOR, Member.of(DELEGATE_1)),
            new Binding(TARGET, OPEN_ID_TOKEN_CREATOR, Member.of(DELEGATE_2)));
    demo.grants().apply(proposed);
    assertThat(caller.idToken(CHAIN, "orders")).isInstanceOf(IdToken.class);
  }

  @Test
  void otherCredentialsRefused_needTokenCreator() {
    JwtClaims claims = JwtClaims.expiringIn(Duration.ofMinutes(1));
    for (ThrowingCallable request :
        List.<ThrowingCallable>of(
            () -> caller.accessToken(TARGET, CLOUD_PLATFORM),
            () -> caller.signJwt(TARGET, claims),
            () -> caller.signBlob(TARGET, new byte[1]))) {
      assertThat(refusal(request).requiredGrants())
          .extracting(RequiredGrant::role)
          .containsExactly(TOKEN_CREATOR);
    }
  }

  @Test
  void auditRefused_grantOfTheRefusal_allowsReadingOnly() {
    try (AccessAudit audit = AccessAudit.using(caller);
        Grants grants = Grants.using(caller)) {
      CrossAccountGrant proposed = proposed(() -> audit.audit(TARGET));
      assertThat(proposed.bindings())
          .containsExactly(new Binding(TARGET, VIEWER, Member.of(CALLER)));
      demo.grants().apply(proposed);
      assertThat(audit.audit(TARGET).entries())
          .singleElement()
          .satisfies(entry -> assertThat(entry.roleKnown()).isTrue())
          .satisfies(entry -> assertThat(entry.permissions()).isEmpty());
      assertThat(refusal(() -> grants.apply(more())).requiredGrants())
          .extracting(RequiredGrant::role)
          .containsExactly(ADMIN);
    }
  }

  @Test
  void planRefused_itOnlyReads_needsTheViewerRole() {
    try (Grants grants = Grants.using(caller)) {
      assertThat(refusal(() -> grants.plan(more())).requiredGrants())
          .extracting(RequiredGrant::role)
          .containsExactly(VIEWER);
    }
  }

  @Test
  void ownEmailRefused_saysTargetSelfBeforeTheGrant() {
    assertThat(refusal(() -> caller.accessToken(CALLER, CLOUD_PLATFORM)).getMessage())
        .containsSubsequence(
            "\nThe caller is " + CALLER + " itself: use Target.self().",
            " It needs this grant only to sign without a key.\nIt needs this grant:\n");
    assertThat(refusal(() -> caller.signJwt(CALLER, JwtClaims.expiringIn(Duration.ofHours(1)))))
        .hasMessageContaining("use Target.self()");
  }

  @Test
  void otherTargetRefused_doesNotMentionTargetSelf() {
    assertThat(refusal(() -> caller.accessToken(TARGET, CLOUD_PLATFORM)).getMessage())
        .doesNotContain("Target.self()");
  }

  @Test
  void isOnItself_onlyForTheAccountItself() {
    Optional<Member> itself =
        Optional.of(Member.inPolicy("serviceAccount:TARGET@demo-project.iam.gserviceaccount.com"));
    assertThat(new RequiredGrant(TARGET, TOKEN_CREATOR, itself).isOnItself()).isTrue();
    assertThat(new RequiredGrant(DELEGATE_1, TOKEN_CREATOR, itself).isOnItself()).isFalse();
    assertThat(new RequiredGrant(TARGET, TOKEN_CREATOR, Optional.empty()).isOnItself()).isFalse();
  }

  @Test
  void chainRefused_saysThatTheGrantsAreForThisOrder() {
    assertThat(refusal(() -> caller.accessToken(CHAIN, CLOUD_PLATFORM)).getMessage())
        .contains(
            "\nIf the order of the chain is wrong, correct it: these grants are for this order.\n");
  }

  private static CrossAccountGrant more() {
    return CrossAccountGrant.tokenCreator(CALLER).on(TARGET);
  }

  private static CrossAccountGrant proposed(ThrowingCallable request) {
    return CrossAccountGrant.of(refusal(request).requiredGrants());
  }

  private static PermissionDenied refusal(ThrowingCallable request) {
    return catchThrowableOfType(PermissionDenied.class, request);
  }
}
