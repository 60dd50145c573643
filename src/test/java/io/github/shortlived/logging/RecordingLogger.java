package io.github.shortlived.logging;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** A logger that keeps its lines. */
@SuppressWarnings("serial") // Never serialized.
final class RecordingLogger extends AbstractLogger implements LoggingEventAware {
  private final transient List<Line> lines = new ArrayList<>();
  private final Level least;

  /** Creates a logger of lines that have this level or a higher one. */
  RecordingLogger(Level least) {
    this.name = "test";
    this.least = least;
  }

  /** A line with its key-value pairs. */
  record Line(Level level, String message, Map<String, Object> pairs) {}

  List<Line> lines() {
    return lines;
  }

  @Override
  public void log(LoggingEvent event) {
    Map<String, Object> pairs = new LinkedHashMap<>();
    event.getKeyValuePairs().forEach(pair -> pairs.put(pair.key, pair.value));
    lines.add(
        new Line(
            event.getLevel(),
            MessageFormatter.basicArrayFormat(event.getMessage(), event.getArgumentArray()),
            pairs));
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String pattern,
      Object @Nullable [] arguments,
      @Nullable Throwable thrown) {
    throw new AssertionError("Not a fluent call: " + pattern);
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  private boolean isEnabled(Level level) {
    return level.toInt() >= least.toInt();
  }

  @Override
  public boolean isTraceEnabled() {
    return isEnabled(Level.TRACE);
  }

  @Override
  public boolean isTraceEnabled(@Nullable Marker marker) {
    return isTraceEnabled();
  }

  @Override
  public boolean isDebugEnabled() {
    return isEnabled(Level.DEBUG);
  }

  @Override
  public boolean isDebugEnabled(@Nullable Marker marker) {
    return isDebugEnabled();
  }

  @Override
  public boolean isInfoEnabled() {
    return isEnabled(Level.INFO);
  }

  @Override
  public boolean isInfoEnabled(@Nullable Marker marker) {
    return isInfoEnabled();
  }

  @Override
  public boolean isWarnEnabled() {
    return isEnabled(Level.WARN);
  }

  @Override
  public boolean isWarnEnabled(@Nullable Marker marker) {
    return isWarnEnabled();
  }

  @Override
  public boolean isErrorEnabled() {
    return isEnabled(Level.ERROR);
  }

  @Override
  public boolean isErrorEnabled(@Nullable Marker marker) {
    return isErrorEnabled();
  }
}
