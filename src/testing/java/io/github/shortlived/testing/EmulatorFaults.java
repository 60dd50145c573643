package io.github.shortlived.testing;

import com.google.rpc.Code;
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
 * <p>A call meets them before its caller is known and before anything happens, in the order they
 * were set: delays add up, any other fault ends the call. They hold over REST and gRPC until {@link
 * #clear} or {@link IamEmulator#reset}. Safe for concurrent use.
 */
public final class EmulatorFaults {
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);
  private static final Duration LONGEST_RETRY = Duration.ofHours(1);

  private final Supplier<FaultRules> rules;

  EmulatorFaults(Supplier<FaultRules> rules) {
    this.rules = rules;
  }

  /**
   * Begins a fault of one method.
   *
   * @param method a method's name as in Google's RPC reference, its first letter small, such as
   *     {@code generateAccessToken}, {@code setIamPolicy} or {@code createServiceAccount}; Compute
   *     Engine's as {@code instances.list}; {@code token} for the token endpoint, {@code sts.token}
   *     for the token exchange, {@code publishedKeys}, {@code metadata}
   * @return the fault, which strikes every call unless told how often, and none before it is told
   *     what to do
   * @throws IllegalArgumentException if there is no such method
   */
  public Rule on(String method) {
    if (!RpcNames.all().contains(method)) {
      throw new IllegalArgumentException(
          "\"" + method + "\" is no method of the emulator: give one of " + RpcNames.all());
    }
    return new Rule(method::equals, rules);
  }

  /**
   * Begins a fault of all methods.
   *
   * @return the fault, which strikes every call unless told how often, and none before it is told
   *     what to do
   */
  public Rule onEverything() {
    return new Rule(any -> true, rules);
  }

  /** Ends all faults. */
  public void clear() {
    rules.get().clear();
  }

  /**
   * A fault in the making: at most one of {@link #times}, {@link #every} and {@link #fraction}, and
   * then what happens, which puts it in force. Not safe for concurrent use.
   */
  public static final class Rule {
    private final Predicate<String> methods;
    private final Supplier<FaultRules> rules;
    private @Nullable BooleanSupplier strikes;

    private Rule(Predicate<String> methods, Supplier<FaultRules> rules) {
      this.methods = methods;
      this.rules = rules;
    }

    /**
     * Strikes the next calls only.
     *
     * @param calls how many, 1 or more
     * @return this fault
     * @throws IllegalArgumentException if there are none
     * @throws IllegalStateException if it was told already how often
     */
    public Rule times(int calls) {
      AtomicInteger left = new AtomicInteger(positive(calls));
      return striking(() -> left.getAndUpdate(n -> Math.max(0, n - 1)) > 0);
    }

    /**
     * Strikes every nth call: with 3 the third, the sixth and so on.
     *
     * @param nth 1 or more
     * @return this fault
     * @throws IllegalArgumentException if it is less than 1
     * @throws IllegalStateException if it was told already how often
     */
    public Rule every(int nth) {
      int step = positive(nth);
      AtomicLong seen = new AtomicLong();
      return striking(() -> seen.incrementAndGet() % step == 0);
    }

    /**
     * Strikes a share of the calls, drawn by a random generator that repeats itself.
     *
     * @param share above 0 and at most 1, such as 0.1
     * @param seed what the draws depend on: calls one after another are struck alike in each run
     * @return this fault
     * @throws IllegalArgumentException if the share is out of range
     * @throws IllegalStateException if it was told already how often
     */
    public Rule fraction(double share, long seed) {
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException(
            share + " is no share of the calls: give more than 0 and at most 1");
      }
      Random random = new Random(seed);
      return striking(() -> random.nextDouble() < share);
    }

    /**
     * Answers with an error.
     *
     * @param code the error, over REST as the HTTP status Google maps it to
     * @throws IllegalArgumentException if it is no error
     */
    public void fail(Code code) {
      enforce(FaultEffects.fail(error(code)));
    }

    /**
     * Answers with an error that says when to try again: {@code RetryInfo} in its details and, over
     * HTTP, {@code Retry-After} in whole seconds, rounded up.
     *
     * @param code the error
     * @param retryAfter zero to an hour
     * @throws IllegalArgumentException if it is no error, or the time is out of range
     */
    public void fail(Code code, Duration retryAfter) {
      Duration delay = within(retryAfter, LONGEST_RETRY);
      enforce(FaultEffects.fail(error(code), FaultEffects.retryAfter(delay)));
    }

    /**
     * Lets the call wait before it goes on, in real time, whatever the emulator's clock says.
     *
     * @param latency zero to 30 seconds
     * @throws IllegalArgumentException if it is out of range
     */
    public void delay(Duration latency) {
      enforce(FaultEffects.delay(within(latency, LONGEST_DELAY)));
    }

    /**
     * Closes the connection without an answer. Over gRPC, which sends many calls over one
     * connection, all that are under way on it end with it, with {@code UNAVAILABLE} and no
     * details; the client connects again for the next. {@code HttpURLConnection}, and so Google's
     * HTTP transport, repeats a call once on its own when a connection closes.
     */
    public void dropConnection() {
      enforce(FaultEffects.drop());
    }

    /**
     * Answers status 200 and JSON that ends too early. Over gRPC the call ends as it does when the
     * client cannot read the answer, with {@code INTERNAL} and no details.
     */
    public void malformBody() {
      enforce(FaultEffects.malform());
    }

    private void enforce(Runnable effect) {
      BooleanSupplier when = strikes == null ? () -> true : strikes;
      rules.get().add(new FaultRules.Rule(methods, when, effect));
    }

    private Rule striking(BooleanSupplier which) {
      if (strikes != null) {
        throw new IllegalStateException(
            "This fault was told already how often: give one of times, every and fraction");
      }
      strikes = which;
      return this;
    }

    private static int positive(int number) {
      if (number < 1) {
        throw new IllegalArgumentException(number + " calls are none: give 1 or more");
      }
      return number;
    }

    private static Code error(Code code) {
      Objects.requireNonNull(code, "code");
      if (code == Code.OK || code == Code.UNRECOGNIZED) {
        throw new IllegalArgumentException(code + " is no error: give one such as UNAVAILABLE");
      }
      return code;
    }

    private static Duration within(Duration time, Duration longest) {
      if (time.isNegative() || time.compareTo(longest) > 0) {
        throw new IllegalArgumentException(
            time + " is out of range: give " + Duration.ZERO + " to " + longest);
      }
      return time;
    }
  }
}
