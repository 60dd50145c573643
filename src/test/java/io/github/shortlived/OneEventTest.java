package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.internal.cache.TokenRig;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialEvent.IssueFailed;
import io.github.shortlived.model.CredentialEvent.Issued;
import io.github.shortlived.model.CredentialEvent.RefreshFailed;
import io.github.shortlived.model.CredentialEvent.Refreshed;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.Endpoints;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Checks that each load of a token publishes one event, which agrees with the caller's result. */
@Timeout(60) // A lost caller must not stall the build.
class OneEventTest {
  private static final AccessTokenRequest REQUEST = TokenRig.REQUEST;
  private static final Executor ELSEWHERE = task -> new Thread(task).start();
  private static final Executor FULL =
      task -> {
        throw new RejectedExecutionException("Full");
      };

  private final FakeHttp http = new FakeHttp();
  private final List<CredentialEvent> events = new CopyOnWriteArrayList<>();
  private final List<Runnable> refreshes = new CopyOnWriteArrayList<>();
  private volatile Instant now = TokenRig.START;
  private volatile Executor executor = ELSEWHERE;
  private final ShortLivedCredentials credentials =
      ShortLivedCredentials.builder()
          .source(
              GoogleCredentials.create(
                  new com.google.auth.oauth2.AccessToken(
                      "source", Date.from(Instant.parse("2100-01-01T00:00:00Z")))))
          .endpoints(Endpoints.google())
          .httpTransportFactory(http)
          .retryPolicy(RetryPolicy.none())
          .clock(() -> now)
          .executor(task -> executor.execute(task))
          .listener(events::add)
          .build();

  @AfterEach
  void close() {
    credentials.close();
  }

  /** Adds the response with a token of this lifetime. */
  private void respond(Duration lifetime) {
    http.respond(200, IamJson.accessToken("token of " + now, now.plus(lifetime)));
  }

  private AccessToken cachedToken() {
    respond(Duration.ofHours(1));
    AccessToken cached = credentials.issue(REQUEST);
    events.clear();
    now = now.plus(Duration.ofMinutes(55));
    return cached;
  }

  private void assertPublished(Class<? extends CredentialEvent> event) {
    assertThat(events).singleElement().isInstanceOf(event);
  }

  @Test
  void issue_validToken_isIssued() {
    respond(Duration.ofMillis(1));

    assertThat(credentials.issue(REQUEST.fresh()).token()).startsWith("token");
    assertPublished(Issued.class);
  }

  @Test
  void issue_expiredOnArrival_refused() {
    respond(Duration.ZERO);
    assertThatThrownBy(() -> credentials.issue(REQUEST))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("was already expired on arrival (expiry ");
    assertPublished(IssueFailed.class);
  }

  @Test
  void fresh_expiredOnArrival_refused() {
    respond(Duration.ZERO);

    assertThatThrownBy(() -> credentials.issue(REQUEST.fresh())).isInstanceOf(Unavailable.class);
    assertPublished(IssueFailed.class);
  }

  @Test
  void refresh_validToken_isRefreshed() {
    AccessToken cached = cachedToken();
    executor = refreshes::add;
    respond(Duration.ofHours(1));

    assertThat(credentials.issue(REQUEST)).isSameAs(cached);
    refreshes.get(0).run();
    assertPublished(Refreshed.class);
    assertThat(credentials.issue(REQUEST)).isNotEqualTo(cached);
  }

  @Test
  void refresh_expiredOnArrival_fails() {
    AccessToken cached = cachedToken();
    executor = refreshes::add;
    respond(Duration.ZERO);

    assertThat(credentials.issue(REQUEST)).isSameAs(cached);
    refreshes.get(0).run();
    assertPublished(RefreshFailed.class);
    assertThat(credentials.issue(REQUEST)).isSameAs(cached);
  }

  @Test
  void issue_executorRejects_refusedWithoutAnAttempt() {
    executor = FULL;

    assertThatThrownBy(() -> credentials.issue(REQUEST)).hasMessageContaining("Full");
    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            IssueFailed.class,
            refused -> {
              assertThat(refused.request()).isEqualTo(REQUEST);
              assertThat(refused.attempts()).isZero();
              assertThat(refused.failure()).isInstanceOf(Unavailable.class);
            });
  }

  @Test
  void refresh_executorRejects_failsWithoutAnAttempt() {
    AccessToken cached = cachedToken();
    executor = FULL;

    assertThat(credentials.issue(REQUEST)).isSameAs(cached);
    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            RefreshFailed.class, failed -> assertThat(failed.attempts()).isZero());
  }

  @Test
  void issue_executorRunsTheTaskAndThrows_reportsItsResult() {
    executor =
        task -> {
          task.run();
          throw new RejectedExecutionException("Late");
        };
    respond(Duration.ofHours(1));

    assertThat(credentials.issue(REQUEST).token()).startsWith("token");
    assertPublished(Issued.class);
  }

  @Test
  void issue_throwsAnError_refused() {
    assertThatThrownBy(() -> credentials.issue(REQUEST)) // FakeHttp throws an Error.
        .isInstanceOf(CredentialException.class);
    assertPublished(IssueFailed.class);
  }
}
