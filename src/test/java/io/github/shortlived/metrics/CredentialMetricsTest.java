package io.github.shortlived.metrics;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.google.rpc.Code;
import io.github.shortlived.DemoProject;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialEvent.IssueFailed;
import io.github.shortlived.model.CredentialEvent.Issued;
import io.github.shortlived.model.CredentialEvent.RefreshFailed;
import io.github.shortlived.model.CredentialEvent.Refreshed;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.IamEmulator;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Meters of events on the emulator. */
@Timeout(60) // A lost event must not stall the build.
class CredentialMetricsTest {
  private static final AccessTokenRequest REQUEST = AccessTokenRequest.of(TARGET, CLOUD_PLATFORM);
  private static final CrossAccountGrant GRANT =
      CrossAccountGrant.tokenCreator(Member.of(CALLER)).on(TARGET);
  private static final Duration SHORTLY_BEFORE_EXPIRY = Duration.ofMinutes(55);

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final CredentialMetrics metrics = CredentialMetrics.of(registry);
  // Contains an event after it was recorded.
  private final LinkedBlockingQueue<CredentialEvent> events = new LinkedBlockingQueue<>();
  private final DemoProject demo = new DemoProject();
  private final ShortLivedCredentials credentials = metered(Member.of(CALLER));

  private ShortLivedCredentials metered(Member caller) {
    return demo.listening(caller, metrics.andThen(events::add)).build();
  }

  private void asAdministrator(Consumer<Grants> edit) {
    try (ShortLivedCredentials admin = metered(DemoProject.ADMIN);
        Grants grants = Grants.using(admin)) {
      edit.accept(grants);
    }
  }

  @AfterEach
  void close() {
    credentials.close();
    demo.close();
  }

  private <E extends CredentialEvent> E next(Class<E> type) throws InterruptedException {
    return type.cast(events.poll(30, TimeUnit.SECONDS));
  }

  /** Returns the count of every meter by its name, without the common prefix, and tags. */
  private static Map<String, Double> counts(MeterRegistry registry) {
    Map<String, Double> counts = new TreeMap<>();
    registry.getMeters().forEach(meter -> counts.put(nameAndTags(meter.getId()), count(meter)));
    return counts;
  }

  private static String nameAndTags(Meter.Id id) {
    assertThat(id.getName()).startsWith("shortlived.credentials.");
    return id.getName().substring("shortlived.credentials.".length())
        + id.getTags().stream()
            .map(tag -> " " + tag.getKey() + "=" + tag.getValue())
            .collect(joining());
  }

  private static double count(Meter meter) {
    for (var measurement : meter.measure()) {
      if (measurement.getStatistic() == Statistic.COUNT) {
        return measurement.getValue();
      }
    }
    throw new AssertionError(meter.getId());
  }

  private void assertTotalTime(String name, Duration duration) {
    Timer timer = registry.get("shortlived.credentials." + name).timer();
    assertThat(timer.totalTime(TimeUnit.NANOSECONDS)).isEqualTo((double) duration.toNanos());
  }

  @Test
  void issued_eachKind_isTimedByKind() {
    demo.grants().apply(GRANT);
    credentials.accessToken(TARGET, CLOUD_PLATFORM);
    credentials.idToken(TARGET, "orders");
    credentials.signJwt(TARGET, JwtClaims.expiringIn(Duration.ofMinutes(10)));
    credentials.signBlob(TARGET, new byte[] {1});
    credentials.signBlob(TARGET, new byte[] {1});

    assertThat(counts(registry))
        .containsOnly(
            entry("issue credential=access_token outcome=success", 1.0),
            entry("issue credential=id_token outcome=success", 1.0),
            entry("issue credential=signed_jwt outcome=success", 1.0),
            entry("issue credential=signed_blob outcome=success", 2.0));
  }

  @Test
  void issued_once_hasTheDurationOfTheEvent() throws Exception {
    demo.grants().apply(GRANT);
    credentials.issue(REQUEST);
    assertTotalTime("issue", next(Issued.class).duration());
  }

  @Test
  void issued_usersToken_isAnAccessTokenOnly() throws Exception {
    try (IamEmulator domain =
            IamEmulator.builder()
                .project(DemoProject.PROJECT)
                .serviceAccount(CALLER.id())
                .domainWideDelegation(CALLER.id(), "user@example.com", CLOUD_PLATFORM)
                .start();
        ShortLivedCredentials own =
            ShortLivedCredentials.builder()
                .keyJson(domain.serviceAccountKey(CALLER.id()))
                .endpoints(domain.endpoints())
                .httpTransportFactory(domain.httpTransportFactory())
                .listener(metrics)
                .build()) {
      own.googleCredentials(Target.self(), CLOUD_PLATFORM)
          .createDelegated("user@example.com")
          .refresh();
    }
    assertThat(counts(registry))
        .containsOnly(entry("issue credential=access_token outcome=success", 1.0));
  }

  @Test
  void refused_missingGrant_isTimedByOutcome() throws Exception {
    assertThatThrownBy(() -> credentials.issue(REQUEST)).isInstanceOf(PermissionDenied.class);

    assertTotalTime("issue", next(IssueFailed.class).duration());
    assertThat(counts(registry))
        .containsOnly(entry("issue credential=access_token outcome=permission_denied", 1.0));
  }

  @Test
  void refreshed_beforeTheExpiry_isTimedSeparately() throws Exception {
    demo.grants().apply(GRANT);
    credentials.issue(REQUEST);
    next(Issued.class);
    demo.emulator().clock().advance(SHORTLY_BEFORE_EXPIRY);
    credentials.issue(REQUEST);

    assertTotalTime("refresh", next(Refreshed.class).duration());
    assertThat(counts(registry))
        .containsOnly(
            entry("issue credential=access_token outcome=success", 1.0),
            entry("refresh credential=access_token outcome=success", 1.0));
  }

  @Test
  void refreshFailed_grantRevoked_isTimedByOutcome() throws Exception {
    demo.grants().apply(GRANT);
    credentials.issue(REQUEST);
    next(Issued.class);
    demo.grants().revoke(GRANT);
    demo.emulator().clock().advance(SHORTLY_BEFORE_EXPIRY);
    credentials.issue(REQUEST);

    assertTotalTime("refresh", next(RefreshFailed.class).duration());
    assertThat(counts(registry))
        .containsOnly(
            entry("issue credential=access_token outcome=success", 1.0),
            entry("refresh credential=access_token outcome=permission_denied", 1.0));
  }

  @Test
  void retried_callsAndPolicyCycles_areCountedByMethodAndReason() {
    demo.grants().apply(GRANT);
    demo.emulator().faults().on("signBlob").times(2).fail(Code.UNAVAILABLE);
    credentials.signBlob(TARGET, new byte[] {1});
    demo.emulator().faults().on("setIamPolicy").times(1).fail(Code.ABORTED);
    asAdministrator(grants -> grants.revoke(GRANT));

    assertThat(counts(registry))
        .containsOnly(
            entry("issue credential=signed_blob outcome=success", 1.0),
            entry("retries method=signBlob reason=unavailable", 2.0),
            entry("retries method=setIamPolicy reason=conflict", 1.0),
            entry("policy.changes change=revoked", 1.0));
  }

  @Test
  void policies_edited_areCountedByChange() {
    CrossAccountGrant brief = GRANT.expiringIn(Duration.ofMinutes(5));
    asAdministrator(
        grants -> {
          grants.apply(GRANT);
          grants.revoke(GRANT);
          grants.apply(brief);
          demo.emulator().clock().advance(Duration.ofMinutes(6));
          grants.planSweep(List.of(TARGET)).apply();
        });

    assertThat(counts(registry))
        .containsOnly(
            entry("policy.changes change=granted", 2.0),
            entry("policy.changes change=revoked", 1.0),
            entry("policy.changes change=swept", 1.0));
  }

  @Test
  void secretExposed_keyFileOpenToOthers_isCountedWhenBuilt(@TempDir Path directory)
      throws Exception {
    Path keyFile = directory.resolve("key.json");
    Files.writeString(keyFile, demo.emulator().serviceAccountKey(CALLER.id()));
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
    ShortLivedCredentials.builder().keyFile(keyFile).listener(metrics).build().close();
    assertThat(counts(registry)).isEmpty();

    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-r--r--"));
    ShortLivedCredentials.builder().keyFile(keyFile).listener(metrics).build().close();
    assertThat(counts(registry)).containsOnly(entry("secrets.exposed", 1.0));
  }

  @Test
  void monitor_cachedTokenServed_isCounted() {
    demo.grants().apply(GRANT);
    assertThat(metrics.monitor(credentials)).isSameAs(credentials);
    credentials.issue(REQUEST);
    assertThat(counts(registry)).containsEntry("cache.hits", 0.0);
    credentials.issue(REQUEST);
    credentials.issue(REQUEST);
    assertThat(counts(registry)).containsEntry("cache.hits", 2.0);
  }

  @Test
  @Timeout(60)
  void monitor_collectedCredentials_showsTheirLastCount() {
    demo.grants().apply(GRANT);
    WeakReference<ShortLivedCredentials> collected = closedAfterOneCacheHit();
    while (collected.get() != null) {
      System.gc();
    }
    assertThat(counts(registry)).containsEntry("cache.hits", 1.0);
  }

  private WeakReference<ShortLivedCredentials> closedAfterOneCacheHit() {
    try (ShortLivedCredentials monitored = metrics.monitor(metered(Member.of(CALLER)))) {
      monitored.issue(REQUEST);
      monitored.issue(REQUEST);
      return new WeakReference<>(monitored);
    }
  }

  @Test
  void monitor_successorOfClosedCredentials_replacesTheMeter() {
    demo.grants().apply(GRANT);
    metrics.monitor(credentials);
    credentials.issue(REQUEST);
    credentials.issue(REQUEST);
    credentials.close();

    try (ShortLivedCredentials successor = metrics.monitor(metered(Member.of(CALLER)))) {
      assertThat(counts(registry)).containsEntry("cache.hits", 0.0);
      successor.issue(REQUEST);
      successor.issue(REQUEST);
      assertThat(counts(registry)).containsEntry("cache.hits", 1.0);
    }
  }

  /** Spring Boot uses a registry of registries and adds the tags of the application. */
  @Test
  void monitor_successorWithTagsOfTheRegistry_replacesTheMeter() {
    CompositeMeterRegistry composite = new CompositeMeterRegistry();
    composite.config().meterFilter(MeterFilter.commonTags(List.of(Tag.of("app", "shop"))));
    composite.add(registry);
    CredentialMetrics added = CredentialMetrics.of(composite);
    demo.grants().apply(GRANT);
    credentials.issue(REQUEST);
    credentials.issue(REQUEST);
    added.monitor(credentials);
    assertThat(counts(registry)).containsEntry("cache.hits app=shop", 1.0);

    try (ShortLivedCredentials successor = metered(Member.of(CALLER))) {
      added.monitor(successor);
      assertThat(counts(registry)).containsEntry("cache.hits app=shop", 0.0);
    }
  }

  @Test
  void monitor_severalWithDifferentTags_areCountedSeparately() {
    demo.grants().apply(GRANT);
    CredentialMetrics.of(registry, Tag.of("source", "one")).monitor(credentials);
    credentials.issue(REQUEST);
    credentials.issue(REQUEST);
    try (ShortLivedCredentials other = metered(Member.of(CALLER))) {
      CredentialMetrics.of(registry, Tag.of("source", "other")).monitor(other);
      metrics.monitor(other);
      assertThat(counts(registry))
          .containsEntry("cache.hits source=one", 1.0)
          .containsEntry("cache.hits source=other", 0.0)
          .containsEntry("cache.hits", 0.0);
    }
  }

  @Test
  void tags_given_areOnEveryMeter() throws Exception {
    demo.grants().apply(GRANT);
    credentials.issue(REQUEST);
    CredentialMetrics.of(registry, Tag.of("source", "billing")).accept(next(Issued.class));
    assertThat(counts(registry))
        .containsOnly(
            entry("issue credential=access_token outcome=success", 1.0),
            entry("issue credential=access_token outcome=success source=billing", 1.0));
  }
}
