package io.github.shortlived.testing.internal.federation;

import java.util.Map;
import java.util.Optional;

/** Judges the expressions of attribute mappings and conditions. Safe for concurrent use. */
interface AttributeEvaluator {
  /** What an outside token claims, by claim. */
  String ASSERTION = "assertion";

  /** What is mapped to Google's own attributes, by name, such as {@code subject}. */
  String GOOGLE = "google";

  /** What is mapped to the pool's own attributes, by name. */
  String ATTRIBUTE = "attribute";

  /** Refuses what is no expression over these with {@link IllegalArgumentException}. */
  void check(String expression);

  /** The expression's value; empty if it has none, as when it asks for a claim that is missing. */
  Optional<Object> value(String expression, Map<String, Object> variables);
}
