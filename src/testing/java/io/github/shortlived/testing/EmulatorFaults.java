package io.github.shortlived.testing;

import com.google.rpc.Code;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.testing.internal.control.FaultEffects;
import io.github.shortlived.testing.internal.control.FaultRules;
import io.github.shortlived.testing.internal.error.RpcNames;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Faults that an emulator injects: {@code faults().on("setIamPolicy").times(2).fail(Code.ABORTED)}.
 *
 * <p>Each call over REST or gRPC gets the active faults in the order in which they were added,
 * before the emulator authenticates the caller and changes anything: delays add up, and any other
 * fault ends the call. Faults stay active until {@link #clear} or {@link IamEmulator#reset}. Safe
 * for concurrent use.
 */
public final class EmulatorFaults {
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);
  private static final Duration LONGEST_RETRY = Duration.ofHours(1);

  private final Supplier<FaultRules> rules;

  EmulatorFaults(Supplier<FaultRules> rules) {
    this.rules = rules;
  }

  /**
   * Prepares a fault for one method.
   *
   * @param method a method name as in Google's REST reference, such as {@code generateAccessToken},
   *     {@code setIamPolicy}, {@code createServiceAccount} or {@code instances.list}; {@code token}
   *     for the token endpoint, {@code sts.token} for the token exchange, {@code publishedKeys}, or
   *     {@code metadata}
   * @return a rule for every call of the method; a method that sets the effect, such as {@link
   *     Rule#fail}, activates it
   * @throws IllegalArgumentException if the method does not exist
   */
  public Rule on(String method) {
    if (!RpcNames.all().contains(method)) {
      throw new IllegalArgumentException(
          "\"" + method + "\" is not a method of the emulator: use one of " + RpcNames.all());
    }
    return new Rule(method::equals, rules);
  }

  /**
   * Prepares a fault for all methods.
   *
   * @return a rule for every call; a method that sets the effect, such as {@link Rule#fail},
   *     activates it
   */
  public Rule onEverything() {
    return new Rule(any -> true, rules);
  }

  /** Removes all faults. */
  public void clear() {
    rules.get().clear();
  }

  @Override
  public String toString() {
    return "EmulatorFaults";
  }

  /**
   * A fault in preparation. First, {@link #times}, {@link #every} or {@link #fraction} may select
   * calls; then another method gives the effect and activates the fault. Not safe for concurrent
   * use.
   */
  public static final class Rule {
    private final Predicate<String> methods;
    private final Supplier<FaultRules> rules;
    private @Nullable BooleanSupplier selection;

    private Rule(Predicate<String> methods, Supplier<FaultRules> rules) {
      this.methods = methods;
      this.rules = rules;
    }

    /**
     * Limits the fault to the next {@code calls} calls.
     *
     * @param calls 1 or more
     * @throws IllegalArgumentException if the number is less than 1
     * @throws IllegalStateException if calls are already selected
     */
    public Rule times(int calls) {
      AtomicInteger left = new AtomicInteger(positive(calls));
      return select(() -> left.getAndUpdate(n -> Math.max(0, n - 1)) > 0);
    }

    /**
     * Limits the fault to every nth call: with 3 the third, the sixth and so on.
     *
     * @param nth 1 or more
     * @throws IllegalArgumentException if the number is less than 1
     * @throws IllegalStateException if calls are already selected
     */
    public Rule every(int nth) {
      int step = positive(nth);
      AtomicLong seen = new AtomicLong();
      return select(() -> seen.incrementAndGet() % step == 0);
    }

    /**
     * Limits the fault to a random share of the calls.
     *
     * @param share above 0 and at most 1, such as 0.1
     * @param seed of the random generator; the same seed selects the same calls of a sequence
     * @throws IllegalArgumentException if the share is out of range
     * @throws IllegalStateException if calls are already selected
     */
    public Rule fraction(double share, long seed) {
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException(
            share + " is not a share of the calls: use a number above 0 and at most 1");
      }
      Random random = new Random(seed);
      return select(() -> random.nextDouble() < share);
    }

    /**
     * Responds with an error; REST has the HTTP status to which Google maps the code.
     *
     * @throws IllegalArgumentException if the code is not an error
     */
    public void fail(Code code) {
      activate(FaultEffects.fail(error(code)));
    }

    /**
     * Responds with an error and a retry delay: {@code RetryInfo} in the details and, over HTTP,
     * {@code Retry-After} in whole seconds, rounded up.
     *
     * @param retryAfter zero to an hour
     * @throws IllegalArgumentException if the code is not an error, or the delay is out of range
     */
    public void fail(Code code, Duration retryAfter) {
      Duration delay = inRange(retryAfter, LONGEST_RETRY);
      activate(FaultEffects.fail(error(code), FaultEffects.retryAfter(delay)));
    }

    /**
     * Delays the call in real time; the emulator's clock does not matter.
     *
     * @param latency zero to 30 seconds
     * @throws IllegalArgumentException if the latency is out of range
     */
    public void delay(Duration latency) {
      activate(FaultEffects.delay(inRange(latency, LONGEST_DELAY)));
    }

    /**
     * Closes the connection without a response. Over gRPC, all calls in flight on the connection
     * fail with {@code UNAVAILABLE} and no details; the client reconnects for the next call. {@code
     * HttpURLConnection}, which Google's HTTP transport uses, repeats a call once when its
     * connection closes.
     */
    public void dropConnection() {
      activate(FaultEffects.drop());
    }

    /**
     * Responds with status 200 and truncated JSON. Over gRPC the call fails as if the client could
     * not parse the response: with {@code INTERNAL} and no details.
     */
    public void malformBody() {
      activate(FaultEffects.malform());
    }

    private void activate(Runnable effect) {
      BooleanSupplier selects = selection == null ? () -> true : selection;
      rules.get().add(new FaultRules.Rule(methods, selects, effect));
    }

    private Rule select(BooleanSupplier calls) {
      if (selection != null) {
        throw new IllegalStateException(
            "This fault already selects calls: call only one of times, every and fraction");
      }
      selection = calls;
      return this;
    }

    @Override
    public String toString() {
      return "EmulatorFaults.Rule";
    }

    private static int positive(int number) {
      if (number < 1) {
        throw new IllegalArgumentException(
            number + " is not a positive number of calls: use 1 or more");
      }
      return number;
    }

    private static Code error(Code code) {
      Objects.requireNonNull(code, "code");
      if (code == Code.OK || code == Code.UNRECOGNIZED) {
        throw new IllegalArgumentException(code + " is not an error: use one such as UNAVAILABLE");
      }
      return code;
    }

    private static Duration inRange(Duration time, Duration longest) {
      if (time.isNegative() || time.compareTo(longest) > 0) {
        throw new IllegalArgumentException(
            "%s is out of range: use 0 s to %s"
                .formatted(Phrases.exact(time), Phrases.exact(longest)));
      }
      return time;
    }
  }
}
