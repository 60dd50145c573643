package io.github.shortlived.testing.internal.control;

import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The settings that a test may change while the emulator runs, and the call log.
 *
 * @param longLifetimes the emails of accounts whose access tokens may live for 12 hours
 */
public record Controls(
    CallLog calls, FaultRules faults, Set<String> longLifetimes, DisabledApis apis, Quotas quotas) {

  public static Controls of(
      Set<String> longLifetimes, Set<DisabledApis.Disabled> disabledApis, InstantSource clock) {
    Set<String> extended = ConcurrentHashMap.newKeySet();
    extended.addAll(longLifetimes);
    return new Controls(
        new CallLog(clock),
        new FaultRules(),
        extended,
        new DisabledApis(disabledApis),
        new Quotas(clock));
  }
}
