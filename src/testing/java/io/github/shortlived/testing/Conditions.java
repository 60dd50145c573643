package io.github.shortlived.testing;

import com.google.iam.v1.Binding;

/** Decides whether a binding's condition holds. */
@FunctionalInterface
interface Conditions {
  boolean hold(Binding binding);

  /** Without an evaluator a condition never holds: better a grant too few than one too many. */
  static Conditions unconditionalOnly() {
    return binding -> !binding.hasCondition();
  }
}
