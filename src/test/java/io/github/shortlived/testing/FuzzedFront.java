package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.member;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ascii;
import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.http.HttpServerAdapter;
import io.github.shortlived.testing.internal.http.Router;
import io.github.shortlived.testing.internal.json.Json;
import io.github.shortlived.testing.internal.server.Services;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Sends raw requests to the HTTP server of a new world each time, and checks the responses. {@code
 * Bearer admin} and {@code Bearer sa-1} stand for tokens of these two.
 */
public final class FuzzedFront implements AutoCloseable {
  private static final List<String> TRACES =
      List.of("java.lang.", "com.google.gson", "io.github.shortlived", ".java:", "PRIVATE KEY");

  private final IamEmulator emulator =
      Demo.world()
          .clock(TestClock.startingAt("2026-05-04T10:00:00Z"))
          .projectBinding(Demo.PROJECT, "roles/iam.serviceAccountAdmin", ADMIN)
          .projectBinding(Demo.PROJECT, "roles/iam.serviceAccountKeyAdmin", ADMIN)
          .binding(SA2, TOKEN_CREATOR, member(SA1))
          .instance(Demo.PROJECT, ZONE, "vm-1")
          .metadataServiceAccount(SA1)
          .start();
  private final Router router =
      Services.router(
          emulator::world,
          Services.rpcServices(emulator.httpEndpoint()),
          emulator.httpEndpoint(),
          emulator.grpcEndpoint());

  /** Fails unless the response is a success or an error in the form of the API. */
  public void serve(byte[] request) {
    RawExchange.of(request).ifPresent(exchange -> serve(exchange, request));
  }

  @Override
  public void close() {
    emulator.close();
  }

  private void serve(RawExchange exchange, byte[] request) {
    emulator.reset();
    Map<String, String> tokens =
        Map.of("Bearer admin", bearer(ADMIN), "Bearer sa-1", bearer(member(SA1)));
    exchange
        .getRequestHeaders()
        .computeIfPresent(
            "Authorization",
            (name, values) ->
                values.stream().map(value -> tokens.getOrDefault(value, value)).toList());
    exchange(exchange);
    check(exchange, new String(request, ISO_8859_1));
    tokens.values().forEach(token -> assertThat(exchange.answer()).doesNotContain(token));
  }

  private void exchange(RawExchange exchange) {
    try {
      HttpServerAdapter.exchange(exchange, router);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void check(RawExchange exchange, String request) {
    int status = exchange.getResponseCode();
    assertThat(status).as("a failure of the emulator's own").isBetween(200, 599).isNotEqualTo(500);
    boolean isJson =
        String.valueOf(exchange.getResponseHeaders().getFirst("Content-Type"))
            .startsWith("application/json");
    if (isJson && !isHead(exchange)) {
      check(status, Json.object(exchange.answer()));
    }
    if (status >= 400) {
      assertThat(isJson || isOfMetadata(exchange.getRequestURI().getPath()))
          .as("an error in JSON, or one of the metadata server")
          .isTrue();
      TRACES.stream()
          .filter(trace -> !request.contains(trace))
          .forEach(trace -> assertThat(exchange.answer()).doesNotContain(trace));
    }
  }

  private static boolean isHead(RawExchange exchange) {
    String override = exchange.getRequestHeaders().getFirst("X-HTTP-Method-Override");
    return exchange.getRequestMethod().equals("HEAD")
        || (exchange.getRequestMethod().equals("POST")
            && Ascii.equalsIgnoreCase(String.valueOf(override).strip(), "HEAD"));
  }

  /** Whether the metadata server serves the path; it also serves the root. */
  private static boolean isOfMetadata(String path) {
    return path.equals("/") || path.startsWith("/computeMetadata");
  }

  private static void check(int status, JsonObject response) {
    if (status < 400) {
      return;
    }
    if (response.has("error") && response.get("error").isJsonObject()) {
      JsonObject error = response.getAsJsonObject("error");
      assertThat(error.get("code").getAsInt()).isEqualTo(status);
      assertThat(error.get("message").getAsString()).isNotEmpty();
    } else {
      String description = response.get("error_description").getAsString();
      assertThat(description).isNotEmpty();
      // Two endpoints for token information respond without the error itself.
      if (!description.equals("Invalid Value")) {
        assertThat(response.get("error").getAsString()).isNotEmpty();
      }
    }
  }

  private String bearer(String member) {
    return "Bearer " + Wire.token(emulator, member);
  }
}
