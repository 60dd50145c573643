package io.github.shortlived.internal.http;

import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The transports that the tests compare. */
enum Kind {
  DEFAULT,
  /** What the library makes of a transport that the user sets. */
  WRAPPED;

  private static final int PATIENT_MILLIS = 20_000;

  HttpTransport create() {
    return this == DEFAULT
        ? DefaultTransport.create()
        : BoundedTransport.of(new NetHttpTransport());
  }

  HttpResponse post(String url) throws IOException {
    return post(create(), url, PATIENT_MILLIS);
  }

  HttpResponse post(String url, int totalMillis) throws IOException {
    return post(create(), url, totalMillis);
  }

  static HttpResponse post(HttpTransport transport, String url) throws IOException {
    return post(transport, url, PATIENT_MILLIS);
  }

  static HttpResponse post(HttpTransport transport, String url, int totalMillis)
      throws IOException {
    HttpContent content =
        new ByteArrayContent("application/json", "{}".getBytes(StandardCharsets.UTF_8));
    return request(transport, "POST", url, content).setReadTimeout(totalMillis).execute();
  }

  static HttpRequest request(
      HttpTransport transport, String method, String url, @Nullable HttpContent body)
      throws IOException {
    return transport
        .createRequestFactory()
        .buildRequest(method, new GenericUrl(url), body)
        .setThrowExceptionOnExecuteError(false);
  }
}
