package io.github.shortlived.internal.source;

import com.google.auth.RequestMetadataCallback;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.RequestTarget;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import java.io.IOException;
import java.io.NotSerializableException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Creates google-auth's impersonated credentials with the settings of this library. */
public final class ImpersonatedCredentialsFactory {
  private ImpersonatedCredentialsFactory() {}

  /** Creates credentials that share the source token of the context. */
  public static ImpersonatedCredentials create(ClientContext context, AccessTokenRequest request) {
    Target target = request.target();
    InternalExceptions.require(
        !(target instanceof Target.Self),
        "target",
        target.toString(),
        "only another service account can be impersonated",
        "use googleCredentials");
    RequestTarget named = RequestTarget.of(target);
    List<ServiceAccount> accounts = target.accounts();
    return ImpersonatedCredentials.newBuilder()
        .setSourceCredentials(new SharedSourceCredentials(context.source().scoped()))
        .setTargetPrincipal(accounts.get(accounts.size() - 1).id())
        .setDelegates(named.delegates())
        .setScopes(List.copyOf(request.scopes()))
        .setLifetime(Math.toIntExact(request.lifetime().toSeconds()))
        .setHttpTransportFactory(context.transports())
        .setIamEndpointOverride(
            "%s/v1/%s:generateAccessToken"
                .formatted(context.endpoints().iamCredentials(), named.name()))
        .build();
  }

  /** Adds the quota project of the source to the headers. */
  private record QuotaProjectCallback(GoogleCredentials source, RequestMetadataCallback callback)
      implements RequestMetadataCallback {
    @Override
    public void onSuccess(Map<String, List<String>> headers) {
      Map<String, List<String>> checked;
      try {
        checked = SourceCredentials.headersToSend(headers, source);
      } catch (IOException e) {
        callback.onFailure(e);
        return;
      }
      callback.onSuccess(checked);
    }

    @Override
    public void onFailure(Throwable failure) {
      callback.onFailure(failure);
    }

    /** {@return the name alone, because google-auth's credentials print their token} */
    @Override
    public String toString() {
      return "QuotaProjectCallback";
    }
  }

  /**
   * A view of the scoped source credentials that {@code ImpersonatedCredentials} cannot copy.
   * Otherwise they copy a source that has no token yet, and each copy requests its own token.
   */
  @SuppressWarnings("serial") // Refuses to be serialized.
  static final class SharedSourceCredentials extends GoogleCredentials {
    private final transient GoogleCredentials source;

    SharedSourceCredentials(GoogleCredentials source) {
      this.source = source;
    }

    @Override
    public Map<String, List<String>> getRequestMetadata(@Nullable URI uri) throws IOException {
      return SourceCredentials.headersToSend(source.getRequestMetadata(uri), source);
    }

    @Override
    public void getRequestMetadata(URI uri, Executor executor, RequestMetadataCallback callback) {
      source.getRequestMetadata(uri, executor, new QuotaProjectCallback(source, callback));
    }

    /** Does nothing: {@link #getRequestMetadata} follows, and fetches a token if it needs one. */
    @Override
    public void refreshIfExpired() {}

    /** Replaces the token of all credentials that share the source. */
    @Override
    public AccessToken refreshAccessToken() throws IOException {
      source.refresh();
      return Objects.requireNonNull(source.getAccessToken());
    }

    @Override
    public GoogleCredentials createDelegated(String user) {
      throw InternalExceptions.invalid(
          "Invalid source: all impersonated credentials share it, so it cannot be delegated to a user."
              + " Delegate the result of googleCredentials.");
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

    /** Replaces google-auth's text, which contains the token, or a user's refresh token. */
    @Override
    public String toString() {
      return "SharedSourceCredentials[%s]".formatted(source.getClass().getSimpleName());
    }
  }
}
