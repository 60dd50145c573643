package io.github.shortlived.grant;

import static io.github.shortlived.model.InternalExceptions.require;

import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.Target;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/** Options of {@link Grants#awaitEffective}. Immutable; each method returns a changed copy. */
public final class PropagationWait {
  final Duration timeout;
  final Consumer<PropagationProbe> listener;
  final Consumer<Duration> sleeper;
  final Function<ProbedBinding, CredentialRequest<?>> request;

  private PropagationWait(
      Duration timeout,
      Consumer<PropagationProbe> listener,
      Consumer<Duration> sleeper,
      Function<ProbedBinding, CredentialRequest<?>> request) {
    this.timeout = timeout;
    this.listener = listener;
    this.sleeper = sleeper;
    this.request = request;
  }

  /** Returns a wait of at most 7 minutes, in which a policy change usually takes effect. */
  public static PropagationWait standard() {
    return withTimeout(Duration.ofMinutes(7));
  }

  /**
   * Returns a wait of at most this long, by the clock of the {@link Grants}.
   *
   * @param timeout zero or more; zero sends each probe once, and a probe in flight completes
   */
  public static PropagationWait withTimeout(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    require(
        !timeout.isNegative(),
        "timeout",
        Phrases.exact(timeout),
        "it must not be negative",
        "Pass a duration such as Duration.ofMinutes(7) to withTimeout(...)");
    return new PropagationWait(timeout, probe -> {}, Retrier::pause, ProbedBinding::request);
  }

  /**
   * Reports each completed probe to this listener.
   *
   * @param listener runs on the waiting thread; an exception that it throws ends the wait and
   *     reaches the caller
   */
  public PropagationWait reportingTo(Consumer<? super PropagationProbe> listener) {
    Objects.requireNonNull(listener, "listener");
    return new PropagationWait(timeout, listener::accept, sleeper, request);
  }

  /**
   * Probes the target with this request, for roles that allow only one kind of credential. The
   * default is an access token or, for {@link CrossAccountGrant#OPEN_ID_TOKEN_CREATOR}, an ID
   * token. Delegates are always probed with access tokens.
   *
   * @param request creates the request for a target, such as {@code target ->
   *     SignBlobRequest.of(target, bytes)}
   */
  public PropagationWait probingWith(
      Function<? super Target, ? extends CredentialRequest<?>> request) {
    Objects.requireNonNull(request, "request");
    return new PropagationWait(
        timeout,
        listener,
        sleeper,
        binding ->
            binding.isTarget()
                ? Objects.requireNonNull(
                    request.apply(binding.target()), "the result of the function in probingWith")
                : binding.request());
  }

  /**
   * Calls this function between two probes instead of sleeping. For tests, such as {@code
   * emulator.clock()::advance}; it must advance the clock of the {@link Grants}.
   *
   * @param sleeper runs on the waiting thread; if interrupted, it keeps the interrupt status
   */
  public PropagationWait sleepingBy(Consumer<? super Duration> sleeper) {
    Objects.requireNonNull(sleeper, "sleeper");
    return new PropagationWait(timeout, listener, sleeper::accept, request);
  }

  /** {@return the timeout} */
  @Override
  public String toString() {
    return "PropagationWait[timeout=%s]".formatted(Phrases.exact(timeout));
  }
}
