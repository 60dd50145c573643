package io.github.shortlived.internal.source;

import com.google.auth.RequestMetadataCallback;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.model.CredentialException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The scoped source, for those who would copy it: {@code ImpersonatedCredentials} give a source
 * without a token yet its scope anew, and each copy fetches a token of its own.
 */
@SuppressWarnings("serial") // Refuses to be serialized.
final class SharedSourceCredentials extends GoogleCredentials {
  private final transient GoogleCredentials source;

  SharedSourceCredentials(GoogleCredentials source) {
    this.source = source;
  }

  @Override
  public Map<String, List<String>> getRequestMetadata(@Nullable URI uri) throws IOException {
    return SourceCredentials.withQuotaProject(source.getRequestMetadata(uri), source);
  }

  @Override
  public void getRequestMetadata(URI uri, Executor executor, RequestMetadataCallback callback) {
    source.getRequestMetadata(uri, executor, new Charged(callback, source));
  }

  /** Whoever was given the token leaves the quota project out. */
  private record Charged(RequestMetadataCallback callback, GoogleCredentials source)
      implements RequestMetadataCallback {
    @Override
    public void onSuccess(Map<String, List<String>> headers) {
      callback.onSuccess(SourceCredentials.withQuotaProject(headers, source));
    }

    @Override
    public void onFailure(Throwable failure) {
      callback.onFailure(failure);
    }

    @Override
    public String toString() {
      return "Charged[%s]".formatted(source.getClass().getSimpleName());
    }
  }

  /** Does nothing: the headers are asked for next, without a token where a JWT will do. */
  @Override
  public void refreshIfExpired() {}

  /** Another token for all who share the source. */
  @Override
  public AccessToken refreshAccessToken() throws IOException {
    source.refresh();
    return Objects.requireNonNull(source.getAccessToken());
  }

  @Override
  public GoogleCredentials createDelegated(String user) {
    throw new CredentialException.InvalidRequest(
        "Invalid source: it is shared by all impersonations, and stands in for nobody. Delegate"
            + " what googleCredentials gives.");
  }

  @Override
  public String getUniverseDomain() throws IOException {
    return source.getUniverseDomain();
  }

  @Override
  public @Nullable String getQuotaProjectId() {
    return source.getQuotaProjectId();
  }

  private Object writeReplace() throws NotSerializableException {
    throw new NotSerializableException(getClass().getName());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SharedSourceCredentials that && source.equals(that.source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  /** google-auth's would print the token, or a user's refresh token. */
  @Override
  public String toString() {
    return "SharedSourceCredentials[%s]".formatted(source.getClass().getSimpleName());
  }
}
