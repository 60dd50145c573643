package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.ADMIN;
import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.Code;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.PropagationProbe.Outcome;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.testing.EmulatorClock;
import io.github.shortlived.testing.IamEmulator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Grants that take effect during the wait. */
class AwaitEffectiveTest {
  private static final CrossAccountGrant DIRECT = CrossAccountGrant.tokenCreator(CALLER).on(TARGET);
  private static final CrossAccountGrant CHAINED =
      CrossAccountGrant.tokenCreator(CALLER).along(CHAIN);
  private static final Duration DELAY = Duration.ofMinutes(3);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private final AwaitDemo demo = new AwaitDemo();

  @AfterEach
  void close() {
    demo.close();
  }

  @Test
  void awaitEffective_longestTimeoutAndClockSetBack_returns() {
    demo.apply(DIRECT, DELAY);
    EmulatorClock clock = demo.demo.emulator().clock();
    AtomicBoolean setBack = new AtomicBoolean();
    PropagationWait wait =
        PropagationWait.withTimeout(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999))
            .sleepingBy(
                delay -> {
                  demo.advance(delay);
                  if (setBack.compareAndSet(false, true)) {
                    clock.set(clock.instant().minusSeconds(30));
                  }
                });

    assertThat(demo.grants().awaitEffective(DIRECT, demo.caller, wait))
        .isBetween(DELAY, AwaitDemo.LONG);
  }

  @Test
  void awaitEffective_propagating_returnsAsSoonAsTheGrantWorks() {
    demo.apply(DIRECT, DELAY);
    assertThatThrownBy(() -> demo.caller.accessToken(TARGET, CLOUD_PLATFORM))
        .isInstanceOf(PermissionDenied.class);

    assertThat(demo.await(DIRECT)).isBetween(DELAY, DELAY.plus(LONGEST_PAUSE));
    assertThat(demo.caller.accessToken(TARGET, CLOUD_PLATFORM).token()).isNotEmpty();
    assertThat(demo.outcomes())
        .hasSizeGreaterThan(10)
        .startsWith(Outcome.REFUSED)
        .endsWith(Outcome.REFUSED, Outcome.EFFECTIVE)
        .containsOnlyOnce(Outcome.EFFECTIVE);
  }

  @Test
  void awaitEffective_worksAlready_probesOnceWithoutPause() {
    demo.apply(DIRECT, Duration.ZERO);
    PropagationWait unpaused =
        demo.waiting()
            .sleepingBy(
                delay -> {
                  throw new AssertionError("Paused for " + delay);
                });

    assertThat(demo.grants().awaitEffective(DIRECT, demo.caller, unpaused)).isZero();
    assertThat(demo.outcomes()).containsExactly(Outcome.EFFECTIVE);
  }

  @Test
  void awaitEffective_listener_receivesEachProbe() {
    demo.apply(DIRECT, DELAY);
    demo.await(DIRECT);

    List<PropagationProbe> probes = demo.probes;
    PropagationProbe last = probes.get(probes.size() - 1);
    assertThat(probes)
        .extracting(PropagationProbe::number)
        .startsWith(1, 2, 3)
        .doesNotHaveDuplicates();
    assertThat(probes).extracting(PropagationProbe::target).containsOnly(TARGET);
    assertThat(probes).extracting(PropagationProbe::elapsed).isSorted();
    assertThat(probes.subList(0, probes.size() - 1))
        .allSatisfy(
            probe -> {
              assertThat(probe.failure()).containsInstanceOf(PermissionDenied.class);
              assertThat(probe.nextDelay()).isBetween(Duration.ofMillis(500), LONGEST_PAUSE);
              assertThat(probe.toString())
                  .contains(": REFUSED, next in " + Phrases.exact(probe.nextDelay()));
            });
    assertThat(last.failure()).isEmpty();
    assertThat(last.nextDelay()).isZero();
    assertThat(last)
        .hasToString(
            "Probe %d of %s after %s: EFFECTIVE"
                .formatted(
                    probes.size(),
                    TARGET,
                    Phrases.exact(last.elapsed().truncatedTo(ChronoUnit.MILLIS))));
  }

  @Test
  void awaitEffective_chain_probesEachAccountAndTheTargetLast() {
    demo.apply(CHAINED, Duration.ZERO);
    demo.await(CHAINED);

    assertThat(demo.outcomes()).containsOnly(Outcome.EFFECTIVE).hasSize(3);
    assertThat(demo.targets())
        .containsExactly(DELEGATE_1, DelegationChain.through(DELEGATE_1).to(DELEGATE_2), CHAIN);
    assertThat(demo.caller.accessToken(CHAIN, CLOUD_PLATFORM).token()).isNotEmpty();
  }

  @Test
  void awaitEffective_oneGrantLate_probesTheOthersOnce() {
    List<Binding> bindings = CHAINED.bindings();
    demo.apply(new CrossAccountGrant(List.of(bindings.get(1))), DELAY);
    demo.apply(CHAINED, Duration.ZERO);

    assertThat(demo.await(CHAINED)).isBetween(DELAY, DELAY.plus(LONGEST_PAUSE));
    DelegationChain late = DelegationChain.through(DELEGATE_1).to(DELEGATE_2);
    assertThat(demo.targets()).containsExactly(DELEGATE_1, late, CHAIN);
    assertThat(demo.probes.stream().filter(probe -> probe.outcome() == Outcome.REFUSED))
        .isNotEmpty()
        .allSatisfy(probe -> assertThat(probe.target()).isEqualTo(late));
  }

  @Test
  void awaitEffective_openIdTokenCreator_requestsAnIdToken() {
    CrossAccountGrant grant =
        CrossAccountGrant.openIdTokenCreator(Member.of(CALLER)).on(TARGET).expiringIn(DELAY);
    demo.apply(grant, Duration.ofSeconds(10));
    demo.await(grant);

    assertThat(demo.caller.idToken(TARGET, "orders").token()).isNotEmpty();
    assertThatThrownBy(() -> demo.caller.accessToken(TARGET, CLOUD_PLATFORM))
        .isInstanceOf(PermissionDenied.class);
    assertThat(demo.outcomes()).contains(Outcome.REFUSED).endsWith(Outcome.EFFECTIVE);
  }

  @Test
  void awaitEffective_anotherRequest_probesTheTargetWithIt() {
    demo.apply(CHAINED, Duration.ZERO);
    demo.grants()
        .awaitEffective(
            CHAINED,
            demo.caller,
            demo.waiting()
                .probingWith(target -> SignBlobRequest.of(target, "probe".getBytes(UTF_8))));

    assertThat(demo.calls("generateAccessToken", CALLER)).isEqualTo(2);
    assertThat(demo.calls("signBlob", CALLER)).isEqualTo(1);
  }

  @Test
  void awaitEffective_functionReturnsNull_namesIt() {
    demo.apply(CHAINED, Duration.ZERO);

    assertThatThrownBy(
            () ->
                demo.grants()
                    .awaitEffective(CHAINED, demo.caller, demo.waiting().probingWith(t -> null)))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("the result of the function in probingWith");
  }

  @Test
  void awaitEffective_plan_waitsForWhatItGrants() {
    demo.demo.emulator().controls().propagationDelay(DELAY);
    GrantPlan plan = demo.grants().plan(CHAINED.expiringIn(Duration.ofHours(1)));
    plan.apply();

    assertThat(demo.grants().awaitEffective(plan, demo.caller, demo.waiting()))
        .isBetween(DELAY, DELAY.plus(LONGEST_PAUSE));
    assertThat(demo.caller.accessToken(CHAIN, CLOUD_PLATFORM).token()).isNotEmpty();
  }

  @Test
  void awaitEffective_planApplied_worksWithTheStandardWait() {
    GrantPlan plan = demo.grants().plan(DIRECT);
    plan.apply();
    assertThat(demo.grants().awaitEffective(plan, demo.caller)).isZero();
    assertThat(demo.grants().awaitEffective(DIRECT, demo.caller)).isZero();
  }

  @Test
  void awaitEffective_severalPathsFromTheCaller_waitsForEach() {
    CrossAccountGrant both =
        new CrossAccountGrant(
            List.of(
                DIRECT.bindings().get(0),
                CHAINED.bindings().get(0),
                new Binding(DELEGATE_2, CrossAccountGrant.TOKEN_CREATOR, Member.of(DELEGATE_1))));
    demo.apply(both, DELAY);
    demo.await(both);

    assertThat(demo.targets())
        .containsExactly(TARGET, DELEGATE_1, DelegationChain.through(DELEGATE_1).to(DELEGATE_2));
  }

  @Test
  void awaitEffective_temporaryFailure_continues() {
    demo.apply(DIRECT, Duration.ZERO);
    demo.demo.emulator().faults().on("generateAccessToken").times(3).fail(Code.UNAVAILABLE);
    demo.await(DIRECT);

    assertThat(demo.outcomes())
        .containsExactly(
            Outcome.UNAVAILABLE, Outcome.UNAVAILABLE, Outcome.UNAVAILABLE, Outcome.EFFECTIVE);
  }

  @Test
  void awaitEffective_policyTemporarilyUnreadable_continues() {
    demo.apply(DIRECT, DELAY);
    demo.demo.emulator().faults().on("getIamPolicy").times(2).fail(Code.UNAVAILABLE);
    demo.await(DIRECT);

    assertThat(demo.outcomes()).endsWith(Outcome.EFFECTIVE);
  }

  @Test
  void awaitEffective_staleRead_continues() {
    // A read may be older than the latest write.
    PropagationWait waiting =
        demo.waiting()
            .sleepingBy(
                delay -> {
                  demo.advance(delay);
                  demo.apply(DIRECT, Duration.ZERO);
                });
    demo.grants().awaitEffective(DIRECT, demo.caller, waiting);

    assertThat(demo.outcomes()).containsExactly(Outcome.REFUSED, Outcome.EFFECTIVE);
  }

  @Test
  void awaitEffective_memberOfTheGrantedGroup_isWaitedFor() {
    Member user = Member.of("user:me@example.com");
    CrossAccountGrant grant =
        CrossAccountGrant.tokenCreator(Member.of("group:ops@example.com")).on(TARGET);
    try (IamEmulator emulator =
            IamEmulator.builder()
                .project(PROJECT)
                .serviceAccount(TARGET.id())
                .group("ops@example.com", user.id())
                .projectBinding(PROJECT, "roles/owner", ADMIN.id())
                .clock(InstantSource.fixed(Instant.now()))
                .start();
        ShortLivedCredentials admin = emulator.credentialsFor(ADMIN);
        ShortLivedCredentials caller = emulator.credentialsFor(user);
        Grants grants = Grants.using(admin)) {
      emulator.controls().propagationDelay(DELAY);
      grants.apply(grant);
      PropagationWait waiting = PropagationWait.standard().sleepingBy(emulator.clock()::advance);

      assertThatThrownBy(() -> caller.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(PermissionDenied.class);
      assertThat(grants.awaitEffective(grant, caller, waiting))
          .isBetween(DELAY, DELAY.plus(LONGEST_PAUSE));
      assertThat(caller.accessToken(TARGET, CLOUD_PLATFORM).token()).isNotEmpty();
    }
  }
}
