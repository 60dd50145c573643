package io.github.shortlived.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A plain HTTP client, for requests that Google's clients do not send. */
public final class Wire {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final URI endpoint;
  private final @Nullable String token;
  private final Map<String, String> headers;

  private Wire(URI endpoint, @Nullable String token, Map<String, String> headers) {
    this.endpoint = endpoint;
    this.token = token;
    this.headers = headers;
  }

  public static Wire anonymous(IamEmulator emulator) {
    return new Wire(emulator.httpEndpoint(), null, Map.of());
  }

  public static Wire at(URI endpoint) {
    return new Wire(endpoint, null, Map.of());
  }

  public static Wire as(IamEmulator emulator, String member) {
    return anonymous(emulator).with(token(emulator, member));
  }

  public static String token(IamEmulator emulator, String member) {
    try {
      return emulator.googleCredentials(member).refreshAccessToken().getTokenValue();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public Wire with(String bearer) {
    return new Wire(endpoint, bearer, headers);
  }

  /** Returns a client that adds a header to each request. */
  Wire header(String name, String value) {
    return new Wire(endpoint, token, Map.of(name, value));
  }

  public HttpResponse<String> get(String path) {
    return send("GET", path, BodyPublishers.noBody(), "application/json");
  }

  public HttpResponse<String> post(String path, String json) {
    return send("POST", path, BodyPublishers.ofString(json), "application/json");
  }

  public HttpResponse<String> send(
      String method, String path, HttpRequest.BodyPublisher body, String contentType) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(endpoint + path))
            .method(method, body)
            .header("Content-Type", contentType);
    headers.forEach(request::header);
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public HttpResponse<String> form(String path, Map<String, String> values) {
    String encoded =
        values.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        "POST", path, BodyPublishers.ofString(encoded), "application/x-www-form-urlencoded");
  }

  public static JsonObject json(HttpResponse<String> response) {
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  public static JsonObject error(HttpResponse<String> response) {
    return json(response).getAsJsonObject("error");
  }
}
