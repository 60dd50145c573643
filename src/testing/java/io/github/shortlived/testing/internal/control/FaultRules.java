package io.github.shortlived.testing.internal.control;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The active faults, applied to each call in the order in which they were added. */
public final class FaultRules {
  /**
   * A fault: the methods and the calls that it affects, and its effect, a delay or an exception.
   */
  public record Rule(Predicate<String> methods, BooleanSupplier selects, Runnable effect) {}

  private final List<Rule> rules = new CopyOnWriteArrayList<>();

  public void add(Rule rule) {
    rules.add(rule);
  }

  public void clear() {
    rules.clear();
  }

  /** Delays add up; the first other fault ends the call, and later rules do not count that call. */
  void apply(String method) {
    for (Rule rule : rules) {
      if (rule.methods().test(method) && rule.selects().getAsBoolean()) {
        rule.effect().run();
      }
    }
  }
}
