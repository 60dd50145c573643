package io.github.shortlived.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The faults in force, which every call meets in the order they were set. */
final class FaultRules {
  /** Which methods, which of their calls, and what befalls them: a delay or an exception. */
  record Rule(Predicate<String> methods, BooleanSupplier strikes, Runnable effect) {}

  private final List<Rule> rules = new CopyOnWriteArrayList<>();

  void add(Rule rule) {
    rules.add(rule);
  }

  void clear() {
    rules.clear();
  }

  /** Delays add up; the first other fault ends the call, and later rules do not count it. */
  void meet(String method) {
    for (Rule rule : rules) {
      if (rule.methods().test(method) && rule.strikes().getAsBoolean()) {
        rule.effect().run();
      }
    }
  }
}
