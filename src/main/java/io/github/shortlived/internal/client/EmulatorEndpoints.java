package io.github.shortlived.internal.client;

import com.google.auth.http.HttpTransportFactory;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.InternalExceptions;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Finds the gRPC server of an emulator: its HTTP server names it. So one variable is enough, and
 * nothing is sent to a process that is not an emulator.
 */
public final class EmulatorEndpoints {
  private static final String PATH = "/emulator/v1/endpoints";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private EmulatorEndpoints() {}

  /**
   * Returns the endpoints of a running emulator. Blocks for 5 seconds at most, without a retry.
   *
   * @throws CredentialException if no emulator responds
   */
  public static Endpoints of(
      EmulatorHost emulator, HttpTransportFactory transports, InstantSource clock) {
    Retrier once = Retrier.of(TIMEOUT, TIMEOUT, TIMEOUT, false, clock);
    try (PublicDocuments documents = new PublicDocuments(transports, once)) {
      URI grpc =
          documents
              .fetch(
                  emulator.http() + PATH, "the endpoints of the emulator", EmulatorEndpoints::grpc)
              .content();
      return Endpoints.of(emulator.http(), grpc);
    } catch (CredentialException e) {
      throw InternalExceptions.withSuffix(
          e,
          " %s names the emulator at %s: start an emulator there, or unset the variable."
              .formatted(EmulatorHost.VARIABLE, emulator));
    }
  }

  private static Optional<URI> grpc(JsonObject endpoints) {
    return endpoints.get("grpcEndpoint") instanceof JsonPrimitive endpoint
        ? EmulatorHost.parse(endpoint.getAsString().replaceFirst("^http://", ""))
            .map(EmulatorHost::http)
        : Optional.empty();
  }
}
