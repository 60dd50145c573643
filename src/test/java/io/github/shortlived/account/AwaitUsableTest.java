package io.github.shortlived.account;

import static io.github.shortlived.DemoProject.ADMIN;
import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.Code;
import io.github.shortlived.DemoProject;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.EmulatorCall;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waits for new accounts. Waiting advances the clock and takes no real time. */
class AwaitUsableTest {
  private static final Duration DELAY = Duration.ofMinutes(2);
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration LONGEST_PAUSES = Duration.ofSeconds(20);
  private static final ServiceAccount UNKNOWN =
      ServiceAccount.of("unknown@demo-project.iam.gserviceaccount.com");

  private final DemoProject demo = new DemoProject(InstantSource.fixed(Instant.now()));
  private final ShortLivedCredentials admin =
      demo.listening(ADMIN, event -> {}).retryPolicy(RetryPolicy.none()).build();
  private final ServiceAccounts accounts = ServiceAccounts.using(admin);
  private int pauses;

  @AfterEach
  void close() {
    accounts.close();
    admin.close();
    demo.close();
  }

  private void advance(Duration time) {
    demo.emulator().clock().advance(time);
  }

  private Duration await(ServiceAccount account) {
    return accounts.awaitUsable(account, LIMIT, this::advance);
  }

  private long reads() {
    return demo.emulator().calls().stream()
        .map(EmulatorCall::method)
        .filter("getServiceAccount"::equals)
        .count();
  }

  @Test
  void awaitUsable_knownAccount_returnsAfterThreeProbes() {
    assertThat(await(TARGET)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
    assertThat(reads()).isEqualTo(3);
  }

  @Test
  void awaitUsable_newAccount_returnsOnceGrantsAndCredentialsWork() {
    demo.emulator().controls().accountPropagation(DELAY);
    ServiceAccount created = accounts.create(PROJECT, "deployer").account();
    CrossAccountGrant onIt = CrossAccountGrant.tokenCreator(CALLER).on(created);
    CrossAccountGrant toIt = CrossAccountGrant.tokenCreator(created).on(TARGET);
    try (Grants grants = Grants.using(admin);
        ShortLivedCredentials caller = demo.caller(false)) {
      assertThatThrownBy(() -> grants.apply(onIt)).isInstanceOf(PermissionDenied.class);
      assertThatThrownBy(() -> grants.apply(toIt))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("Service account " + created + " does not exist.");

      assertThat(await(created)).isBetween(DELAY, DELAY.plus(LONGEST_PAUSES));

      grants.apply(onIt);
      grants.apply(toIt);
      assertThat(caller.accessToken(created, CLOUD_PLATFORM).token()).isNotEmpty();
    }
  }

  @Test
  void awaitUsable_failureAfterASuccess_startsToCountAgain() {
    accounts.awaitUsable(
        TARGET,
        LIMIT,
        delay -> {
          advance(delay);
          if (++pauses == 2) {
            demo.emulator().faults().on("getServiceAccount").times(1).fail(Code.NOT_FOUND);
          }
        });
    assertThat(reads()).isEqualTo(6);
  }

  @Test
  void awaitUsable_unknownAccount_throwsTheLastFailureAtTheTimeout() {
    Instant start = demo.emulator().clock().instant();
    assertThatThrownBy(() -> await(UNKNOWN))
        .isInstanceOf(NotFound.class)
        .hasMessageStartingWith("Reading " + UNKNOWN + " failed: ")
        .hasMessageContaining(
            "The wait until " + UNKNOWN + " is usable took 5 min. This is the timeout. A new");
    assertThat(demo.emulator().clock().instant()).isEqualTo(start.plus(LIMIT));
  }

  @Test
  void awaitUsable_unknownToPolicies_saysSoAtTheTimeout() {
    demo.emulator().controls().accountPropagation(LIMIT.multipliedBy(2));
    ServiceAccount created = accounts.create(PROJECT, "deployer").account();
    assertThatThrownBy(() -> await(created))
        .isInstanceOf(Unavailable.class)
        .hasMessageStartingWith(created + " can be read, but is unknown to policies");
  }

  @Test
  void awaitUsable_temporaryFault_isWaitedFor() {
    demo.emulator().faults().on("testIamPermissions").times(2).fail(Code.UNAVAILABLE);
    assertThat(await(TARGET)).isPositive();
    assertThat(reads()).isEqualTo(5);
  }

  @Test
  void awaitUsable_failureThatWaitingDoesNotChange_isThrownAtOnce() {
    demo.emulator().faults().on("getServiceAccount").fail(Code.INVALID_ARGUMENT);
    assertThatThrownBy(() -> await(TARGET)).isInstanceOf(InvalidRequest.class);
    assertThat(reads()).isOne();
  }

  @Test
  void awaitUsable_timeoutZero_probesOnce() {
    assertThat(accounts.awaitUsable(TARGET, Duration.ZERO, this::advance)).isZero();
    assertThatThrownBy(() -> accounts.awaitUsable(UNKNOWN, Duration.ZERO, this::advance))
        .isInstanceOf(NotFound.class);
    assertThat(reads()).isEqualTo(2);
  }

  @Test
  void awaitUsable_interruptedBetweenProbes_throwsTheFailureAndStaysInterrupted() {
    try {
      assertThatThrownBy(
              () ->
                  accounts.awaitUsable(UNKNOWN, LIMIT, delay -> Thread.currentThread().interrupt()))
          .isInstanceOf(NotFound.class)
          .hasMessageContaining("The waiting thread was interrupted.");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertThat(reads()).isOne();
  }

  @Test
  void awaitUsable_interruptedAfterASuccess_isUnavailable() {
    try {
      assertThatThrownBy(
              () ->
                  accounts.awaitUsable(TARGET, LIMIT, delay -> Thread.currentThread().interrupt()))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("The waiting thread was interrupted.");
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void awaitUsable_callerMayNotRead_isDeniedWithTheGrantAtTheTimeout() {
    try (ShortLivedCredentials caller =
            demo.listening(Member.of(CALLER), event -> {}).retryPolicy(RetryPolicy.none()).build();
        ServiceAccounts powerless = ServiceAccounts.using(caller)) {
      assertThatThrownBy(() -> powerless.awaitUsable(TARGET, LIMIT, this::advance))
          .isInstanceOf(PermissionDenied.class)
          .hasMessageContaining("--role=roles/iam.serviceAccountViewer");
    }
  }

  @Test
  void awaitUsable_negativeTimeout_isRefused() {
    assertThatThrownBy(() -> accounts.awaitUsable(TARGET, Duration.ofSeconds(-1), this::advance))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid timeout '-1 s': it must not be negative. Pass a duration such as"
                + " Duration.ofMinutes(5).");
    assertThat(reads()).isZero();
  }
}
