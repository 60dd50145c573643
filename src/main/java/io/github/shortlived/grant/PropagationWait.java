package io.github.shortlived.grant;

import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.Target;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How {@link Grants#awaitEffective(CrossAccountGrant, io.github.shortlived.ShortLivedCredentials,
 * PropagationWait)} waits. Immutable; each method returns a changed copy.
 */
public final class PropagationWait {
  private static final Duration USUAL = Duration.ofMinutes(7);

  private final Duration longest;
  private final Consumer<PropagationProbe> listener;
  private final Consumer<Duration> pause;
  private final Optional<Function<? super Target, ? extends CredentialRequest<?>>> request;

  private PropagationWait(
      Duration longest,
      Consumer<PropagationProbe> listener,
      Consumer<Duration> pause,
      Optional<Function<? super Target, ? extends CredentialRequest<?>>> request) {
    this.longest = longest;
    this.listener = listener;
    this.pause = pause;
    this.request = request;
  }

  /**
   * {@return waiting of at most 7 minutes, within which Google says that a change of a policy
   * usually takes effect}
   *
   * @see <a href="https://cloud.google.com/iam/docs/access-change-propagation">Access change
   *     propagation</a>
   */
  public static PropagationWait standard() {
    return withTimeout(USUAL);
  }

  /**
   * {@return waiting of at most this long, by the clock of the {@link Grants}}
   *
   * @param longest when to give up; zero makes each probe once. A probe under way is let finish
   * @throws CredentialException.InvalidRequest if it is negative
   */
  public static PropagationWait withTimeout(Duration longest) {
    GrantValidation.checkWaiting(longest);
    return new PropagationWait(longest, probe -> {}, Retrier::pause, Optional.empty());
  }

  /**
   * Tells each probe, once it is over, to this listener instead of nobody.
   *
   * @param listener called by the waiting thread; what it throws ends the waiting and reaches the
   *     caller
   */
  public PropagationWait reportingTo(Consumer<? super PropagationProbe> listener) {
    return new PropagationWait(longest, listener::accept, pause, request);
  }

  /**
   * Asks for this credential of the grant's target, instead of an access token or, with {@link
   * CrossAccountGrant#OPEN_ID_TOKEN_CREATOR}, an ID token: for roles that allow another kind alone.
   * Delegates on the way are asked for access tokens all the same.
   *
   * @param request makes the request for a target, such as {@code target ->
   *     SignBlobRequest.of(target, bytes)}
   */
  public PropagationWait probingWith(
      Function<? super Target, ? extends CredentialRequest<?>> request) {
    return new PropagationWait(longest, listener, pause, Optional.of(request));
  }

  /**
   * Lets time go by in this way between two probes, instead of sleeping: for tests, such as {@code
   * emulator.clock()::advance}. The clock of the {@link Grants} must then be on by that much.
   *
   * @param pause called by the waiting thread; one that is interrupted keeps the thread's status
   */
  public PropagationWait sleepingBy(Consumer<? super Duration> pause) {
    return new PropagationWait(longest, listener, pause::accept, request);
  }

  Duration longest() {
    return longest;
  }

  void report(PropagationProbe probe) {
    listener.accept(probe);
  }

  void pause(Duration delay) {
    pause.accept(delay);
  }

  /** What the grant's target is asked for at the end of this way. */
  CredentialRequest<?> request(ProbedHop hop) {
    Target target = hop.target();
    return hop.isTarget() && request.isPresent() ? request.get().apply(target) : hop.request();
  }
}
