package io.github.shortlived;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.api.client.testing.http.MockLowLevelHttpRequest;
import com.google.api.client.testing.http.MockLowLevelHttpResponse;
import com.google.auth.http.HttpTransportFactory;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * An HTTP transport without a network. Returns the given responses in order and records requests.
 */
public final class FakeHttp extends HttpTransport implements HttpTransportFactory {
  private final Deque<Response> responses = new ArrayDeque<>();
  private final List<Request> requests = new ArrayList<>();

  /** A request that was sent. */
  public record Request(
      String url, String body, Optional<String> authorization, Optional<String> quotaProject) {}

  /** Creates a token endpoint that refuses the times of a JWT, at noon of 1 January 2030. */
  public static FakeHttp refusingTimesAtNoon() {
    return new FakeHttp()
        .respond(
            400,
            """
            {"error": "invalid_grant", "error_description": "Invalid JWT: Token must be a \
            short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and \
            exp values in the JWT claim."}""",
            "Date",
            "Tue, 01 Jan 2030 12:00:00 GMT");
  }

  private interface Response {
    LowLevelHttpResponse get() throws IOException;
  }

  public FakeHttp respond(int status, String json) {
    return respond(status, "application/json; charset=UTF-8", json);
  }

  FakeHttp respond(int status, String contentType, String content) {
    responses.add(
        () ->
            new MockLowLevelHttpResponse()
                .setStatusCode(status)
                .setContentType(contentType)
                .setContent(content));
    return this;
  }

  /** Adds a response with one more header. */
  public FakeHttp respond(int status, String json, String header, String value) {
    responses.add(
        () ->
            new MockLowLevelHttpResponse()
                .setStatusCode(status)
                .setContentType("application/json; charset=UTF-8")
                .addHeader(header, value)
                .setContent(json));
    return this;
  }

  public FakeHttp redirect(String location) {
    responses.add(
        () -> new MockLowLevelHttpResponse().setStatusCode(307).addHeader("Location", location));
    return this;
  }

  public FakeHttp fault(IOException fault) {
    responses.add(
        () -> {
          throw fault;
        });
    return this;
  }

  public synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  public List<String> urls() {
    return requests().stream().map(Request::url).toList();
  }

  @Override
  public HttpTransport create() {
    return this;
  }

  @Override
  protected LowLevelHttpRequest buildRequest(String method, String url) {
    return new MockLowLevelHttpRequest(url) {
      @Override
      public LowLevelHttpResponse execute() throws IOException {
        return exchange(
            new Request(
                url,
                getContentAsString(),
                Optional.ofNullable(getFirstHeaderValue("authorization")),
                Optional.ofNullable(getFirstHeaderValue("x-goog-user-project"))));
      }
    };
  }

  private synchronized LowLevelHttpResponse exchange(Request request) throws IOException {
    requests.add(request);
    Response response = responses.poll();
    if (response == null) {
      throw new AssertionError("No call to " + request.url() + " was expected");
    }
    return response.get();
  }
}
