package io.github.shortlived.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Throwables;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Records what is logged, at the finest level, and printed while it is open. There is one console,
 * so only one recording may be open at a time.
 */
final class Recording extends Handler implements AutoCloseable {
  private static final Logger ROOT = Logger.getLogger("");

  private final Map<String, Set<String>> logged = new ConcurrentHashMap<>();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final SimpleFormatter formatter = new SimpleFormatter();
  private final Level level = ROOT.getLevel();
  private final Handler[] others = ROOT.getHandlers();
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;

  private Recording() {}

  static Recording start() {
    Recording recording = new Recording();
    recording.setLevel(Level.ALL);
    for (Handler other : recording.others) {
      ROOT.removeHandler(other);
    }
    ROOT.addHandler(recording);
    ROOT.setLevel(Level.ALL);
    PrintStream console = new PrintStream(recording.printed, true, UTF_8);
    System.setOut(console);
    System.setErr(console);
    return recording;
  }

  @Override
  public void publish(LogRecord entry) {
    String failure =
        entry.getThrown() == null ? "" : Throwables.getStackTraceAsString(entry.getThrown());
    logged
        .computeIfAbsent(
            entry.getLoggerName() + " at " + entry.getLevel(),
            name -> ConcurrentHashMap.newKeySet())
        .add(formatter.formatMessage(entry) + "\n" + failure);
  }

  /** Returns the distinct log messages by logger and level. */
  Map<String, String> logged() {
    Map<String, String> texts = new TreeMap<>();
    logged.forEach((logger, text) -> texts.put(logger, String.join("\n", text)));
    return texts;
  }

  String printed() {
    return printed.toString(UTF_8);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    ROOT.removeHandler(this);
    ROOT.setLevel(level);
    for (Handler other : others) {
      ROOT.addHandler(other);
    }
    System.setOut(out);
    System.setErr(err);
  }
}
