package io.github.shortlived.samples;

import io.github.shortlived.model.CredentialException;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Every credential type issued, refused without a grant, and used: on the embedded emulator, or on
 * Google Cloud when told a project.
 */
public final class Quickstart {
  private static final int REFUSED = 1;
  private static final int USAGE = 2;

  private Quickstart() {}

  /** Runs the story; exits with 1 if a call was refused for good, with 2 if an option is wrong. */
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
      return tell(options.onEmulator() ? new EmulatedCloud() : new GoogleCloud(options), out, err);
    } catch (QuickstartOptions.UsageException e) {
      err.println(e.getMessage() + "\n\n" + QuickstartOptions.USAGE);
      return USAGE;
    } catch (CredentialException e) {
      err.println(e.getMessage());
      return REFUSED;
    }
  }

  /** Tells the story and closes the cloud; what is refused for good is shown with its remedy. */
  static int tell(QuickstartCloud cloud, PrintStream out, PrintStream err) {
    QuickstartStory story = new QuickstartStory(cloud, out, Quickstart::pause);
    // Ctrl-C, too, takes back what was granted.
    Thread onInterrupt = new Thread(story::abandon);
    Runtime.getRuntime().addShutdownHook(onInterrupt);
    try (cloud) {
      story.tell();
      return 0;
    } catch (CredentialException e) {
      err.println(e.getMessage());
      return REFUSED;
    } finally {
      forget(onInterrupt);
    }
  }

  private static void forget(Thread onInterrupt) {
    try {
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    } catch (IllegalStateException e) {
      // The program is stopping, and the hook runs.
    }
  }

  /** Waits for a policy change to take effect; the emulator needs no waiting. */
  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException("Interrupted while waiting for a grant to take effect", e);
    }
  }
}
