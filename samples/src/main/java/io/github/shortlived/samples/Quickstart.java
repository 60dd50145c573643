package io.github.shortlived.samples;

import io.github.shortlived.model.CredentialException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Issues each type of credential, with and without a grant. Runs on the embedded emulator, or with
 * options on Google Cloud.
 */
public final class Quickstart {
  private static final int REFUSED = 1;
  private static final int USAGE = 2;

  private Quickstart() {}

  /** Runs the quickstart; exits with 1 if a call fails, and with 2 if an option is wrong. */
  public static void main(String[] args) {
    int status = run(args, System.out, System.err);
    if (status != 0) {
      System.exit(status);
    }
  }

  static int run(String[] args, PrintStream out, PrintStream err) {
    try {
      QuickstartOptions options = QuickstartOptions.parse(args);
      if (options.help()) {
        out.println(QuickstartOptions.USAGE);
        return 0;
      }
      QuickstartCloud cloud = options.onEmulator() ? new EmulatedCloud() : new GoogleCloud(options);
      return run(cloud, out, err, Quickstart::pause);
    } catch (QuickstartOptions.UsageException e) {
      err.println(e.getMessage() + "\n\n" + QuickstartOptions.USAGE);
      return USAGE;
    } catch (CredentialException e) {
      err.println(e.getMessage());
      return REFUSED;
    }
  }

  /**
   * Runs the steps and closes the cloud; a failure is printed with its remedy.
   *
   * @param pause waits while a change takes effect
   */
  static int run(
      QuickstartCloud cloud, PrintStream out, PrintStream err, Consumer<Duration> pause) {
    QuickstartSteps steps = new QuickstartSteps(cloud, out, pause);
    // Ctrl-C also revokes the grants and deletes the accounts.
    Thread onInterrupt = new Thread(steps::abort);
    Runtime.getRuntime().addShutdownHook(onInterrupt);
    try (cloud;
        steps) {
      steps.run();
      return 0;
    } catch (CredentialException e) {
      err.println(e.getMessage());
      for (Throwable cleanup : e.getSuppressed()) {
        err.println(cleanup.getMessage());
      }
      return REFUSED;
    } finally {
      removeHook(onInterrupt);
    }
  }

  private static void removeHook(Thread onInterrupt) {
    try {
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    } catch (IllegalStateException e) {
      // The JVM is shutting down, and the hook already runs.
    }
  }

  /** Sleeps while a change takes effect; never called on the emulator. */
  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException("Interrupted while waiting for a change to take effect", e);
    }
  }
}
