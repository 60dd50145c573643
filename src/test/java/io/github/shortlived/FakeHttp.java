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

/** A network without a network: answers in the order they were given, and keeps every request. */
public final class FakeHttp extends HttpTransport implements HttpTransportFactory {
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<Request> requests = new ArrayList<>();

  /** What was sent. */
  public record Request(
      String url, String body, Optional<String> authorization, Optional<String> quotaProject) {}

  /** A token endpoint that refuses the times of a JWT, at noon of 1 January 2030. */
  public static FakeHttp refusingTimesAtNoon() {
    return new FakeHttp()
        .answer(
            400,
            """
            {"error": "invalid_grant", "error_description": "Invalid JWT: Token must be a \
            short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and \
            exp values in the JWT claim."}""",
            "Date",
            "Tue, 01 Jan 2030 12:00:00 GMT");
  }

  private interface Answer {
    LowLevelHttpResponse get() throws IOException;
  }

  public FakeHttp answer(int status, String json) {
    return answer(status, "application/json; charset=UTF-8", json);
  }

  FakeHttp answer(int status, String contentType, String content) {
    answers.add(
        () ->
            new MockLowLevelHttpResponse()
                .setStatusCode(status)
                .setContentType(contentType)
                .setContent(content));
    return this;
  }

  /** An answer with one more header. */
  public FakeHttp answer(int status, String json, String header, String value) {
    answers.add(
        () ->
            new MockLowLevelHttpResponse()
                .setStatusCode(status)
                .setContentType("application/json; charset=UTF-8")
                .addHeader(header, value)
                .setContent(json));
    return this;
  }

  public FakeHttp redirect(String location) {
    answers.add(
        () -> new MockLowLevelHttpResponse().setStatusCode(307).addHeader("Location", location));
    return this;
  }

  public FakeHttp fault(IOException fault) {
    answers.add(
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
    Answer answer = answers.poll();
    if (answer == null) {
      throw new AssertionError("No call to " + request.url() + " was expected");
    }
    return answer.get();
  }
}
