package io.github.shortlived.testing.internal.control;

import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The settings that a test may change while the emulator runs, and the call log.
 *
 * @param lifetimeExtensions the emails of the accounts that may have access tokens of up to 12
 *     hours
 */
public record Controls(
    CallLog calls,
    FaultRules faults,
    Set<String> lifetimeExtensions,
    DisabledApis apis,
    Quotas quotas) {

  public static Controls of(
      Set<String> initialExtensions, Set<DisabledApis.Disabled> disabledApis, InstantSource clock) {
    Set<String> lifetimeExtensions = ConcurrentHashMap.newKeySet();
    lifetimeExtensions.addAll(initialExtensions);
    return new Controls(
        new CallLog(clock),
        new FaultRules(),
        lifetimeExtensions,
        new DisabledApis(disabledApis),
        new Quotas(clock));
  }
}
