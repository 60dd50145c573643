package io.github.shortlived.diagnosis;

/**
 * Something that a diagnosis found out. Immutable; holds no secret.
 *
 * @param evidence how it is known
 * @param text what, in one line
 */
public record Fact(Evidence evidence, String text) {
  static Fact observed(String text) {
    return new Fact(Evidence.OBSERVED, text);
  }

  static Fact inferred(String text) {
    return new Fact(Evidence.INFERRED, text);
  }

  /** {@return how it is known, and what} */
  @Override
  public String toString() {
    return evidence + ": " + text;
  }
}
