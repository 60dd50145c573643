package io.github.shortlived.logging;

import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.Target;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A listener that writes the events of {@code ShortLivedCredentials} to a log, one line each,
 * through SLF4J 2, which the application adds to its class path. Pass it to {@link
 * io.github.shortlived.ShortLivedCredentials.Builder#listener}; to add another listener, pass
 * {@code log.andThen(listener)}. Credentials that are issued or refreshed have the level DEBUG;
 * retries and policy changes INFO; failures and exposed secrets WARN. The page "Events, meters and
 * logs" lists the key-value pairs. No line contains a secret. Thread-safe; blocks only if the
 * logger does.
 *
 * @see <a href="https://www.slf4j.org/manual.html#fluent">SLF4J: Fluent Logging API</a>
 */
public final class CredentialLog implements Consumer<CredentialEvent> {
  private static final String LOGGER = "io.github.shortlived";

  private final Logger logger;

  private CredentialLog(Logger logger) {
    this.logger = logger;
  }

  /**
   * Creates a listener that writes to the logger {@code io.github.shortlived}.
   *
   * @throws CredentialException.UnmetDependency if slf4j-api is missing or older than 2.0
   */
  public static CredentialLog create() {
    try {
      return to(LoggerFactory.getLogger(LOGGER));
    } catch (LinkageError e) {
      throw explained(e);
    }
  }

  /**
   * Creates a listener that writes to this logger.
   *
   * @throws CredentialException.UnmetDependency if slf4j-api is older than 2.0
   */
  public static CredentialLog to(Logger logger) {
    Objects.requireNonNull(logger, "logger");
    try {
      LoggingEventBuilder unused = logger.atDebug(); // SLF4J 1 does not have it.
      return new CredentialLog(logger);
    } catch (LinkageError e) {
      throw explained(e);
    }
  }

  private static LinkageError explained(LinkageError error) {
    InternalExceptions.throwIfUnmetDependency(error);
    return error;
  }

  /** Writes the event; ignores events of unknown types. */
  @Override
  public void accept(CredentialEvent event) {
    Objects.requireNonNull(event, "event");
    if (event instanceof CredentialEvent.Issued issued) {
      issued(event, issued.request(), issued.fingerprint(), issued.duration(), issued.attempts());
    } else if (event instanceof CredentialEvent.Refreshed refreshed) {
      issued(
          event,
          refreshed.request(),
          refreshed.fingerprint(),
          refreshed.duration(),
          refreshed.attempts());
    } else if (event instanceof CredentialEvent.IssueFailed failed) {
      failed(event, failed.request(), failed.failure(), failed.duration(), failed.attempts());
    } else if (event instanceof CredentialEvent.RefreshFailed failed) {
      failed(event, failed.request(), failed.failure(), failed.duration(), failed.attempts());
    } else if (event instanceof CredentialEvent.Retried retried) {
      retried(retried);
    } else if (event instanceof CredentialEvent.Granted granted) {
      changed(event, granted.grant(), granted.duration(), granted.attempts());
    } else if (event instanceof CredentialEvent.Revoked revoked) {
      changed(event, revoked.grant(), revoked.duration(), revoked.attempts());
    } else if (event instanceof CredentialEvent.Swept swept) {
      changed(event, swept.grant(), swept.duration(), swept.attempts());
    } else if (event instanceof CredentialEvent.EmulatorUsed used) {
      at(Level.INFO, event).log("Calls go to the emulator at {}", used.emulator());
    } else if (event instanceof CredentialEvent.SecretExposed exposed) {
      at(Level.WARN, event).log("{}", exposed.advice());
    }
  }

  private void issued(
      CredentialEvent event,
      CredentialRequest<?> request,
      String fingerprint,
      Duration duration,
      int attempts) {
    timed(Level.DEBUG, event, request.target(), duration, attempts)
        .addKeyValue("fingerprint", fingerprint)
        .log("{} {} {}", event.getClass().getSimpleName(), request, fingerprint);
  }

  private void failed(
      CredentialEvent event,
      CredentialRequest<?> request,
      CredentialException failure,
      Duration duration,
      int attempts) {
    String what = event instanceof CredentialEvent.RefreshFailed ? "refreshed" : "issued";
    timed(Level.WARN, event, request.target(), duration, attempts)
        .addKeyValue("failure", Phrases.typeName(failure))
        .log("Not {} {}: {}", what, request, text(failure));
  }

  private void retried(CredentialEvent.Retried retried) {
    LoggingEventBuilder line =
        at(Level.INFO, retried)
            .addKeyValue("attempts", retried.attempt())
            .addKeyValue("delay_ms", retried.delay().toMillis())
            .addKeyValue("failure", Phrases.typeName(retried.failure()));
    retried
        .request()
        .map(request -> line.addKeyValue("target", request.target()))
        .orElse(line)
        .log("Retried: {}", text(retried.failure()));
  }

  private void changed(
      CredentialEvent event, RequiredGrant grant, Duration duration, int attempts) {
    timed(Level.INFO, event, grant.account(), duration, attempts)
        .log("{} {}", event.getClass().getSimpleName(), grant);
  }

  private LoggingEventBuilder timed(
      Level level, CredentialEvent event, Target target, Duration duration, int attempts) {
    return at(level, event)
        .addKeyValue("target", target)
        .addKeyValue("duration_ms", duration.toMillis())
        .addKeyValue("attempts", attempts);
  }

  private LoggingEventBuilder at(Level level, CredentialEvent event) {
    return logger.atLevel(level).addKeyValue("event", Phrases.typeName(event));
  }

  /** Returns the first line of the message, and where to read on; the exception has the rest. */
  private static String text(CredentialException failure) {
    String message = failure.getMessage();
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end) + " See " + failure.help() + ".";
  }

  /** {@return the name of the logger} */
  @Override
  public String toString() {
    return "CredentialLog[%s]".formatted(logger.getName());
  }
}
