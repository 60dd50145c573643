package io.github.shortlived.internal.client;

import com.google.auth.http.HttpTransportFactory;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.RequiredGrant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The dependencies of every call to Google. Immutable and thread-safe.
 *
 * @param source the source credentials, whose token authenticates calls
 * @param retrier retries calls
 * @param endpoints the hosts of the services
 * @param transports creates HTTP transports
 * @param clock the clock for the times in JWT claims and the expiry of tokens and grants
 * @param listener receives the events; null for none
 */
public record ClientContext(
    SourceCredentials source,
    Retrier retrier,
    Endpoints endpoints,
    HttpTransportFactory transports,
    InstantSource clock,
    @Nullable Consumer<? super CredentialEvent> listener) {

  /** Returns the same context for other source credentials. */
  public ClientContext withSource(SourceCredentials other) {
    return new ClientContext(other, retrier, endpoints, transports, clock, listener);
  }

  /** Returns the same context for one step of a call with this deadline. */
  public ClientContext within(Deadline deadline) {
    return new ClientContext(
        source, retrier.within(deadline), endpoints, transports, clock, listener);
  }

  /**
   * Calls Google, retries transient failures, and publishes each retry as an event.
   *
   * @param action what the call does; begins the message of a failure
   * @throws CredentialException the translated last failure
   */
  public <T> T call(String action, Retrier.Attempt<T> attempt) {
    return call(action, attempt, ServiceFailure::retryable, List::<RequiredGrant>of);
  }

  /**
   * Calls Google like {@link #call(String, Retrier.Attempt)}.
   *
   * @param retryable whether a failure is retried
   * @param grants the grants that the call needs; called only if IAM denied it
   */
  public <T> T call(
      String action,
      Retrier.Attempt<T> attempt,
      Predicate<ServiceFailure> retryable,
      Supplier<List<RequiredGrant>> grants) {
    try {
      return retrier.observedBy(retriesOf(action)).call(attempt, retryable);
    } catch (FailedCallException e) {
      throw translate(e, action, grants);
    }
  }

  /** Returns an observer that publishes each retry of this action. */
  public Retrier.Observer retriesOf(String action) {
    return (attempt, delay, failure) ->
        publish(
            () ->
                new CredentialEvent.Retried(
                    Optional.empty(),
                    attempt,
                    delay,
                    translate(failure, action, List::<RequiredGrant>of)));
  }

  /** Creates an event and passes it to the listener, if there is one. */
  public void publish(Supplier<? extends CredentialEvent> event) {
    publish(event, listener);
  }

  /** Creates an event and passes it to this listener. Exceptions of the listener are ignored. */
  public static void publish(
      Supplier<? extends CredentialEvent> event,
      @Nullable Consumer<? super CredentialEvent> listener) {
    if (listener == null) {
      return;
    }
    try {
      listener.accept(event.get());
    } catch (Throwable e) {
      // The caller who requests a credential cannot fix the listener.
    }
  }

  /** Translates a failure, with the grants that impersonating source credentials need. */
  public static CredentialException translate(
      Throwable thrown, String action, Supplier<List<RequiredGrant>> grants) {
    return InternalExceptions.translate(thrown, action, grants, RequiredGrants::ofSource);
  }

  /** {@return the endpoints alone, because google-auth's credentials print their token} */
  @Override
  public String toString() {
    return "ClientContext[endpoints=%s]".formatted(endpoints);
  }
}
