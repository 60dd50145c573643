package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.core.ApiClock;
import io.github.shortlived.internal.cache.TokenRig;
import io.github.shortlived.internal.client.EventPublisher;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the listener is told of an asking that took three seconds and a repetition. */
class IssuanceReporterTest {
  private static final Duration TOOK = Duration.ofSeconds(3);
  private static final AccessTokenRequest REQUEST = TokenRig.REQUEST;
  private static final AccessToken TOKEN = new AccessToken("token", Instant.EPOCH);

  private final CredentialException failure = InternalExceptions.unavailable("Not now.");
  private final List<CredentialEvent> events = new ArrayList<>();
  private final Stopwatch stopwatch = new Stopwatch();
  private final IssuanceReporter<AccessToken> asking =
      new IssuanceReporter<>(REQUEST, new EventPublisher(events::add), stopwatch);

  private static final class Stopwatch implements ApiClock {
    long nanos = Long.MAX_VALUE - 7; // Wherever it began: it may overflow.

    @Override
    public long nanoTime() {
      return nanos;
    }

    @Override
    public long millisTime() {
      throw new UnsupportedOperationException();
    }
  }

  private AccessToken answer(Retrier.Observer observer) {
    retried(observer);
    return TOKEN;
  }

  private AccessToken fail(Retrier.Observer observer) {
    retried(observer);
    throw failure;
  }

  private void retried(Retrier.Observer observer) {
    observer.onRetry(1, Duration.ofSeconds(1), failure);
    stopwatch.nanos += TOOK.toNanos();
  }

  private void assertTold(CredentialEvent event) {
    assertThat(events)
        .containsExactly(
            new CredentialEvent.Retried(Optional.of(REQUEST), 1, Duration.ofSeconds(1), failure),
            event);
  }

  @Test
  void becauseAsked_issued_isTold() {
    assertThat(asking.reportIssue(this::answer)).isSameAs(TOKEN);
    assertTold(new CredentialEvent.Issued(REQUEST, TOKEN.fingerprint(), TOOK, 2));
  }

  @Test
  void becauseAsked_refused_isTold() {
    assertThatThrownBy(() -> asking.reportIssue(this::fail)).isSameAs(failure);
    assertTold(new CredentialEvent.Refused(REQUEST, failure, TOOK, 2));
  }

  @Test
  void ahead_issued_isTold() {
    assertThat(asking.reportRefresh(REQUEST, this::answer)).isSameAs(TOKEN);
    assertTold(new CredentialEvent.Refreshed(REQUEST, TOKEN.fingerprint(), TOOK, 2));
  }

  @Test
  void ahead_refused_isTold() {
    assertThatThrownBy(() -> asking.reportRefresh(REQUEST, this::fail)).isSameAs(failure);
    assertTold(new CredentialEvent.RefreshFailed(REQUEST, failure, TOOK, 2));
  }
}
