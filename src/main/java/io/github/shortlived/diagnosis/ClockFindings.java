package io.github.shortlived.diagnosis;

import static io.github.shortlived.diagnosis.Evidence.INFERRED;
import static io.github.shortlived.diagnosis.Evidence.OBSERVED;

import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.model.CredentialException;
import java.util.Optional;

/** How this machine's clock is to blame, in words, and what to do about it. */
final class ClockFindings {
  private static final Remedy REMEDY =
      Remedy.of("compare it with the true time, and let NTP set it", "date -u");

  private ClockFindings() {}

  /** The token endpoint says so of a JWT; where its answer has a date, by how much is known. */
  static Finding ofAssertion(CredentialException failure) {
    Optional<String> measured = FailureClassifier.skew(failure);
    return new Finding(
        Kind.CLOCK_SKEW,
        measured.isPresent() ? OBSERVED : INFERRED,
        "the token endpoint refuses the times in a JWT that was made just now: "
            + measured.orElse("this machine's clock is wrong"),
        REMEDY);
  }

  /** IAM signs not even a JWT that says little but when it was made and ends. */
  static Finding ofJwt() {
    return inferred(
        "every JWT is refused, also one that ends in minutes: its times are by this machine's"
            + " clock, which seems to be wrong");
  }

  /** What is issued has ended by this machine's clock. */
  static Finding ofEnded() {
    return inferred("this machine's clock is ahead of Google's: tokens have ended when they come");
  }

  private static Finding inferred(String text) {
    return new Finding(Kind.CLOCK_SKEW, INFERRED, text, REMEDY);
  }
}
