package io.github.shortlived.internal.client;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpResponseException;
import com.google.api.client.http.HttpTransport;
import com.google.auth.http.HttpTransportFactory;
import com.google.gson.JsonObject;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.MalformedResponseException;
import io.github.shortlived.internal.http.BoundedTransport;
import io.github.shortlived.internal.http.DefaultTransport;
import io.github.shortlived.internal.text.StrictJson;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fetches public JSON documents, such as keys, without credentials. Redirects and documents of more
 * than 64 KiB are refused. Thread-safe.
 */
public final class PublicDocuments implements AutoCloseable {
  // The caller cannot correct other 4xx responses, because it sends only the URL.
  private static final Set<Integer> MEANINGFUL = Set.of(404, 408, 429);

  private static final Pattern MAX_AGE =
      Pattern.compile("(?:^|[,\\s])max-age\\s*=\\s*\"?([0-9]{1,9})\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern NOT_CACHED =
      Pattern.compile("(?:^|[,\\s])no-(?:store|cache)\\b", Pattern.CASE_INSENSITIVE);

  private final HttpTransport transport;
  private final Retrier retrier;

  /**
   * Creates a client.
   *
   * @param transports creates the transport; null for the default one
   */
  public PublicDocuments(@Nullable HttpTransportFactory transports, Retrier retrier) {
    HttpTransportFactory factory = transports == null ? DefaultTransport.factory() : transports;
    this.transport = BoundedTransport.of(factory.create());
    this.retrier = retrier;
  }

  /**
   * A document.
   *
   * @param content what was read from it
   * @param maxAge how long it may be cached from now on; empty if the server does not say
   * @param <T> the type of the content
   */
  public record Document<T>(T content, Optional<Duration> maxAge) {}

  /**
   * Fetches a document and retries transient failures. Blocks.
   *
   * @param name describes the document in messages
   * @param reader reads the content; returns empty if the document lacks it
   * @throws CredentialException the translated last failure
   */
  public <T> Document<T> fetch(String url, String name, Function<JsonObject, Optional<T>> reader) {
    try {
      return retrier.call(deadline -> fetch(new GenericUrl(url), reader, deadline));
    } catch (FailedCallException e) {
      throw InternalExceptions.translate(e, "Fetching " + name);
    }
  }

  private <T> Document<T> fetch(
      GenericUrl url, Function<JsonObject, Optional<T>> reader, Deadline deadline)
      throws FailedCallException {
    try {
      HttpResponse response = send(url, deadline);
      Optional<T> content = reader.apply(parsed(response.parseAsString()));
      return new Document<>(
          content.orElseThrow(MalformedResponseException::incomplete),
          maxAge(response.getHeaders()));
    } catch (IOException e) {
      Exception cause = deadline.reason(meaningful(e), "The server did not respond in time");
      throw FailedCallException.of(url.getHost(), "get", cause);
    }
  }

  private HttpResponse send(GenericUrl url, Deadline deadline) throws IOException {
    return SingleAttempt.of(transport.createRequestFactory().buildGetRequest(url), deadline)
        .execute();
  }

  private static JsonObject parsed(String body) throws MalformedResponseException {
    try {
      return StrictJson.UNTRUSTED.parse(body);
    } catch (StrictJson.Malformed e) {
      throw MalformedResponseException.notJson();
    }
  }

  private static IOException meaningful(IOException fault) {
    return fault instanceof HttpResponseException response
            && response.getStatusCode() < 500
            && !MEANINGFUL.contains(response.getStatusCode())
        ? new IOException("HTTP " + response.getStatusCode())
        : fault;
  }

  /**
   * Returns the freshness lifetime of a response, without its age in the caches before.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9111#section-4.2">RFC 9111, Freshness</a>
   */
  private static Optional<Duration> maxAge(HttpHeaders headers) {
    String control = String.valueOf(headers.getCacheControl());
    Matcher maxAge = MAX_AGE.matcher(control);
    if (NOT_CACHED.matcher(control).find()) {
      return Optional.of(Duration.ZERO);
    } else if (!maxAge.find()) {
      return Optional.empty();
    }
    long age = headers.getAge() == null ? 0 : Math.max(0, headers.getAge());
    return Optional.of(Duration.ofSeconds(Math.max(0, Long.parseLong(maxAge.group(1)) - age)));
  }

  @Override
  public void close() {
    try {
      transport.shutdown();
    } catch (IOException e) {
      // Its connections are closed, or cannot be.
    }
  }
}
