package io.github.shortlived.testing.internal.server;

import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.http.HttpRoute;
import java.net.URI;
import java.util.stream.Stream;

/**
 * The emulator's own addresses, without credentials. A client that knows the HTTP server finds the
 * gRPC server here.
 */
final class ServerAddresses {
  private static final String PATH = "/emulator/v1/endpoints";

  private ServerAddresses() {}

  static Stream<HttpRoute> routes(URI http, URI grpc) {
    JsonObject addresses = new JsonObject();
    addresses.addProperty("httpEndpoint", http.toString());
    addresses.addProperty("grpcEndpoint", grpc.toString());
    return Stream.of(HttpRoute.of("GET", PATH, (world, call, none) -> reply(call, addresses)));
  }

  private static HttpReply reply(HttpCall call, JsonObject addresses) {
    String unused = call.body(); // Refuses another method.
    return HttpReply.json(200, addresses);
  }
}
