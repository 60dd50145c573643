package io.github.shortlived.internal.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.core.ApiClock;
import io.github.shortlived.internal.cache.TokenRig;
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

/** Reports of a request that took three seconds and one retry. */
class IssuanceReporterTest {
  private static final Duration TOOK = Duration.ofSeconds(3);
  private static final AccessTokenRequest REQUEST = TokenRig.REQUEST;
  private static final AccessToken TOKEN = new AccessToken("token", Instant.EPOCH);

  private final CredentialException failure = InternalExceptions.unavailable("Not now.");
  private final List<CredentialEvent> events = new ArrayList<>();
  private final Stopwatch stopwatch = new Stopwatch();
  private final IssuanceReporter<AccessToken> reporter =
      new IssuanceReporter<>(REQUEST, event -> events.add(event.get()), stopwatch);

  private static final class Stopwatch implements ApiClock {
    long nanos = Long.MAX_VALUE - 7; // It overflows, as System.nanoTime may.

    @Override
    public long nanoTime() {
      return nanos;
    }

    @Override
    public long millisTime() {
      throw new UnsupportedOperationException();
    }
  }

  private AccessToken issue(Retrier.Observer observer) {
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

  private void assertReported(CredentialEvent event) {
    assertThat(events)
        .containsExactly(
            new CredentialEvent.Retried(Optional.of(REQUEST), 1, Duration.ofSeconds(1), failure),
            event);
  }

  @Test
  void reportIssue_issued_isReported() {
    assertThat(reporter.reportIssue(this::issue)).isSameAs(TOKEN);
    assertReported(new CredentialEvent.Issued(REQUEST, TOKEN.fingerprint(), TOOK, 2));
  }

  @Test
  void reportIssue_refused_isReported() {
    assertThatThrownBy(() -> reporter.reportIssue(this::fail)).isSameAs(failure);
    assertReported(new CredentialEvent.IssueFailed(REQUEST, failure, TOOK, 2));
  }

  @Test
  void reportRefresh_issued_isReported() {
    assertThat(reporter.reportRefresh(REQUEST, this::issue)).isSameAs(TOKEN);
    assertReported(new CredentialEvent.Refreshed(REQUEST, TOKEN.fingerprint(), TOOK, 2));
  }

  @Test
  void reportRefresh_refused_isReported() {
    assertThatThrownBy(() -> reporter.reportRefresh(REQUEST, this::fail)).isSameAs(failure);
    assertReported(new CredentialEvent.RefreshFailed(REQUEST, failure, TOOK, 2));
  }
}
