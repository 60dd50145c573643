package io.github.shortlived.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.gson.JsonParser;
import io.github.shortlived.internal.client.PublicDocuments.Document;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.InternalExceptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When keys are fetched, refreshed and used during an outage. */
@Timeout(60)
class KeySetTest {
  private static final TestSigner FIRST = TestSigner.rsa("first");
  private static final TestSigner SECOND = TestSigner.rsa("second");
  private static final Duration OUTAGE = Duration.ofHours(6);

  private final AtomicInteger fetches = new AtomicInteger();
  private final List<CompletableFuture<Void>> tasks = new CopyOnWriteArrayList<>();
  private volatile Instant now = Instant.parse("2030-01-01T12:00:00Z");
  private volatile KeySet.Source source = publishing(Duration.ofHours(1), FIRST);
  private final KeySet keys = new KeySet("the keys", this::fetch, () -> now, OUTAGE, this::execute);

  private Document<Map<String, VerificationKey>> fetch() {
    fetches.incrementAndGet();
    return source.fetch();
  }

  private void execute(Runnable task) {
    tasks.add(CompletableFuture.runAsync(task));
  }

  private static KeySet.Source publishing(Duration maxAge, TestSigner... signers) {
    String jwks = TestSigner.jwks(signers);
    return () ->
        new Document<>(
            VerificationKey.readSet(JsonParser.parseString(jwks).getAsJsonObject(), "RS256"),
            Optional.of(maxAge));
  }

  private static Document<Map<String, VerificationKey>> notFound() {
    throw InternalExceptions.translate(
        new HttpResponseException.Builder(404, "Not Found", new HttpHeaders()).build(),
        "Fetching the keys");
  }

  private static Document<Map<String, VerificationKey>> down() {
    throw InternalExceptions.unavailable("The server is down.");
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private void awaitFetches() {
    tasks.forEach(CompletableFuture::join);
  }

  @Test
  void find_freshKeys_areFetchedOnce() {
    assertThat(keys.find("first")).isPresent();
    pass(Duration.ofMinutes(44));
    assertThat(keys.find("first")).isPresent();
    assertThat(fetches).hasValue(1);
  }

  @Test
  void find_threeQuartersOfTheirAge_refreshesInTheBackground() {
    assertThat(keys.find("first")).isPresent();
    awaitFetches();
    CountDownLatch release = new CountDownLatch(1);
    KeySet.Source rotated = publishing(Duration.ofHours(1), FIRST, SECOND);
    source =
        () -> {
          awaitUnchecked(release);
          return rotated.fetch();
        };
    pass(Duration.ofMinutes(46));
    assertThat(keys.find("first")).isPresent(); // Does not wait.
    release.countDown();
    awaitFetches();
    pass(Duration.ofMinutes(20));
    assertThat(keys.find("second")).isPresent();
    assertThat(fetches).hasValue(2);
  }

  @Test
  void find_staleKeys_areFetchedFirst() {
    assertThat(keys.find("first")).isPresent();
    source = publishing(Duration.ofHours(1), SECOND);
    pass(Duration.ofHours(1));
    assertThat(keys.find("first")).as("deleted").isEmpty();
    assertThat(keys.find("second")).isPresent();
  }

  @Test
  void find_newKeyId_isFetchedAtOnce() {
    assertThat(keys.find("first")).isPresent();
    source = publishing(Duration.ofHours(1), FIRST, SECOND);
    assertThat(keys.find("second")).isPresent();
    assertThat(fetches).hasValue(2);
  }

  @Test
  void find_unknownKeyIdWithoutKeys_isFetchedOnce() {
    assertThat(keys.find("unknown")).isEmpty();
    assertThat(fetches).hasValue(1);
  }

  @Test
  void find_signerIsDeleted_doesNotUseStaleKeys() {
    assertThat(keys.find("first")).isPresent();
    source = KeySetTest::notFound;
    pass(Duration.ofHours(1));
    assertThatThrownBy(() -> keys.find("first")).isInstanceOf(NotFound.class);
    source = KeySetTest::down;
    pass(Duration.ofSeconds(1));
    assertThatThrownBy(() -> keys.find("first")).isInstanceOf(Unavailable.class);
  }

  @Test
  void find_signerIsDeletedBeforeTheRefresh_doesNotUseItsKeys() {
    assertThat(keys.find("first")).isPresent();
    source = KeySetTest::notFound;
    pass(Duration.ofMinutes(46));
    assertThat(keys.find("first")).isPresent(); // Does not wait for the refresh.
    tasks.forEach(task -> task.exceptionally(failure -> null).join());
    assertThatThrownBy(() -> keys.find("first")).isInstanceOf(NotFound.class);
  }

  @Test
  void find_fetchEndsWithAnError_isRetriedAfterADelay() {
    source =
        () -> {
          throw new StackOverflowError();
        };
    assertThatThrownBy(() -> keys.find("first")).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> keys.find("first")).isInstanceOf(Unavailable.class);
    assertThat(fetches).hasValue(1);
  }

  @Test
  void find_unknownKeyIds_areLimitedToFiveFetchesAMinute() {
    for (int i = 0; i < 100; i++) {
      assertThat(keys.find("unknown-" + i)).isEmpty();
    }
    assertThat(fetches).hasValue(5);
    assertThat(keys.find("first")).isPresent();
    pass(Duration.ofMinutes(1));
    assertThat(keys.find("unknown")).isEmpty();
    assertThat(fetches).hasValue(6);
  }

  @Test
  void find_thousandThreadsWithUnknownIds_costAtMostTheLimit() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(1_000);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Optional<VerificationKey>>> found = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        String id = "unknown-" + i;
        found.add(
            threads.submit(
                () -> {
                  start.await();
                  return keys.find(id);
                }));
      }
      start.countDown();
      for (Future<Optional<VerificationKey>> each : found) {
        assertThat(each.get()).isEmpty();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(fetches.get()).isBetween(1, FetchLimit.MAX_FETCHES);
  }

  @Test
  void find_threadsWithoutKeys_shareOneFetch() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    KeySet.Source real = source;
    source =
        () -> {
          awaitUnchecked(release);
          return real.fetch();
        };
    ExecutorService threads = Executors.newFixedThreadPool(50);
    try {
      List<Future<Optional<VerificationKey>>> found = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        found.add(threads.submit(() -> keys.find("first")));
      }
      release.countDown();
      for (Future<Optional<VerificationKey>> each : found) {
        assertThat(each.get()).isPresent();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(fetches).hasValue(1);
  }

  @Test
  void find_serverDownAtTheStart_failsAndIsRetriedAfterADelay() {
    source = KeySetTest::down;
    assertThatThrownBy(() -> keys.find("first")).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> keys.find("first"))
        .isInstanceOf(Unavailable.class)
        .hasMessage("The server is down.");
    assertThat(fetches).hasValue(1);
    source = publishing(Duration.ofHours(1), FIRST);
    pass(Duration.ofSeconds(1));
    assertThat(keys.find("first")).isPresent();
  }

  @Test
  void find_serverStaysDown_doublesTheDelayUpToAboutAMinute() {
    source = KeySetTest::down;
    for (int i = 0; i < 1_000; i++) {
      assertThatThrownBy(() -> keys.find("first")).isInstanceOf(Unavailable.class);
      pass(Duration.ofSeconds(1));
    }
    assertThat(fetches).hasValue(21); // After 1, 2, 4 … 64 s, and each 64 s.
  }

  @Test
  void find_outage_usesStaleKeysForABoundedTime() {
    assertThat(keys.find("first")).isPresent();
    awaitFetches();
    source = KeySetTest::down;
    pass(Duration.ofHours(1));
    assertThat(keys.find("first")).isPresent(); // After a failed fetch.
    pass(OUTAGE.minusSeconds(1));
    assertThat(keys.find("first")).isPresent();
    awaitFetches();
    pass(Duration.ofSeconds(1));
    assertThatThrownBy(() -> keys.find("first")).isInstanceOf(Unavailable.class);
  }

  @Test
  void find_outage_doesNotWait() {
    assertThat(keys.find("first")).isPresent();
    source = KeySetTest::down;
    pass(Duration.ofHours(1));
    assertThat(keys.find("first")).isPresent();
    CountDownLatch release = new CountDownLatch(1);
    source =
        () -> {
          awaitUnchecked(release);
          return down();
        };
    pass(Duration.ofMinutes(1));
    assertThat(keys.find("first")).isPresent(); // Although the server does not respond.
    release.countDown();
    awaitFetches();
  }

  @Test
  void find_unknownIdDuringAnOutage_isUnavailableNotForged() {
    assertThat(keys.find("first")).isPresent();
    source = KeySetTest::down;
    assertThatThrownBy(() -> keys.find("second")).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> keys.find("third")).isInstanceOf(Unavailable.class);
    assertThat(keys.find("first")).isPresent();
    assertThat(fetches).hasValue(2);
  }

  @Test
  void find_outageEnds_usesNewKeys() {
    assertThat(keys.find("first")).isPresent();
    awaitFetches();
    source = KeySetTest::down;
    pass(Duration.ofHours(1));
    assertThat(keys.find("first")).isPresent();
    awaitFetches();
    source = publishing(Duration.ofHours(1), SECOND);
    pass(Duration.ofMinutes(1));
    assertThat(keys.find("first")).isPresent(); // Begins a refresh.
    awaitFetches();
    assertThat(keys.find("first")).isEmpty();
  }

  @Test
  void find_clockSetBack_fetchesAgain() {
    assertThat(keys.find("first")).isPresent();
    pass(Duration.ofDays(-1));
    assertThat(keys.find("first")).isPresent();
    assertThat(fetches).hasValue(2);
  }

  @Test
  void find_clockSetBackAfterAFailure_isRetried() {
    source = KeySetTest::down;
    assertThatThrownBy(() -> keys.find("first")).isInstanceOf(Unavailable.class);
    source = publishing(Duration.ofHours(1), FIRST);
    pass(Duration.ofDays(-1));
    assertThat(keys.find("first")).isPresent();
  }

  @Test
  void find_interrupted_keepsTheStatusAndTheFetch() {
    CountDownLatch release = new CountDownLatch(1);
    KeySet.Source real = source;
    source =
        () -> {
          awaitUnchecked(release);
          return real.fetch();
        };
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> keys.find("first"))
        .isInstanceOf(Unavailable.class)
        .hasMessage(
            "Waiting for the keys was interrupted. The request continues for other callers.");
    assertThat(Thread.interrupted()).isTrue();
    release.countDown();
    awaitFetches();
    assertThat(keys.find("first")).isPresent();
    assertThat(fetches).hasValue(1);
  }

  @Test
  void find_failedFetch_isANewExceptionForEachCaller() {
    source = KeySetTest::down;
    CredentialException[] failures = new CredentialException[2];
    for (int i = 0; i < 2; i++) {
      try {
        assertThat(keys.find("first")).isEmpty();
      } catch (CredentialException e) {
        failures[i] = e;
      }
    }
    assertThat(failures[0]).isNotNull().isNotSameAs(failures[1]);
  }

  @ParameterizedTest
  @CsvSource({"0, 59", "1, 59", "600, 599", "100000, 86399"})
  void find_lifetime_isBetweenAMinuteAndADay(long maxAge, long freshFor) {
    source = publishing(Duration.ofSeconds(maxAge), FIRST);
    assertThat(keys.find("first")).isPresent();
    source = publishing(Duration.ofSeconds(maxAge), SECOND);
    pass(Duration.ofSeconds(freshFor));
    assertThat(keys.find("first")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 600, 100_000})
  void find_lifetimeOver_fetches(long maxAge) {
    source = publishing(Duration.ofSeconds(maxAge), FIRST);
    assertThat(keys.find("first")).isPresent();
    source = publishing(Duration.ofSeconds(maxAge), SECOND);
    pass(Duration.ofSeconds(Math.max(60, Math.min(maxAge, 86_400))));
    assertThat(keys.find("first")).isEmpty();
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
