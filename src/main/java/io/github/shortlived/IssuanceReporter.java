package io.github.shortlived;

import com.google.api.core.ApiClock;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.EventPublisher;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.ShortLivedCredential;
import io.github.shortlived.model.TokenRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One asking for a credential, from its first attempt to its end, as the listener is told of it.
 * Where it takes two calls, the repetitions of both count. For one thread.
 */
final class IssuanceReporter<C extends ShortLivedCredential> implements Retrier.Observer {
  private final CredentialRequest<C> request;
  private final EventPublisher events;
  private final ApiClock clock;
  private final long begin;
  private int attempts = 1;

  IssuanceReporter(CredentialRequest<C> request, EventPublisher events, ApiClock clock) {
    this.request = request;
    this.events = events;
    this.clock = clock;
    this.begin = clock.nanoTime();
  }

  /** Because a caller waits for it. */
  C reportIssue(Function<Retrier.Observer, C> issuer) {
    try {
      C issued = issuer.apply(this);
      events.publish(
          () -> new CredentialEvent.Issued(request, issued.fingerprint(), elapsed(), attempts));
      return issued;
    } catch (Throwable failure) {
      events.publish(
          () ->
              new CredentialEvent.Refused(
                  request, toCredentialException(failure), elapsed(), attempts));
      throw failure;
    }
  }

  /** Because the kept one ends some time, while nobody waits. */
  C reportRefresh(TokenRequest<?> kept, Function<Retrier.Observer, C> issuer) {
    try {
      C issued = issuer.apply(this);
      events.publish(
          () -> new CredentialEvent.Refreshed(kept, issued.fingerprint(), elapsed(), attempts));
      return issued;
    } catch (Throwable failure) {
      events.publish(
          () ->
              new CredentialEvent.RefreshFailed(
                  kept, toCredentialException(failure), elapsed(), attempts));
      throw failure;
    }
  }

  @Override
  public void onRetry(int attempt, Duration delay, Exception failure) {
    int failed = attempts++;
    events.publish(
        () ->
            new CredentialEvent.Retried(
                Optional.of(request), failed, delay, toCredentialException(failure)));
  }

  private CredentialException toCredentialException(Throwable failure) {
    return ClientContext.translate(failure, "Issuing " + request, List::of);
  }

  private Duration elapsed() {
    return Duration.ofNanos(clock.nanoTime() - begin);
  }
}
