package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.internal.cache.TokenRig;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialEvent.Issued;
import io.github.shortlived.model.CredentialEvent.RefreshFailed;
import io.github.shortlived.model.CredentialEvent.Refreshed;
import io.github.shortlived.model.CredentialEvent.Refused;
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

/** Whatever comes of a token that is kept, the listener is told once, and what the caller is. */
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
  private final List<Runnable> ahead = new CopyOnWriteArrayList<>();
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

  /** The service answers with a token that has so long to live. */
  private void answer(Duration life) {
    http.answer(200, IamJson.accessToken("token of " + now, now.plus(life)));
  }

  private AccessToken kept() {
    answer(Duration.ofHours(1));
    AccessToken kept = credentials.issue(REQUEST);
    events.clear();
    now = now.plus(Duration.ofMinutes(55));
    return kept;
  }

  private void assertTold(Class<? extends CredentialEvent> event) {
    assertThat(events).singleElement().isInstanceOf(event);
  }

  @Test
  void issue_alive_isIssued() {
    answer(Duration.ofMillis(1));

    assertThat(credentials.issue(REQUEST.fresh()).token()).startsWith("token");
    assertTold(Issued.class);
  }

  @Test
  void issue_expiredWhenItCame_isRefused() {
    answer(Duration.ZERO);
    assertThatThrownBy(() -> credentials.issue(REQUEST))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("was already expired on arrival (expiry ");
    assertTold(Refused.class);
  }

  @Test
  void fresh_expiredWhenItCame_isRefused() {
    answer(Duration.ZERO);

    assertThatThrownBy(() -> credentials.issue(REQUEST.fresh())).isInstanceOf(Unavailable.class);
    assertTold(Refused.class);
  }

  @Test
  void refresh_alive_isRefreshed() {
    AccessToken kept = kept();
    executor = ahead::add;
    answer(Duration.ofHours(1));

    assertThat(credentials.issue(REQUEST)).isSameAs(kept);
    ahead.get(0).run();
    assertTold(Refreshed.class);
    assertThat(credentials.issue(REQUEST)).isNotEqualTo(kept);
  }

  @Test
  void refresh_expiredWhenItCame_failed() {
    AccessToken kept = kept();
    executor = ahead::add;
    answer(Duration.ZERO);

    assertThat(credentials.issue(REQUEST)).isSameAs(kept);
    ahead.get(0).run();
    assertTold(RefreshFailed.class);
    assertThat(credentials.issue(REQUEST)).isSameAs(kept);
  }

  @Test
  void issue_executorRejects_isRefusedWithoutAnAttempt() {
    executor = FULL;

    assertThatThrownBy(() -> credentials.issue(REQUEST)).hasMessageContaining("Full");
    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.request()).isEqualTo(REQUEST);
              assertThat(refused.attempts()).isZero();
              assertThat(refused.failure()).isInstanceOf(Unavailable.class);
            });
  }

  @Test
  void refresh_executorRejects_failedWithoutAnAttempt() {
    AccessToken kept = kept();
    executor = FULL;

    assertThat(credentials.issue(REQUEST)).isSameAs(kept);
    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            RefreshFailed.class, failed -> assertThat(failed.attempts()).isZero());
  }

  @Test
  void issue_executorRunsItAndThrows_isToldAsItEnded() {
    executor =
        task -> {
          task.run();
          throw new RejectedExecutionException("Late");
        };
    answer(Duration.ofHours(1));

    assertThat(credentials.issue(REQUEST).token()).startsWith("token");
    assertTold(Issued.class);
  }

  @Test
  void issue_failsInAnotherWay_isRefused() {
    assertThatThrownBy(() -> credentials.issue(REQUEST)) // FakeHttp throws an Error.
        .isInstanceOf(CredentialException.class);
    assertTold(Refused.class);
  }
}
