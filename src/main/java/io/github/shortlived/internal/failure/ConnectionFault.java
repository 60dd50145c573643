package io.github.shortlived.internal.failure;

import com.google.auth.Retryable;
import com.google.common.base.Strings;
import com.google.common.base.Throwables;
import io.grpc.StatusRuntimeException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Faults of the connection, for which there is no response. */
final class ConnectionFault {
  // The JDK's and Apache's HTTP clients throw plain IOExceptions with these messages.
  private static final Pattern BROKEN_OFF =
      Pattern.compile(
          "^Premature (EOF|end of )|^Connection closed prematurely|^Error writing to server"
              + "|failed to respond$");
  // The JDK and gRPC's Netty report a proxy that refuses a connection so.
  private static final Pattern PROXY_STATUS =
      Pattern.compile(
          "(?:Proxy returns \"HTTP/[0-9.]+ |^http, [^\\n]* => [^\\n]*, status: )([1-5][0-9]{2})");

  private ConnectionFault() {}

  /** Returns the first fault after which a retry may succeed. */
  static Optional<Throwable> temporary(Throwable thrown) {
    return isUntrusted(thrown) ? Optional.empty() : broken(thrown);
  }

  /** Returns whether TLS failed permanently: an untrusted certificate, or no common protocol. */
  static boolean isUntrusted(Throwable thrown) {
    return contains(thrown, GeneralSecurityException.class)
        || (contains(thrown, SSLException.class) && broken(thrown).isEmpty());
  }

  /** Returns the first exception that reports a broken connection. */
  static Optional<Throwable> broken(Throwable thrown) {
    return Throwables.getCausalChain(thrown).stream().filter(ConnectionFault::isBroken).findFirst();
  }

  private static boolean contains(Throwable thrown, Class<?> type) {
    return Throwables.getCausalChain(thrown).stream().anyMatch(type::isInstance);
  }

  /** Returns the status by which a proxy refused the connection. */
  static Optional<Integer> proxyStatus(Throwable thrown) {
    return find(PROXY_STATUS, thrown).map(status -> Integer.valueOf(status.group(1)));
  }

  /** Returns the first match in a message of the causes. */
  static Optional<MatchResult> find(Pattern pattern, Throwable thrown) {
    return Throwables.getCausalChain(thrown).stream()
        .map(link -> Strings.nullToEmpty(link.getMessage()))
        .flatMap(message -> pattern.matcher(message).results().limit(1))
        .findFirst();
  }

  /** Returns whether there was no response: UNAVAILABLE in gRPC, or UNKNOWN if sending failed. */
  static boolean isLost(StatusRuntimeException failure) {
    return switch (failure.getStatus().getCode()) {
      case UNAVAILABLE -> contains(failure, IOException.class);
      case UNKNOWN -> broken(failure).isPresent();
      default -> false;
    };
  }

  private static boolean isBroken(Throwable fault) {
    return fault instanceof SocketException
        || fault instanceof InterruptedIOException // timeouts of all HTTP clients
        || fault instanceof UnknownHostException
        || fault instanceof EOFException
        || fault instanceof ClosedChannelException
        || BROKEN_OFF.matcher(String.valueOf(fault.getMessage())).find()
        || (fault instanceof Retryable retryable && retryable.isRetryable());
  }

  /** Describes the root cause, without the messages of the exceptions around it. */
  static String describe(Throwable fault) {
    Throwable root = Throwables.getRootCause(fault);
    String message = Strings.nullToEmpty(root.getMessage());
    return (root.getClass().getSimpleName() + ": " + message).replaceFirst(": $", "");
  }
}
