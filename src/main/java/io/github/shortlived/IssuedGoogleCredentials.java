package io.github.shortlived;

import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * GoogleCredentials whose access tokens this library issues; google-auth's own cache holds the
 * current one, and fetches the next on the executor that asynchronous callers bring.
 */
@SuppressWarnings("serial") // Refuses to be serialized.
class IssuedGoogleCredentials extends GoogleCredentials {
  private final transient Issuance issuance;

  /** Takes the quota project and the margins; a token and a universe come from the issuance. */
  IssuedGoogleCredentials(Issuance issuance, GoogleCredentials.Builder options) {
    super(options.setAccessToken(null));
    this.issuance = issuance;
  }

  final Issuance issuance() {
    return issuance;
  }

  @Override
  public final com.google.auth.oauth2.AccessToken refreshAccessToken() throws IOException {
    return issuance.accessToken();
  }

  @Override
  public final String getUniverseDomain() throws IOException {
    return issuance.issuer().universeDomain();
  }

  @Override
  public final boolean createScopedRequired() {
    return false;
  }

  @Override
  public final GoogleCredentials createScoped(Collection<String> scopes) {
    Issuance scoped = issuance.withScopes(scopes);
    return scoped.equals(issuance) ? this : scoped.credentials(super.toBuilder());
  }

  /** Default scopes are for credentials that have none. */
  @Override
  public final GoogleCredentials createScoped(
      Collection<String> scopes, Collection<String> defaultScopes) {
    return createScoped(scopes);
  }

  @Override
  public final GoogleCredentials createDelegated(String user) {
    return issuance.forUser(user).credentials(super.toBuilder());
  }

  @Override
  public final GoogleCredentials.Builder toBuilder() {
    return new Builder(this);
  }

  /** Asked before anything is written: the base class would write the token. */
  Object writeReplace() throws NotSerializableException {
    throw new NotSerializableException(getClass().getName());
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof IssuedGoogleCredentials that
        && issuance.equals(that.issuance)
        && Objects.equals(getQuotaProjectId(), that.getQuotaProjectId());
  }

  @Override
  public final int hashCode() {
    return Objects.hash(issuance, getQuotaProjectId());
  }

  @Override
  public final String toString() {
    return "IssuedGoogleCredentials[%s]".formatted(issuance);
  }

  /** The base class's would build credentials that end with the token they have. */
  private static final class Builder extends GoogleCredentials.Builder {
    private final Issuance issuance;

    Builder(IssuedGoogleCredentials credentials) {
      super(credentials);
      this.issuance = credentials.issuance;
    }

    @Override
    public GoogleCredentials build() {
      Checks.request(
          getUniverseDomain() == null,
          "universe domain",
          String.valueOf(getUniverseDomain()),
          "it is the source credentials'",
          "choose the endpoints where ShortLivedCredentials are built");
      return issuance.credentials(this);
    }
  }
}
