package io.github.shortlived.internal.issue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.api.client.http.HttpStatusCodes;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.common.net.PercentEscaper;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.MalformedResponseException;
import io.github.shortlived.internal.failure.ResponseFields;
import io.github.shortlived.internal.http.BoundedTransport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request to the IAM Credentials API, as the transport of {@code ImpersonatedCredentials}:
 * sends it to the configured endpoint, within the deadline, and throws each error response, before
 * google-auth repeats the request, follows a redirect or drops a part of the response. For one
 * thread.
 */
final class ImpersonationTransport extends HttpTransport {
  /** Finds no services: google-auth would look for a transport, even if one is given. */
  private static final ClassLoader NO_SERVICES =
      new ClassLoader(null) {
        @Override
        public Enumeration<URL> getResources(String name) {
          return Collections.emptyEnumeration();
        }
      };

  private final BoundedTransport transport;
  private final Url url;
  private final List<String> addedFields;
  private final Deadline deadline;
  // The body of a successful response; null before that.
  private byte @Nullable [] body;

  /**
   * Creates a transport.
   *
   * @param addedFields fields of the request that google-auth does not know; each gets the value
   *     true
   */
  ImpersonationTransport(
      BoundedTransport transport, Url url, List<String> addedFields, Deadline deadline) {
    this.transport = transport;
    this.url = url;
    this.addedFields = addedFields;
    this.deadline = deadline;
  }

  /** Builds credentials that send one request over this transport. */
  ImpersonatedCredentials credentials(ImpersonatedCredentials.Builder settings) {
    Thread thread = Thread.currentThread();
    ClassLoader classes = thread.getContextClassLoader();
    thread.setContextClassLoader(NO_SERVICES);
    try {
      return settings.setHttpTransportFactory(() -> this).build();
    } finally {
      thread.setContextClassLoader(classes);
    }
  }

  /** Returns the failure of the call. */
  FailedCallException failure(Exception thrown) {
    return FailedCallException.of(url.endpoint().getHost(), url.method(), cause(thrown));
  }

  /** google-auth wraps each fault of the transport, and describes a response by a Java error. */
  private Exception cause(Exception thrown) {
    if (thrown instanceof MalformedResponseException) {
      return thrown;
    } else if (body != null) {
      return ResponseFields.object(new String(body, UTF_8)).isPresent()
          ? MalformedResponseException.incomplete()
          : MalformedResponseException.notJson();
    }
    Exception cause = thrown.getCause() instanceof IOException fault ? fault : thrown;
    return deadline.reason(cause, "The service did not respond in time");
  }

  @Override
  protected LowLevelHttpRequest buildRequest(String method, String ignored) {
    return new Request(transport.buildRequest(method, url.toString()));
  }

  private final class Request extends LowLevelHttpRequest {
    private final LowLevelHttpRequest request;

    Request(LowLevelHttpRequest request) {
      this.request = request;
    }

    @Override
    public void addHeader(String name, String value) throws IOException {
      request.addHeader(name, value);
    }

    @Override
    public LowLevelHttpResponse execute() throws IOException {
      setContent();
      request.setContentType(getContentType());
      request.setContentEncoding(getContentEncoding());
      int timeout = deadline.timeoutMillis();
      request.setTimeout(timeout, timeout);
      return received(request.execute());
    }

    private void setContent() throws IOException {
      if (addedFields.isEmpty()) {
        request.setStreamingContent(getStreamingContent());
      } else {
        byte[] extended = withAddedFields();
        request.setStreamingContent(out -> out.write(extended));
      }
    }

    private byte[] withAddedFields() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      getStreamingContent().writeTo(bytes);
      JsonObject json = JsonParser.parseString(bytes.toString(UTF_8)).getAsJsonObject();
      addedFields.forEach(field -> json.addProperty(field, true));
      return json.toString().getBytes(UTF_8);
    }
  }

  private LowLevelHttpResponse received(LowLevelHttpResponse response) throws IOException {
    byte[] received = response.getContent().readAllBytes();
    if (HttpStatusCodes.isSuccess(response.getStatusCode())) {
      body = received;
      return response;
    }
    HttpHeaders headers = new HttpHeaders();
    headers.fromHttpResponse(response, new StringBuilder());
    throw new HttpResponseException.Builder(
            response.getStatusCode(), response.getReasonPhrase(), headers)
        .setContent(new String(received, UTF_8))
        .build();
  }

  /**
   * The URL of a method of a service account.
   *
   * @param method as in Google's API reference
   */
  record Url(URI endpoint, String name, String method) {
    // The names of a source's own accounts are not checked.
    private static final PercentEscaper NAME = new PercentEscaper("-._~/@:", false);

    @Override
    public String toString() {
      return endpoint + "/v1/" + NAME.escape(name) + ":" + method;
    }
  }
}
