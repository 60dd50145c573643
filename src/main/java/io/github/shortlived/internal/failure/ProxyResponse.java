package io.github.shortlived.internal.failure;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/** A proxy that does not let a connection through says why by an HTTP status. */
final class ProxyResponse {
  // The JDK's words, and those of gRPC's Netty, which keep it nowhere else.
  private static final Pattern STATUS =
      Pattern.compile(
          "(?:Proxy returns \"HTTP/[0-9.]+ |^http, [^\\n]* => [^\\n]*, status: )([1-5][0-9]{2})");

  private ProxyResponse() {}

  /** The status, if that is what went wrong. */
  static OptionalInt httpStatus(Throwable failure) {
    return ServiceFailure.inWords(failure, STATUS)
        .map(words -> OptionalInt.of(Integer.parseInt(words.group(1))))
        .orElse(OptionalInt.empty());
  }
}
