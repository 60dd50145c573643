package io.github.shortlived.testing;

/** An answer that never comes, or that nobody can read. */
final class ConnectionFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  enum Kind {
    DROPPED,
    MALFORMED
  }

  private final Kind kind;

  ConnectionFault(Kind kind) {
    super("Injected: " + kind, null, false, false);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** A status of 0 tells the server to hang up; the other is a success cut short. */
  HttpReply reply() {
    return kind == Kind.DROPPED ? HttpReply.json(0, "") : HttpReply.json(200, "{\"");
  }
}
