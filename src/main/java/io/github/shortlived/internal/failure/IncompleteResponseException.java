package io.github.shortlived.internal.failure;

import java.io.IOException;

/** A success without what was asked for, such as an intermediary may send. */
public final class IncompleteResponseException extends IOException {
  private static final long serialVersionUID = 1;

  /** Says no more: what there is in place of it may be a secret. */
  public IncompleteResponseException() {
    super("The answer lacks what was asked");
  }
}
