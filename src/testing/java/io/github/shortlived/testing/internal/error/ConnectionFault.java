package io.github.shortlived.testing.internal.error;

/** An injected fault of the connection: no response, or a malformed one. */
public final class ConnectionFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public enum Kind {
    DROPPED,
    MALFORMED
  }

  private final Kind kind;

  public ConnectionFault(Kind kind) {
    super("Injected: " + kind, null, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
