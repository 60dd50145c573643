package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.iam.admin.v1.DeleteServiceAccountRequest;
import com.google.rpc.Code;
import io.github.shortlived.DemoProject;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.PropagationProbe.Outcome;
import io.github.shortlived.internal.client.GoogleApiClient;
import io.github.shortlived.internal.policy.EmulatedPolicies;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.ServiceDisabled;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Grants that do not take effect, and the messages of the failures. */
class AwaitRefusalTest {
  private static final CrossAccountGrant DIRECT = CrossAccountGrant.tokenCreator(CALLER).on(TARGET);
  private static final CrossAccountGrant CHAINED =
      CrossAccountGrant.tokenCreator(CALLER).along(CHAIN);
  private static final Duration FOREVER = Duration.ofDays(1);
  private static final Duration SOON = Duration.ofMinutes(3);

  private final AwaitDemo demo = new AwaitDemo();

  @AfterEach
  void close() {
    demo.close();
  }

  private <E extends CredentialException> E refusal(Class<E> type, CrossAccountGrant grant) {
    return catchThrowableOfType(type, () -> demo.await(grant));
  }

  private PropagationProbe last() {
    return demo.probes.get(demo.probes.size() - 1);
  }

  @Test
  void awaitEffective_delegateRefusesAtTheTimeout_namesItAndItsGrant() {
    List<Binding> bindings = CHAINED.bindings();
    demo.apply(new CrossAccountGrant(List.of(bindings.get(1))), FOREVER);
    demo.apply(CHAINED, Duration.ZERO);

    PermissionDenied refusal = refusal(PermissionDenied.class, CHAINED);
    assertThat(refusal)
        .hasMessage(
            "%s -> %s, after waiting 7 min, is still refused: Permission"
                    .formatted(DELEGATE_1, DELEGATE_2)
                + " 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist)."
                + " (PERMISSION_DENIED, IAM_PERMISSION_DENIED)\n"
                + "The binding is in the policy. It takes effect typically after 2 minutes,"
                + " sometimes after 7 or more. You can wait again.\n"
                + "See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#grant-not-effective.");
    assertThat(refusal.permission()).contains("iam.serviceAccounts.getAccessToken");
    assertThat(refusal.requiredGrants())
        .containsExactly(
            new RequiredGrant(
                DELEGATE_2, CrossAccountGrant.TOKEN_CREATOR, Optional.of(Member.of(DELEGATE_1))));
    assertThat(last().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(last().nextDelay()).isZero();
  }

  @Test
  void awaitEffective_timeout_limitsTheLastDelay() {
    demo.apply(DIRECT, FOREVER);
    refusal(PermissionDenied.class, DIRECT);

    Duration paused =
        demo.probes.stream().map(PropagationProbe::nextDelay).reduce(Duration.ZERO, Duration::plus);
    assertThat(paused).isEqualTo(AwaitDemo.LONG);
    assertThat(last().elapsed()).isEqualTo(AwaitDemo.LONG);
  }

  @Test
  void awaitEffective_timeoutZero_probesOnce() {
    demo.apply(DIRECT, FOREVER);
    PropagationWait none = PropagationWait.withTimeout(Duration.ZERO).reportingTo(demo.probes::add);

    assertThatThrownBy(() -> demo.grants().awaitEffective(DIRECT, demo.caller, none))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageStartingWith(
            "%s -> %s, after waiting 0 s, is still refused".formatted(CALLER, TARGET));
    assertThat(demo.outcomes()).containsExactly(Outcome.REFUSED);
  }

  @Test
  void withTimeout_negative_isRefused() {
    assertThatThrownBy(() -> PropagationWait.withTimeout(Duration.ofSeconds(-1)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid timeout '-1 s': it must not be negative. Pass a duration such as"
                + " Duration.ofMinutes(7) to withTimeout(...).");
  }

  @Test
  void awaitEffective_wrongMember_isRefusedBeforeAnyProbe() {
    ShortLivedCredentials other = demo.as(Member.of(DELEGATE_1));
    demo.apply(DIRECT, Duration.ZERO);

    assertThatThrownBy(() -> demo.grants().awaitEffective(DIRECT, other, demo.waiting()))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith(
            "Invalid caller 'serviceAccount:%s': the grant starts at another member"
                .formatted(DELEGATE_1))
        .hasMessageContaining("serviceAccount:" + CALLER)
        .hasMessageContaining("Pass its credentials");
    assertThat(demo.probes).isEmpty();
    assertThat(demo.await(DIRECT)).isZero();
  }

  @Test
  void awaitEffective_grantThatStartsElsewhere_isRefused() {
    CrossAccountGrant second = new CrossAccountGrant(CHAINED.bindings().subList(1, 2));
    assertThat(refusal(InvalidRequest.class, second))
        .hasMessageContaining("a grant with all bindings from the caller to the target");
  }

  @Test
  void awaitEffective_unknownCallerAndSeveralMembers_isRefused() {
    ShortLivedCredentials unknown = demo.as(Member.of("user:me@example.com"));
    CrossAccountGrant several =
        new CrossAccountGrant(
            List.of(
                DIRECT.bindings().get(0),
                new Binding(
                    TARGET, CrossAccountGrant.TOKEN_CREATOR, Member.of("user:me@example.com"))));
    assertThat(unknown.callerMember()).isEmpty();

    assertThatThrownBy(() -> demo.grants().awaitEffective(several, unknown, demo.waiting()))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("its bindings start at several members");
    CrossAccountGrant one = new CrossAccountGrant(several.bindings().subList(1, 2));
    demo.apply(one, SOON);
    demo.grants().awaitEffective(one, unknown, demo.waiting());
    assertThat(last().outcome()).isEqualTo(Outcome.EFFECTIVE);
  }

  @Test
  void awaitEffective_planThatOnlyRemoves_isRefused() {
    demo.grants().apply(DIRECT);
    GrantPlan removal = demo.grants().planRevokeEverything(Member.of(CALLER), TARGET);
    assertThatThrownBy(() -> demo.grants().awaitEffective(removal, demo.caller))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("it grants nothing");
  }

  @Test
  void awaitEffective_apiDisabled_failsAtOnce() {
    demo.apply(DIRECT, SOON);
    demo.demo.emulator().controls().disableApi(PROJECT, "iamcredentials.googleapis.com");
    assertThat(refusal(ServiceDisabled.class, DIRECT))
        .hasMessageContaining("gcloud services enable iamcredentials.googleapis.com");
    assertThat(demo.outcomes()).containsExactly(Outcome.FAILED);

    demo.demo.emulator().controls().enableApi(PROJECT, "iamcredentials.googleapis.com");
    demo.await(DIRECT);
    assertThat(last().outcome()).isEqualTo(Outcome.EFFECTIVE);
  }

  @Test
  void awaitEffective_refusedForAnotherReason_failsAtOnce() {
    demo.apply(DIRECT, Duration.ZERO);
    demo.demo.emulator().faults().on("generateAccessToken").fail(Code.PERMISSION_DENIED);
    assertThat(refusal(PermissionDenied.class, DIRECT).requiredGrants()).isEmpty();
    assertThat(demo.outcomes()).containsExactly(Outcome.FAILED);
  }

  @Test
  void awaitEffective_neverApplied_failsBeforeTheTimeout() {
    PermissionDenied refusal = refusal(PermissionDenied.class, DIRECT);
    assertThat(refusal)
        .hasMessageContaining(" is still refused: Permission ")
        .hasMessageEndingWith(
            "\nThe policy of %s lacks this binding: %s. Apply the grant first.\nSee https://shortlived.github.io/short-lived-credentials/troubleshooting.html#grant-not-effective."
                .formatted(TARGET, DIRECT.bindings().get(0)));
    assertThat(refusal.requiredGrants())
        .containsExactly(
            new RequiredGrant(
                TARGET, CrossAccountGrant.TOKEN_CREATOR, Optional.of(Member.of(CALLER))));
    assertThat(last().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(last().elapsed()).isLessThan(SOON);
  }

  @Test
  void awaitEffective_anotherConditionGranted_isAnotherGrant() {
    demo.apply(DIRECT.expiringIn(Duration.ofHours(2)), FOREVER);
    CrossAccountGrant other = DIRECT.until(demo.demo.emulator().clock().instant().plus(FOREVER));
    assertThat(refusal(PermissionDenied.class, other)).hasMessageContaining("lacks this binding");
    assertThat(refusal(PermissionDenied.class, DIRECT)).hasMessageContaining("lacks this binding");
  }

  @Test
  void awaitEffective_revokedMeanwhile_failsBeforeTheTimeout() {
    demo.apply(DIRECT, FOREVER);
    PropagationWait waiting =
        demo.waiting()
            .reportingTo(
                probe -> {
                  demo.probes.add(probe);
                  if (probe.number() == 5) {
                    demo.grants().revoke(DIRECT);
                  }
                });
    assertThatThrownBy(() -> demo.grants().awaitEffective(DIRECT, demo.caller, waiting))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("lacks this binding");
    assertThat(demo.probes).hasSizeGreaterThan(5);
    assertThat(last().elapsed()).isLessThan(SOON);
  }

  @Test
  void awaitEffective_expired_failsAtOnce() {
    CrossAccountGrant ending = DIRECT.expiringIn(Duration.ofHours(1));
    demo.apply(ending, Duration.ZERO);
    demo.await(ending);
    assertThat(last().outcome()).isEqualTo(Outcome.EFFECTIVE);

    demo.advance(Duration.ofHours(1));
    demo.probes.clear();
    assertThat(refusal(PermissionDenied.class, ending))
        .hasMessageContaining(
            "\nThe grant has expired: " + CrossAccountGrant.TOKEN_CREATOR + " on ")
        .hasMessageEndingWith(
            "Apply it again.\nSee https://shortlived.github.io/short-lived-credentials/troubleshooting.html#grant-not-effective.");
    assertThat(demo.outcomes()).containsExactly(Outcome.FAILED);
  }

  @Test
  void awaitEffective_deletedAccount_isNotFound() throws Exception {
    demo.apply(CHAINED, FOREVER);
    try (GoogleApiClient<IAMClient> iam =
        GoogleApiClient.iam(demo.demo.emulator().endpoints().iam())) {
      iam.call(
          "deleteServiceAccount",
          IAMClient::deleteServiceAccountCallable,
          DeleteServiceAccountRequest.newBuilder().setName(DELEGATE_1.resourceName()).build(),
          EmulatedPolicies.sourceOf(demo.demo),
          EmulatedPolicies.DEADLINE);
    }
    assertThat(refusal(NotFound.class, CHAINED))
        .hasMessageContaining(DELEGATE_1.id())
        .hasMessageContaining("The account does not exist.");
    assertThat(last().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(last().elapsed()).isLessThan(SOON);
  }

  @Test
  void awaitEffective_unidentifiedCaller_isAPossibleCause() {
    demo.apply(DIRECT, FOREVER);
    ShortLivedCredentials admin = demo.as(DemoProject.ADMIN);
    assertThat(admin.callerMember()).isEmpty();
    assertThatThrownBy(() -> demo.grants().awaitEffective(DIRECT, admin, demo.waiting()))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining(
            "Or the caller is an account other than serviceAccount:"
                + CALLER
                + ": the credentials do not show who calls.");
    assertThatThrownBy(() -> demo.await(DIRECT))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageNotContaining("Or the caller");
  }

  @Test
  void awaitEffective_policiesNotReadable_waitsUntilTheTimeout() {
    demo.apply(DIRECT, FOREVER);
    try (Grants blind = Grants.using(demo.caller)) {
      assertThatThrownBy(() -> blind.awaitEffective(DIRECT, demo.caller, demo.waiting()))
          .isInstanceOf(PermissionDenied.class)
          .hasMessageContaining("after waiting 7 min, is still refused")
          .hasMessageContaining("The policy could not be read, so the binding may be missing.")
          .hasMessageContaining("Permission 'iam.serviceAccounts.getIamPolicy' denied");
    }
    assertThat(demo.calls("getIamPolicy", CALLER)).isEqualTo(1);
    demo.demo.emulator().controls().propagationDelay(Duration.ZERO);
    demo.grants().revoke(DIRECT);
    demo.grants().apply(DIRECT);
    try (Grants blind = Grants.using(demo.caller)) {
      assertThat(blind.awaitEffective(DIRECT, demo.caller, demo.waiting())).isZero();
    }
  }

  @Test
  void awaitEffective_conditionNotMet_isAPossibleCause() {
    CrossAccountGrant conditional =
        DIRECT.onlyIf(Condition.of("never", "resource.name == \"another\""));
    demo.apply(conditional, Duration.ZERO);
    assertThat(refusal(PermissionDenied.class, conditional))
        .hasMessageEndingWith(
            "\nOr its condition is not met: if resource.name == \"another\"\n"
                + "See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#grant-not-effective.");
  }

  @Test
  void awaitEffective_roleWithoutThePermission_isAPossibleCause() {
    CrossAccountGrant user =
        CrossAccountGrant.role("roles/iam.serviceAccountUser", Member.of(CALLER)).on(TARGET);
    demo.apply(user, Duration.ZERO);
    assertThat(refusal(PermissionDenied.class, user))
        .hasMessageEndingWith(
            "\nOr roles/iam.serviceAccountUser lacks the permission.\n"
                + "See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#grant-not-effective.");
  }

  @Test
  void awaitEffective_grantToAGroup_acceptsAnyCaller() {
    CrossAccountGrant group =
        CrossAccountGrant.tokenCreator(Member.of("group:ops@example.com")).on(TARGET);
    demo.apply(group, Duration.ZERO);
    assertThat(refusal(PermissionDenied.class, group))
        .hasMessageEndingWith(
            "\nOr the caller is not (yet) part of group:ops@example.com.\n"
                + "See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#grant-not-effective.");
  }

  @Test
  void awaitEffective_permanentFailureOfTheService_isUnavailable() {
    demo.apply(DIRECT, Duration.ZERO);
    demo.demo.emulator().faults().on("generateAccessToken").fail(Code.UNAVAILABLE);
    assertThat(refusal(Unavailable.class, DIRECT))
        .hasMessageStartingWith("generateAccessToken for " + TARGET)
        .hasMessageEndingWith(
            "The wait for %s -> %s took 7 min.\nSee https://shortlived.github.io/short-lived-credentials/troubleshooting.html#service-unavailable."
                .formatted(CALLER, TARGET));
    assertThat(demo.outcomes()).containsOnly(Outcome.UNAVAILABLE);
  }

  @Test
  void awaitEffective_interruptedWhileSleeping_throwsTheLastRefusalAndKeepsTheStatus() {
    demo.apply(DIRECT, FOREVER);
    PropagationWait interrupted =
        demo.waiting().sleepingBy(delay -> Thread.currentThread().interrupt());
    Throwable thrown =
        catchThrowable(() -> demo.grants().awaitEffective(DIRECT, demo.caller, interrupted));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(thrown)
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("is still refused: Permission ")
        .hasMessageEndingWith(
            "\nThe waiting thread was interrupted.\nSee https://shortlived.github.io/short-lived-credentials/troubleshooting.html#grant-not-effective.");
    assertThat(demo.probes).hasSize(1);
  }

  @Test
  void awaitEffective_interruptedWhileProbing_throwsTheLastRefusalAndKeepsTheStatus() {
    demo.apply(DIRECT, FOREVER);
    Throwable thrown = waitInterruptedInProbe(2);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(thrown)
        .isInstanceOf(PermissionDenied.class)
        .hasMessageEndingWith(
            "\nThe waiting thread was interrupted.\nSee https://shortlived.github.io/short-lived-credentials/troubleshooting.html#grant-not-effective.");
    assertThat(demo.probes).hasSize(2);
  }

  @Test
  void awaitEffective_interruptedInTheFirstProbe_saysSo() {
    demo.apply(DIRECT, FOREVER);
    Throwable thrown = waitInterruptedInProbe(1);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(thrown)
        .isInstanceOf(CredentialException.class)
        .hasMessageContaining(
            " The waiting thread was interrupted.\nSee https://shortlived.github.io/short-lived-credentials/troubleshooting.html#");
    assertThat(demo.probes).hasSize(1);
  }

  private Throwable waitInterruptedInProbe(int number) {
    PropagationWait interrupted =
        demo.waiting()
            .probingWith(
                target -> {
                  if (demo.probes.size() == number - 1) {
                    Thread.currentThread().interrupt();
                  }
                  return IdTokenRequest.of(target, "orders");
                });
    return catchThrowable(() -> demo.grants().awaitEffective(DIRECT, demo.caller, interrupted));
  }

  @Test
  void awaitEffective_listenerThatThrows_endsTheWait() {
    demo.apply(DIRECT, FOREVER);
    IllegalStateException bug = new IllegalStateException("Listener");
    PropagationWait broken =
        demo.waiting()
            .reportingTo(
                probe -> {
                  throw bug;
                });
    assertThatThrownBy(() -> demo.grants().awaitEffective(DIRECT, demo.caller, broken))
        .isSameAs(bug);
  }

  @Test
  void awaitEffective_afterClose_isRefused() {
    demo.apply(DIRECT, FOREVER);
    Grants closed = Grants.using(demo.caller);
    closed.close();
    assertThatThrownBy(() -> closed.awaitEffective(DIRECT, demo.caller, demo.waiting()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void report_anyProbe_holdsNoSecret() {
    demo.apply(DIRECT, SOON);
    demo.await(DIRECT);
    assertThat(last().target()).isEqualTo(TARGET);
    assertThat(demo.probes.toString()).doesNotContain("ya29.").doesNotContain("eyJ");
  }
}
