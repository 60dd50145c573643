package io.github.shortlived.internal.client;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpRequest;
import io.github.shortlived.internal.failure.Deadline;

/** Requests of google-http-client that google-auth does not send. */
public final class SingleAttempt {
  private SingleAttempt() {}

  /**
   * Limits the request to one attempt that ends at the deadline. It is not logged, because it may
   * contain tokens, and follows no redirect, because only its own server is trusted.
   */
  public static HttpRequest of(HttpRequest request, Deadline deadline) {
    int timeout = deadline.timeoutMillis();
    return request
        .setHeaders(new HttpHeaders().setUserAgent(UserAgent.TEXT))
        .setLoggingEnabled(false)
        .setFollowRedirects(false)
        .setConnectTimeout(timeout)
        .setReadTimeout(timeout);
  }
}
