package io.github.shortlived;

import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.internal.failure.ResponseFields;
import io.github.shortlived.internal.failure.SourceFailureException;
import io.github.shortlived.model.CredentialException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The headers that authenticate a request of {@code java.net.http}, as {@link
 * java.net.http.HttpRequest.Builder#headers(String...)} takes them: {@code
 * HttpRequest.newBuilder(uri).headers(headers.get())}. They are {@code Authorization} and, if the
 * credentials have a quota project, {@code x-goog-user-project}.
 *
 * <p>Thread-safe. {@link #get()} blocks while a token is fetched. java.net.http does not retry:
 * {@link AuthorizedHttpClient} sends a request again after a 401.
 */
public final class RequestHeaders implements Supplier<String[]> {
  private final Credentials credentials;

  private RequestHeaders(Credentials credentials) {
    this.credentials = credentials;
  }

  /**
   * Returns the headers of these credentials.
   *
   * @param credentials for example those of {@link ShortLivedCredentials#googleCredentials} or
   *     {@link ShortLivedCredentials#idTokenCredentials}
   */
  public static RequestHeaders of(Credentials credentials) {
    Objects.requireNonNull(credentials, "credentials");
    return new RequestHeaders(credentials);
  }

  /**
   * {@return each name followed by its value, for a request that is sent now}
   *
   * @throws CredentialException if no token can be issued
   * @throws IllegalStateException if the {@link ShortLivedCredentials} that issue them are closed
   */
  @Override
  public String[] get() {
    try {
      return headers().entrySet().stream()
          .flatMap(header -> header.getValue().stream().flatMap(v -> Stream.of(header.getKey(), v)))
          .toArray(String[]::new);
    } catch (SourceFailureException | CancellationException e) {
      if (credentials instanceof CachedGoogleCredentials<?>
          && e.getCause() instanceof IllegalStateException closed) {
        throw closed; // Not a failure of the source.
      }
      throw ClientContext.translate(e, "Fetching the headers of a request", List::of);
    }
  }

  private Map<String, List<String>> headers() throws SourceFailureException {
    return SourceCredentials.call(
        () -> {
          Map<String, List<String>> headers = credentials.getRequestMetadata();
          return credentials instanceof GoogleCredentials google
              ? SourceCredentials.headersToSend(headers, google)
              : ResponseFields.sourceHeaders(headers);
        });
  }

  /** {@return the type of the credentials, never a header} */
  @Override
  public String toString() {
    return "RequestHeaders[%s]".formatted(credentials.getClass().getSimpleName());
  }
}
