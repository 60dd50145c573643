package io.github.shortlived.internal.failure;

import com.google.auth.Retryable;
import com.google.common.base.Strings;
import com.google.common.base.Throwables;
import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Faults of the connection, for which there is no response. */
final class ConnectionFault {
  // Plain IOExceptions of the JDK's and of Apache's HTTP client.
  private static final Pattern BROKEN_OFF =
      Pattern.compile(
          "^Premature (EOF|end of )|^Connection closed prematurely|^Error writing to server"
              + "|failed to respond$");

  private ConnectionFault() {}

  /** Returns the first fault after which a retry may succeed. */
  static Optional<Throwable> temporary(Causes causes) {
    return isUntrusted(causes) ? Optional.empty() : broken(causes);
  }

  /** Returns whether TLS failed permanently: an untrusted certificate, or no common protocol. */
  static boolean isUntrusted(Causes causes) {
    return causes.contain(GeneralSecurityException.class)
        || (causes.contain(SSLException.class) && broken(causes).isEmpty());
  }

  /** Returns the first exception that reports a broken connection. */
  static Optional<Throwable> broken(Causes causes) {
    return causes.stream().filter(ConnectionFault::isBroken).findFirst();
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
