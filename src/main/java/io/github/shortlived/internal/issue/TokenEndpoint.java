package io.github.shortlived.internal.issue;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.UrlEncodedContent;
import com.google.auth.http.HttpTransportFactory;
import com.google.common.collect.Comparators;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.internal.client.SingleAttempt;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.MalformedResponseException;
import io.github.shortlived.internal.failure.ResponseFields;
import io.github.shortlived.model.AccessToken;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint that issues access tokens in exchange for another token, as OAuth 2.0 defines it. One
 * call is one attempt. Thread-safe.
 *
 * @param transports returns the transport of a request; it is not shut down
 * @param late the message if the endpoint does not respond in time
 */
record TokenEndpoint(
    URI endpoint, String path, HttpTransportFactory transports, InstantSource clock, String late) {

  /**
   * Sends the form and returns the access token of the response. Blocks.
   *
   * @param latest when the token expires at the latest; null if the response must have a lifetime
   */
  AccessToken exchange(Map<String, String> form, @Nullable Instant latest, Deadline deadline)
      throws FailedCallException {
    String response = send(form, deadline);
    try {
      return token(
          ResponseFields.object(response).orElseThrow(MalformedResponseException::notJson), latest);
    } catch (MalformedResponseException e) {
      throw failed(e);
    }
  }

  private FailedCallException failed(Exception cause) {
    return FailedCallException.of(endpoint.getHost(), "token", cause);
  }

  private String send(Map<String, String> form, Deadline deadline) throws FailedCallException {
    try {
      return SingleAttempt.of(request(form), deadline).execute().parseAsString();
    } catch (IOException e) {
      throw failed(deadline.reason(e, late));
    }
  }

  private HttpRequest request(Map<String, String> form) throws IOException {
    return transports
        .create()
        .createRequestFactory()
        .buildPostRequest(new GenericUrl(endpoint + path), new UrlEncodedContent(form));
  }

  private AccessToken token(JsonObject body, @Nullable Instant latest)
      throws MalformedResponseException {
    Instant expiry = expiry(body, latest);
    if (expiry == null
        || !(body.get("access_token") instanceof JsonPrimitive token)
        || !token.isString()) {
      throw MalformedResponseException.incomplete();
    }
    return new AccessToken(ResponseFields.token(token.getAsString()), expiry);
  }

  /** Returns the time that the response states, or the latest time if that is earlier. */
  private @Nullable Instant expiry(JsonObject body, @Nullable Instant latest)
      throws MalformedResponseException {
    if (!(body.get("expires_in") instanceof JsonPrimitive seconds)) {
      return latest;
    }
    Instant stated = stated(seconds);
    return latest == null ? stated : Comparators.min(stated, latest);
  }

  private Instant stated(JsonPrimitive seconds) throws MalformedResponseException {
    Instant now = clock.instant();
    try {
      long expiry = Math.addExact(now.getEpochSecond(), seconds.getAsLong());
      return ResponseFields.time(expiry, now.getNano());
    } catch (NumberFormatException | ArithmeticException e) {
      throw MalformedResponseException.incomplete();
    }
  }
}
