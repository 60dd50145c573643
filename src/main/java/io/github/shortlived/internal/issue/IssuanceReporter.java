package io.github.shortlived.internal.issue;

import com.google.api.core.ApiClock;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ShortLivedCredential;
import io.github.shortlived.model.TokenRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Times one credential request, counts its attempts and reports the outcome to the listener. If the
 * request takes two calls, the attempts of both count. For one thread.
 */
final class IssuanceReporter<C extends ShortLivedCredential> implements Retrier.Observer {
  private final CredentialRequest<C> request;
  private final Consumer<Supplier<CredentialEvent>> events;
  private final ApiClock clock;
  private final long begin;
  private int attempts = 1;

  IssuanceReporter(
      CredentialRequest<C> request, Consumer<Supplier<CredentialEvent>> events, ApiClock clock) {
    this.request = request;
    this.events = events;
    this.clock = clock;
    this.begin = clock.nanoTime();
  }

  /** Issues a credential and reports it as Issued or IssueFailed. */
  C reportIssue(Function<Retrier.Observer, C> issuance) {
    return report(
        issuance,
        issued -> new CredentialEvent.Issued(request, issued.fingerprint(), elapsed(), attempts),
        failure -> new CredentialEvent.IssueFailed(request, failure, elapsed(), attempts));
  }

  /** Refreshes a cached token and reports it as Refreshed or RefreshFailed. */
  C reportRefresh(TokenRequest<?> cached, Function<Retrier.Observer, C> issuance) {
    return report(
        issuance,
        issued -> new CredentialEvent.Refreshed(cached, issued.fingerprint(), elapsed(), attempts),
        failure -> new CredentialEvent.RefreshFailed(cached, failure, elapsed(), attempts));
  }

  private C report(
      Function<Retrier.Observer, C> issuance,
      Function<C, CredentialEvent> onSuccess,
      Function<CredentialException, CredentialEvent> onFailure) {
    try {
      C issued = issuance.apply(this);
      events.accept(() -> onSuccess.apply(issued));
      return issued;
    } catch (Throwable failure) {
      events.accept(() -> onFailure.apply(toCredentialException(failure)));
      InternalExceptions.throwIfUnmetDependency(failure);
      throw failure;
    }
  }

  @Override
  public void onRetry(int attempt, Duration delay, Exception failure) {
    int failed = attempts++;
    events.accept(
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
