package io.github.shortlived;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.model.AccessToken;
import java.util.Collection;
import java.util.Date;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** GoogleCredentials whose access tokens this library issues. */
@SuppressWarnings("serial") // Refuses to be serialized.
class IssuedGoogleCredentials extends CachedGoogleCredentials<AccessToken> {
  private final transient CredentialsSpec issuance;

  IssuedGoogleCredentials(CredentialsSpec issuance, GoogleCredentials.Builder options) {
    super(issuance.issuer(), issuance.tokens(), options);
    this.issuance = issuance;
  }

  final CredentialsSpec issuance() {
    return issuance;
  }

  @Override
  final com.google.auth.oauth2.AccessToken form(AccessToken token) {
    return new com.google.auth.oauth2.AccessToken(token.token(), Date.from(token.expireTime()));
  }

  @Override
  final GoogleCredentials with(GoogleCredentials.Builder options) {
    return issuance.credentials(options);
  }

  @Override
  public final GoogleCredentials createScoped(Collection<String> scopes) {
    CredentialsSpec scoped = issuance.withScopes(scopes);
    return scoped.equals(issuance) ? this : scoped.credentials(options());
  }

  /** Default scopes are for credentials that have none. */
  @Override
  public final GoogleCredentials createScoped(
      Collection<String> scopes, Collection<String> defaultScopes) {
    return createScoped(scopes);
  }

  /** A user is not charged to the project that the account's source brought along. */
  @Override
  public final GoogleCredentials createDelegated(@Nullable String user) {
    GoogleCredentials.Builder options = options();
    if (Objects.equals(options.getQuotaProjectId(), issuance.inheritedQuotaProject())) {
      options.setQuotaProjectId(null);
    }
    return issuance.forUser(user).credentials(options);
  }

  private GoogleCredentials.Builder options() {
    return GoogleCredentials.newBuilder().setQuotaProjectId(getQuotaProjectId());
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
}
