package io.github.shortlived.diagnosis;

import com.google.common.base.Ascii;

/** How something is known. */
public enum Evidence {
  /** A service, or the source credentials, answered so just now. */
  OBSERVED,
  /** It follows from what was observed and from Google's documentation, and may be otherwise. */
  INFERRED;

  /** {@return the word in small letters} */
  @Override
  public String toString() {
    return Ascii.toLowerCase(name());
  }
}
