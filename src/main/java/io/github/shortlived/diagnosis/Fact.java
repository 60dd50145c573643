package io.github.shortlived.diagnosis;

import com.google.common.base.Ascii;
import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;

/**
 * An observation or a conclusion of a diagnosis. Immutable; contains no secret.
 *
 * @param evidence how the fact is known
 * @param text the fact in one line
 */
public record Fact(Evidence evidence, String text) {
  public Fact {
    Arguments.nonNull(evidence, "evidence");
    Arguments.nonNull(text, "text");
  }

  static Fact observed(String text) {
    return new Fact(Evidence.OBSERVED, text);
  }

  /** Returns which request failed and what the service responded. */
  static Fact of(CredentialException failure) {
    return observed(InternalExceptions.summary(failure));
  }

  /** {@return the evidence and the text} */
  @Override
  public String toString() {
    return SafeText.visible(evidence + ": " + text);
  }

  /** How a fact is known. */
  public enum Evidence {
    /** A service or the source credentials reported it during the diagnosis. */
    OBSERVED,
    /** It follows from observations and from Google's documentation, and may be wrong. */
    INFERRED;

    /** {@return the name in lower case} */
    @Override
    public String toString() {
      return Ascii.toLowerCase(name());
    }
  }
}
