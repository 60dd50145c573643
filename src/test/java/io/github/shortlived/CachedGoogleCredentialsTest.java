package io.github.shortlived;

import static io.github.shortlived.AdapterWorld.CALLER;
import static io.github.shortlived.AdapterWorld.TARGET;
import static io.github.shortlived.AdapterWorld.USER;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.Retryable;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.rpc.Code;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.Member;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks that the adapters use the cache of this library, and not the one of google-auth. */
public @Timeout(60) // A lost caller must not stall the build.
class CachedGoogleCredentialsTest {
  private static final String GENERATE = "generateAccessToken";
  private static final URI ANY = URI.create("https://storage.googleapis.com/");
  private static final AccessTokenRequest REQUEST = AccessTokenRequest.of(TARGET, CLOUD_PLATFORM);

  private final AdapterWorld world = new AdapterWorld();
  private final GoogleCredentials google = world.caller().googleCredentials(REQUEST);
  private final CountDownLatch gate = new CountDownLatch(1);

  @AfterEach
  void close() {
    gate.countDown();
    world.close();
  }

  private ShortLivedCredentials.Builder calling(GoogleCredentials source) {
    return ShortLivedCredentials.builder()
        .source(source)
        .endpoints(world.emulator().endpoints())
        .clock(world.emulator().clock())
        .retryPolicy(RetryPolicy.none());
  }

  private GoogleCredentials source() {
    return world.emulator().googleCredentials(Member.of(CALLER).id());
  }

  /** Creates a source whose callers wait for the gate, and then get a token or a failure. */
  @SuppressWarnings("serial")
  private GoogleCredentials gated(boolean broken) {
    GoogleCredentials real = source();
    return new GoogleCredentials(GoogleCredentials.newBuilder()) {
      @Override
      public com.google.auth.oauth2.AccessToken refreshAccessToken() throws IOException {
        try {
          gate.await();
        } catch (InterruptedException e) {
          throw new InterruptedIOException();
        }
        if (broken) {
          throw new IOException("no token");
        }
        return real.refreshAccessToken();
      }
    };
  }

  @Test
  void getRequestMetadata_cachedToken_isOneMapPerToken() throws Exception {
    Map<String, List<String>> first = google.getRequestMetadata(ANY);

    assertThat(google.getRequestMetadata(ANY)).isSameAs(first);
    google.refresh();
    assertThat(google.getRequestMetadata(ANY)).isNotEqualTo(first);
  }

  @Test
  void getRequestMetadata_tokenOfThreeMinutes_isCached() throws Exception {
    GoogleCredentials brief =
        world.caller().googleCredentials(REQUEST.lifetime(Duration.ofMinutes(3)));
    assertThat(brief.getRequestMetadata(ANY)).isEqualTo(brief.getRequestMetadata(ANY));
    assertThat(world.calls(GENERATE)).isOne();
  }

  @Test
  void getRequestMetadata_equalRequests_shareOneToken() throws Exception {
    String cached = "Bearer " + world.caller().issue(REQUEST).token();

    for (GoogleCredentials same :
        List.of(
            google,
            world.caller().googleCredentials(REQUEST),
            google.createWithQuotaProject("billing"))) {
      assertThat(same.getRequestMetadata(ANY)).containsEntry("Authorization", List.of(cached));
    }
    assertThat(world.calls(GENERATE)).isOne();
  }

  @Test
  void getRequestMetadata_twoForOneUser_shareOneToken() throws Exception {
    google.createDelegated(USER).getRequestMetadata(ANY);
    google.createDelegated(USER).getRequestMetadata(ANY);
    assertThat(world.calls("signJwt")).isOne();
    google.createDelegated(USER).refresh();
    assertThat(world.calls("signJwt")).isOne();
  }

  @Test
  void getRequestMetadata_refreshFailsWhileUsable_returnsTheToken() throws Exception {
    try (ShortLivedCredentials once = calling(source()).build()) {
      GoogleCredentials brief = once.googleCredentials(REQUEST.lifetime(Duration.ofSeconds(100)));
      Map<String, List<String>> first = brief.getRequestMetadata(ANY);
      world.emulator().faults().on(GENERATE).fail(Code.UNAVAILABLE);
      world.emulator().clock().advance(Duration.ofSeconds(90));

      assertThat(brief.getRequestMetadata(ANY)).isEqualTo(first);
      world.emulator().clock().advance(Duration.ofSeconds(10));
      assertThatThrownBy(() -> brief.getRequestMetadata(ANY)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void getRequestMetadata_sharedFailure_givesEachCallerItsOwnException() throws Exception {
    try (ShortLivedCredentials broken = calling(gated(true)).build()) {
      GoogleCredentials credentials = broken.googleCredentials(REQUEST);
      Waiters<?> waiters = new Waiters<>(5, () -> credentials.getRequestMetadata(ANY)).parked();
      gate.countDown();

      List<Throwable> failures = waiters.failures();
      assertThat(failures).hasOnlyElementsOfType(IssuanceIOException.class);
      for (Throwable failure : failures) {
        assertThat(failures).filteredOn(other -> other == failure).hasSize(1);
      }
    }
  }

  @Test
  void getRequestMetadata_oneThreadInterrupted_doesNotAffectOthers() throws Exception {
    try (ShortLivedCredentials slow = calling(gated(false)).build()) {
      GoogleCredentials credentials = slow.googleCredentials(REQUEST);
      Waiters<Map<String, List<String>>> waiters =
          new Waiters<>(3, () -> credentials.getRequestMetadata(ANY)).parked();
      waiters.interrupt(0);

      assertThatThrownBy(() -> waiters.result(0))
          .hasMessageContaining("was interrupted")
          .isInstanceOfSatisfying(
              Retryable.class, failure -> assertThat(failure.isRetryable()).isFalse());
      gate.countDown();
      assertThat(waiters.result(1)).isEqualTo(waiters.result(2));
      assertThat(world.calls(GENERATE)).isOne();
    }
  }

  @Test
  void getRequestMetadata_manyAsync_occupyNoThreadWhileTheyWait() throws Exception {
    LinkedBlockingQueue<Runnable> executor = new LinkedBlockingQueue<>();
    MetadataRecorder recorder = new MetadataRecorder();
    try (ShortLivedCredentials slow = calling(gated(false)).build()) {
      GoogleCredentials credentials = slow.googleCredentials(REQUEST);
      for (int i = 0; i < 500; i++) {
        credentials.getRequestMetadata(ANY, executor::add, recorder);
      }
      assertThat(executor).isEmpty();
      gate.countDown();
      for (int i = 0; i < 500; i++) {
        executor.take().run();
      }
    }
    assertThat(recorder.headers).hasSize(500);
    assertThat(recorder.failures).isEmpty();
    assertThat(world.calls(GENERATE)).isOne();
  }

  @Test
  void getRequestMetadata_executorRejects_callsTheCallbackDirectly() throws Exception {
    MetadataRecorder recorder = new MetadataRecorder();
    google.getRequestMetadata(
        ANY,
        task -> {
          throw new RejectedExecutionException();
        },
        recorder);

    assertThat(recorder.next()).containsKey("Authorization");
    assertThat(google.getRequestMetadata(ANY)).containsKey("Authorization");
    assertThat(world.calls(GENERATE)).isOne();
  }

  @Test
  void getRequestMetadata_closedWhileAsyncWaits_callsTheCallback() throws Exception {
    MetadataRecorder recorder = new MetadataRecorder();
    ShortLivedCredentials slow = calling(gated(false)).build();
    GoogleCredentials credentials = slow.googleCredentials(REQUEST);
    credentials.getRequestMetadata(ANY, Runnable::run, recorder);
    slow.close();
    assertThat(recorder.failures).singleElement().isInstanceOf(IllegalStateException.class);

    credentials.getRequestMetadata(ANY, Runnable::run, recorder);
    assertThat(recorder.failures).hasSize(2).hasOnlyElementsOfType(IllegalStateException.class);
  }

  @Test
  void close_cachedToken_isNoLongerReturned() throws Exception {
    ShortLivedCredentials closed = calling(source()).build();
    GoogleCredentials orphan = closed.googleCredentials(REQUEST);
    RequestHeaders headers = RequestHeaders.of(orphan);
    orphan.refresh();
    closed.close();

    for (org.assertj.core.api.ThrowableAssert.ThrowingCallable use :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> orphan.getRequestMetadata(ANY),
            orphan::refresh,
            orphan::refreshIfExpired,
            headers::get,
            () -> closed.googleCredentials(REQUEST),
            () -> closed.idTokenCredentials(TARGET, "orders"),
            () -> closed.impersonatedCredentials(REQUEST))) {
      assertThatThrownBy(use)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("These ShortLivedCredentials are closed");
    }
  }

  @Test
  void close_cachedToken_isDropped() throws Exception {
    ShortLivedCredentials closed = calling(source()).build();
    List<GoogleCredentials> adapters =
        List.of(
            closed.googleCredentials(REQUEST),
            (GoogleCredentials) closed.idTokenCredentials(TARGET, "orders"));
    for (GoogleCredentials adapter : adapters) {
      adapter.refresh();
      assertThat(known(adapter).getTokenValue()).isNotEmpty();
    }
    closed.close();

    assertThat(adapters).allSatisfy(CachedGoogleCredentialsTest::assertDropped);
  }

  @Test
  void close_byAChangeListener_dropsTheToken() throws Exception {
    ShortLivedCredentials closed = calling(source()).build();
    GoogleCredentials adapter = closed.googleCredentials(REQUEST);
    adapter.addChangeListener(credentials -> closed.close());
    adapter.refresh();
    assertDropped(adapter);
  }

  @Test
  void close_whileAnotherThreadCallsAListener_dropsTheToken() throws Exception {
    ShortLivedCredentials closed = calling(source()).build();
    GoogleCredentials adapter = closed.googleCredentials(REQUEST);
    adapter.addChangeListener(
        credentials -> {
          Thread closing = new Thread(closed::close);
          closing.start();
          joined(closing);
        });
    adapter.refresh();
    assertDropped(adapter);
  }

  private static void joined(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertDropped(GoogleCredentials adapter) {
    assertThat(known(adapter).getTokenValue()).isEmpty();
    assertThat(known(adapter).getExpirationTime()).hasTime(0);
    assertThatThrownBy(() -> adapter.getRequestMetadata(ANY))
        .isInstanceOf(IllegalStateException.class);
  }

  private static com.google.auth.oauth2.AccessToken known(GoogleCredentials adapter) {
    return Objects.requireNonNull(adapter.getAccessToken());
  }

  @Test
  void refresh_tokenAlreadyReplaced_usesTheNewOne() throws Exception {
    GoogleCredentials same = world.caller().googleCredentials(REQUEST);
    google.getRequestMetadata(ANY);
    same.getRequestMetadata(ANY);

    google.refresh();
    same.refresh();
    assertThat(same.getRequestMetadata(ANY)).isEqualTo(google.getRequestMetadata(ANY));
    assertThat(world.calls(GENERATE)).isEqualTo(2);
  }

  @Test
  void refresh_manyAtOnce_shareOneRequest() throws Exception {
    AtomicInteger number = new AtomicInteger();
    LinkedBlockingQueue<Runnable> requests = new LinkedBlockingQueue<>();
    try (ShortLivedCredentials credentials = calling(source()).executor(requests::add).build()) {
      GoogleCredentials refused = credentials.googleCredentials(REQUEST);
      Waiters<?> first = new Waiters<>(1, () -> refused.getRequestMetadata(ANY));
      requests.take().run();
      first.result(0);
      Waiters<Integer> waiters =
          new Waiters<>(
                  20,
                  () -> {
                    refused.refresh();
                    return number.incrementAndGet();
                  })
              .parked();
      requests.take().run();
      for (int i = 0; i < 20; i++) {
        waiters.result(i);
      }
      assertThat(requests).isEmpty();
    }
    assertThat(world.calls(GENERATE)).isEqualTo(2);
  }

  private static String token(GoogleCredentials credentials) {
    var token = credentials.getAccessToken();
    return token == null ? "none" : "Bearer " + token.getTokenValue();
  }

  @Test
  void getAccessToken_severalTokens_isTheLastAndListenersGetEach() throws Exception {
    List<String> tokens = new ArrayList<>();
    google.addChangeListener(changed -> tokens.add(token(google)));
    assertThat(token(google)).isEqualTo("none");

    google.refreshIfExpired();
    String first = token(google);
    assertThat(google.getRequestMetadata(ANY)).containsEntry("Authorization", List.of(first));
    google.refresh();
    String second = token(google);
    assertThat(google.getRequestMetadata(ANY)).containsEntry("Authorization", List.of(second));
    String third = "Bearer " + google.refreshAccessToken().getTokenValue();

    assertThat(tokens).containsExactly(first, second, third).doesNotHaveDuplicates();
  }

  @Test
  void getRequestMetadata_interruptedThreadAndCachedToken_returnsIt() throws Exception {
    world.caller().issue(REQUEST);
    Thread.currentThread().interrupt();
    try {
      assertThat(google.getRequestMetadata(ANY)).containsKey("Authorization");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(token(google)).isNotEqualTo("none");
  }

  @Test
  void getRequestMetadata_asyncOnAnInterruptedThread_returnsTheToken() throws Exception {
    LinkedBlockingQueue<Runnable> executor = new LinkedBlockingQueue<>();
    MetadataRecorder recorder = new MetadataRecorder();
    google.getRequestMetadata(ANY, executor::add, recorder);
    Runnable callback = executor.take();
    Thread.currentThread().interrupt();
    callback.run();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(recorder.failures).isEmpty();
    assertThat(recorder.headers).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void changeListener_thatReadsTheToken_getsIt(boolean refresh) throws Exception {
    List<String> tokens = new ArrayList<>();
    google.addChangeListener(
        changed -> {
          if (tokens.isEmpty() && refresh) {
            google.refresh();
          }
          tokens.addAll(
              Objects.requireNonNull(google.getRequestMetadata(ANY).get("Authorization")));
        });
    google.refreshIfExpired();
    google.getRequestMetadata(ANY);

    assertThat(token(google)).isEqualTo(tokens.get(tokens.size() - 1));
    assertThat(world.calls(GENERATE)).isEqualTo(refresh ? 2 : 1);
  }

  /** Converts its first token so slowly that the cache has another one by then. */
  @SuppressWarnings("serial")
  private static final class Late extends CachedGoogleCredentials<AccessToken> {
    private boolean late = true;

    Late(ShortLivedCredentials issuer) {
      super(issuer, issuer.tokenSource(REQUEST), GoogleCredentials.newBuilder());
    }

    @Override
    com.google.auth.oauth2.AccessToken toGoogleToken(AccessToken token) {
      if (late) {
        late = false;
        issuer().issue(REQUEST.fresh());
      }
      return new com.google.auth.oauth2.AccessToken(token.token(), Date.from(token.expireTime()));
    }

    @Override
    GoogleCredentials with(GoogleCredentials.Builder options) {
      return this;
    }
  }

  @Test
  void getAccessToken_lateThread_doesNotRestoreAReplacedToken() throws Exception {
    Late late = new Late(world.caller());
    assertThat(late.getRequestMetadata(ANY)).containsKey("Authorization");
    assertThat(token(late)).isEqualTo("none");

    late.refreshIfExpired();
    assertThat(token(late)).isEqualTo("Bearer " + world.caller().issue(REQUEST).token());
  }

  /** A callback that records the results of asynchronous calls. */
  public static final class MetadataRecorder implements com.google.auth.RequestMetadataCallback {
    final LinkedBlockingQueue<Map<String, List<String>>> headers = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

    @Override
    public void onSuccess(Map<String, List<String>> metadata) {
      headers.add(metadata);
    }

    @Override
    public void onFailure(Throwable failure) {
      failures.add(failure);
    }

    /** Waits for the next headers and returns them. */
    public Map<String, List<String>> next() throws InterruptedException {
      Map<String, List<String>> next = headers.poll(30, TimeUnit.SECONDS);
      return next == null ? Map.of() : next;
    }
  }
}
