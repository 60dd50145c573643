package io.github.shortlived;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.InternalExceptions;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Credentials that send ID tokens. They extend GoogleCredentials, because gRPC restricts only those
 * to encrypted connections.
 */
@SuppressWarnings("serial") // Refuses to be serialized.
final class IssuedIdTokenCredentials
    extends CachedGoogleCredentials<io.github.shortlived.model.IdToken> {
  private final transient IdTokenRequest request;

  IssuedIdTokenCredentials(
      ShortLivedCredentials issuer, IdTokenRequest request, GoogleCredentials.Builder options) {
    super(issuer, issuer.tokenSource(request), options);
    this.request = request;
  }

  @Override
  IdToken toGoogleToken(io.github.shortlived.model.IdToken token) throws IOException {
    return IdToken.create(token.token());
  }

  @Override
  GoogleCredentials with(GoogleCredentials.Builder options) {
    return new IssuedIdTokenCredentials(issuer(), request, options);
  }

  @Override
  public GoogleCredentials createDelegated(@Nullable String user) {
    throw InternalExceptions.invalid(
        "Invalid user: domain-wide delegation issues no ID tokens. Call createDelegated on"
            + " googleCredentials, for access tokens.");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IssuedIdTokenCredentials that
        && issuer().equals(that.issuer())
        && request.equals(that.request)
        && Objects.equals(getQuotaProjectId(), that.getQuotaProjectId());
  }

  @Override
  public int hashCode() {
    return Objects.hash(issuer(), request, getQuotaProjectId());
  }

  @Override
  public String toString() {
    return "IssuedIdTokenCredentials[%s]".formatted(request);
  }
}
