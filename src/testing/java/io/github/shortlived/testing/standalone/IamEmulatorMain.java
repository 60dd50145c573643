package io.github.shortlived.testing.standalone;

import io.github.shortlived.testing.EmulatorBuilder;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.InternalEmulator;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;

/**
 * Runs an {@link IamEmulator} in its own process, for gcloud and for programs in other languages,
 * until SIGTERM or SIGINT. {@code --help} prints the options. The exit status is 2 for a wrong
 * option or an invalid world, and 1 if a file cannot be read or written or the port is in use.
 */
public final class IamEmulatorMain {
  private IamEmulatorMain() {}

  /**
   * Starts the emulator, writes its files, prints {@code ready http://127.0.0.1:PORT} as the first
   * line of standard output, and blocks.
   */
  public static void main(String[] arguments) {
    int status = run(arguments, System.out, System.err);
    if (status != 0) {
      System.exit(status);
    }
  }

  private static int run(String[] arguments, PrintStream out, PrintStream err) {
    try {
      CommandLineOptions options = CommandLineOptions.parse(arguments);
      if (options.help()) {
        out.print(CommandLineOptions.USAGE);
      } else {
        serve(options, out);
      }
      return 0;
    } catch (IllegalArgumentException invalid) {
      err.printf("%s.%n%n%s", invalid.getMessage(), CommandLineOptions.USAGE);
      return 2;
    } catch (UncheckedIOException failed) {
      err.println(failed.getMessage());
      return 1;
    }
  }

  private static void serve(CommandLineOptions options, PrintStream out) {
    try (IamEmulator emulator = InternalEmulator.port(world(options), options.port()).start()) {
      OutputFiles.write(emulator, options);
      Runtime.getRuntime().addShutdownHook(new Thread(emulator::close, "iam-emulator-stop"));
      announce(emulator, options.folder().toAbsolutePath().normalize(), out);
      new CountDownLatch(1).await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static EmulatorBuilder world(CommandLineOptions options) {
    EmulatorBuilder world =
        options.world().map(IamEmulatorMain::declarations).orElseGet(IamEmulator::demo);
    options.clock().map(IamEmulatorMain::startingAt).ifPresent(world::clock);
    return world;
  }

  private static EmulatorBuilder declarations(Path file) {
    return IamEmulator.builder().world(file);
  }

  private static InstantSource startingAt(Instant start) {
    InstantSource system = InstantSource.system();
    return InstantSource.offset(system, Duration.between(system.instant(), start));
  }

  private static void announce(IamEmulator emulator, Path folder, PrintStream out) {
    out.println("ready " + emulator.httpEndpoint());
    out.println(
        "An emulator of Google IAM, for tests only: Google does not accept its credentials.");
    out.println("gRPC: " + emulator.grpcEndpoint());
    out.println("Key files, credentials and env.sh: " + folder);
    out.println("To use it in a shell: . " + folder.resolve("env.sh"));
    out.flush();
  }
}
