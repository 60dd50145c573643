package io.github.shortlived;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.HttpResponseException;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks the token sources that the facade returns, on the emulator. */
class TokenSourceTest {
  private static final String THREADS = "short-lived-credentials-";
  private static final AccessTokenRequest REQUEST = AccessTokenRequest.of(TARGET, CLOUD_PLATFORM);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final InstantSource clock = now::get;
  private final DemoProject demo = new DemoProject(clock);
  private final ShortLivedCredentials credentials = credentials().build();

  private ShortLivedCredentials.Builder credentials() {
    return ShortLivedCredentials.builder()
        .source(demo.emulator().googleCredentials(Member.of(CALLER).id()))
        .endpoints(demo.emulator().endpoints())
        .clock(clock);
  }

  @BeforeEach
  void grant() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(Member.of(CALLER)).on(TARGET));
  }

  @AfterEach
  void close() {
    credentials.close();
    demo.close();
  }

  private void advance(Duration by) {
    now.updateAndGet(instant -> instant.plus(by));
  }

  @Test
  void tokenSource_accessToken_isIssuedOnceAndAgainAfterExpiry() {
    TokenSource<AccessToken> source = credentials.tokenSource(REQUEST);
    AccessToken first = source.get();
    assertThat(source.get()).isSameAs(first);
    advance(Duration.ofSeconds(3595));

    assertThat(source.get()).isNotEqualTo(first);
  }

  @Test
  void tokenSource_accessTokenOfAMinute_isCached() {
    TokenSource<AccessToken> source =
        credentials.tokenSource(REQUEST.lifetime(Duration.ofMinutes(1)));
    AccessToken first = source.get();
    advance(Duration.ofSeconds(40));
    assertThat(source.get()).isSameAs(first);
    advance(Duration.ofSeconds(17));

    assertThat(source.get()).isNotEqualTo(first);
  }

  @Test
  void tokenSource_idToken_isIssuedOnceAndAgainAfterExpiry() {
    TokenSource<IdToken> source = credentials.tokenSource(IdTokenRequest.of(TARGET, "orders"));
    IdToken first = source.get();
    assertThat(source.get()).isSameAs(first);
    advance(Duration.ofHours(1));

    assertThat(source.get()).isNotEqualTo(first);
  }

  @Test
  void tokenSource_self_isCached() {
    TokenSource<AccessToken> source =
        credentials.tokenSource(AccessTokenRequest.of(Target.self(), CLOUD_PLATFORM));

    assertThat(source.get()).isSameAs(source.get());
  }

  @Test
  void tokenSource_equalRequests_shareOneToken() {
    TokenSource<AccessToken> one = credentials.tokenSource(REQUEST);
    TokenSource<AccessToken> other =
        credentials.tokenSource(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM));

    assertThat(one.get()).isSameAs(other.get());
  }

  @Test
  void tokenSource_differentRequests_shareNoToken() {
    TokenSource<AccessToken> one = credentials.tokenSource(REQUEST);
    TokenSource<AccessToken> other =
        credentials.tokenSource(REQUEST.lifetime(Duration.ofMinutes(59)));

    assertThat(one.get()).isNotEqualTo(other.get());
  }

  @Test
  void accessToken_equalTokenSource_sharesTheToken() {
    AccessToken cached = credentials.tokenSource(REQUEST).get();

    assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM)).isSameAs(cached);
  }

  @Test
  void tokenSource_freshRequest_refused() {
    assertThatThrownBy(() -> credentials.tokenSource(REQUEST.fresh()))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageEndingWith(
            "a token source cannot use a fresh() request. Leave out fresh();"
                + " after a 401 call invalidate, or refresh of GoogleCredentials.");
  }

  @Test
  void invalidate_refusedToken_isReplaced() {
    TokenSource<AccessToken> source = credentials.tokenSource(REQUEST);
    AccessToken first = source.get();
    source.invalidate(first);

    assertThat(source.get()).isNotEqualTo(first);
  }

  @Test
  void get_withoutGrant_namesTheGrantToEachCaller() {
    TokenSource<IdToken> source =
        credentials.tokenSource(IdTokenRequest.of(DemoProject.DELEGATE_1, "orders"));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(source::get)
          .isInstanceOfSatisfying(
              CredentialException.PermissionDenied.class,
              denied -> assertThat(denied.requiredGrants()).hasSize(1))
          .hasCauseInstanceOf(HttpResponseException.class)
          .hasStackTraceContaining("TokenSourceTest");
    }
  }

  @Test
  void tokenSource_callerAmongDelegates_refusedBeforeAnyCall() {
    DelegationChain chain = DelegationChain.through(CALLER).to(TARGET);

    assertThatThrownBy(() -> credentials.tokenSource(AccessTokenRequest.of(chain, CLOUD_PLATFORM)))
        .isInstanceOf(CredentialException.InvalidRequest.class);
  }

  @Test
  void tokenSource_closed_refusedBySourceAndFacade() {
    TokenSource<AccessToken> source = credentials.tokenSource(REQUEST);
    source.get();
    credentials.close();

    assertThatThrownBy(source::get).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> credentials.tokenSource(REQUEST))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void close_ownThreads_areDaemonsAndStop() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    credentials.tokenSource(REQUEST).get();
    List<Thread> threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith(THREADS) && !before.contains(thread))
            .filter(thread -> !thread.getName().endsWith("-source")) // It ends with its call.
            .toList();
    assertThat(threads)
        .extracting(Thread::getName)
        .contains(THREADS + "request", THREADS + "timer");
    assertThat(threads).allMatch(Thread::isDaemon);
    credentials.close();

    for (Thread thread : threads) {
      thread.join(Duration.ofMinutes(1).toMillis());
      assertThat(thread.isAlive()).isFalse();
    }
  }

  @Test
  void close_customExecutor_isUsedButNotClosed() throws Exception {
    AtomicReference<Thread> maker = new AtomicReference<>();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      try (ShortLivedCredentials given =
          credentials()
              .executor(
                  task ->
                      executor.execute(
                          () -> {
                            maker.set(Thread.currentThread());
                            task.run();
                          }))
              .build()) {
        given.tokenSource(REQUEST).get();
      }

      Thread thread = executor.submit(Thread::currentThread).get();
      assertThat(maker).hasValue(thread);
    } finally {
      executor.shutdownNow();
    }
  }
}
