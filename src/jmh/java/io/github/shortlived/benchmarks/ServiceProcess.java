package io.github.shortlived.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.shortlived.model.Endpoints;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * A {@link DelayingService} in a JVM of its own, so that its allocation and garbage collections are
 * not those of the client. It ends with this JVM.
 */
final class ServiceProcess implements AutoCloseable {
  private final Process process;
  private final Path folder;
  private final Endpoints endpoints;

  private ServiceProcess(Process process, Path folder, Endpoints endpoints) {
    this.process = process;
    this.folder = folder;
    this.endpoints = endpoints;
  }

  /** Starts a service. If it has TLS, this JVM trusts its certificate. */
  static ServiceProcess start(boolean tls) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("service");
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            ServiceProcess.class.getName());
    if (tls) {
      Certificate certificate = Certificate.create(folder);
      certificate.trust();
      command.command().add(certificate.file().toString());
    }
    Process process = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out = process.inputReader(UTF_8);
    URI http = URI.create(out.readLine());
    URI grpc = URI.create(out.readLine());
    return new ServiceProcess(process, folder, Endpoints.of(http, grpc));
  }

  /** Takes the file of the certificate, or nothing for a service without TLS. */
  public static void main(String[] arguments) throws Exception {
    InstantSource clock = InstantSource.system();
    DelayingService service =
        arguments.length == 0
            ? new DelayingService(clock)
            : DelayingService.tls(clock, new Certificate(Path.of(arguments[0])).serverContext());
    System.out.println(service.endpoints().iamCredentials());
    System.out.println(service.endpoints().iamCredentialsGrpc());
    System.in.read(); // Returns when the parent has ended.
    System.exit(0);
  }

  Endpoints endpoints() {
    return endpoints;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    Folders.delete(folder);
  }
}
