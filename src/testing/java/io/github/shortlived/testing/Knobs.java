package io.github.shortlived.testing;

import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What tests turn while a world runs, and what they look at afterwards. {@code longLifetimes} are
 * the emails of accounts whose tokens may live for 12 hours.
 */
record Knobs(
    CallLog calls, FaultRules faults, Set<String> longLifetimes, ApiSwitches apis, Quotas quotas) {

  /** The knobs as the world declares them. */
  record Declared(Set<String> longLifetimes, Set<ApiSwitches.Disabled> disabledApis) {
    Declared {
      longLifetimes = Set.copyOf(longLifetimes);
      disabledApis = Set.copyOf(disabledApis);
    }
  }

  static Knobs of(Declared declared, InstantSource clock) {
    Set<String> longLifetimes = ConcurrentHashMap.newKeySet();
    longLifetimes.addAll(declared.longLifetimes());
    return new Knobs(
        new CallLog(clock),
        new FaultRules(),
        longLifetimes,
        new ApiSwitches(declared.disabledApis()),
        new Quotas(clock));
  }
}
