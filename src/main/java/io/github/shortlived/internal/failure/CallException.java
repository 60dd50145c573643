package io.github.shortlived.internal.failure;

import java.time.Duration;
import java.time.Instant;

/** A call failed for good, or for as long as it was repeated: its cause is the last failure. */
public final class CallException extends Exception {
  private static final long serialVersionUID = 1;

  private final int attempts;
  private final Duration elapsed;
  private final Duration askedPause;
  private final boolean interrupted;
  private final Instant ended;

  /**
   * Adds to a failure what led to it.
   *
   * @param attempts how many were made
   * @param elapsed how long they took, with the delays between them
   * @param askedPause the pause for which there was no time; zero if that was not why it ended
   * @param interrupted that its thread was told not to wait for another attempt
   * @param ended when, by the clock that dates claims
   * @param cause the last failure
   */
  public CallException(
      int attempts,
      Duration elapsed,
      Duration askedPause,
      boolean interrupted,
      Instant ended,
      Exception cause) {
    super(cause);
    this.attempts = attempts;
    this.elapsed = elapsed;
    this.askedPause = askedPause;
    this.interrupted = interrupted;
    this.ended = ended;
  }

  public int attempts() {
    return attempts;
  }

  public Duration elapsed() {
    return elapsed;
  }

  public Duration askedPause() {
    return askedPause;
  }

  boolean interrupted() {
    return interrupted;
  }

  public Instant ended() {
    return ended;
  }

  /** The failure itself, without what this package wraps around it. */
  public static Throwable unwrapped(Throwable failure) {
    Throwable inner = failure.getCause();
    boolean wrapped = failure instanceof CallException || failure instanceof AttemptException;
    return wrapped && inner != null ? unwrapped(inner) : failure;
  }
}
