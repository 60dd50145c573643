package io.github.shortlived.testing.internal.policy;

import io.github.shortlived.testing.internal.account.Resource;

/** Judges the expressions of conditions. Safe for concurrent use. */
interface ConditionEvaluator {
  /** Refuses what is no condition. */
  void check(String expression);

  /** Whether the expression is true of a call on that resource now; one that fails is not. */
  boolean holds(String expression, Resource on);
}
