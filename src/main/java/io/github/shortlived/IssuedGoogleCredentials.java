package io.github.shortlived;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.model.AccessToken;
import java.util.Collection;
import java.util.Date;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** GoogleCredentials with access tokens that this library issues. */
@SuppressWarnings("serial") // Refuses to be serialized.
class IssuedGoogleCredentials extends CachedGoogleCredentials<AccessToken> {
  private final transient CredentialsSpec spec;

  IssuedGoogleCredentials(CredentialsSpec spec, GoogleCredentials.Builder options) {
    super(spec.issuer(), spec.tokens(), options);
    this.spec = spec;
  }

  final CredentialsSpec spec() {
    return spec;
  }

  @Override
  final com.google.auth.oauth2.AccessToken toGoogleToken(AccessToken token) {
    return new com.google.auth.oauth2.AccessToken(token.token(), Date.from(token.expireTime()));
  }

  @Override
  final GoogleCredentials with(GoogleCredentials.Builder options) {
    return spec.credentials(options);
  }

  @Override
  public final GoogleCredentials createScoped(Collection<String> scopes) {
    CredentialsSpec scoped = spec.withScopes(scopes);
    return scoped.equals(spec) ? this : scoped.credentials(options());
  }

  /** Ignores the default scopes, because these credentials have scopes. */
  @Override
  public final GoogleCredentials createScoped(
      Collection<String> scopes, Collection<String> defaultScopes) {
    return createScoped(scopes);
  }

  /**
   * Returns credentials of the user, by domain-wide delegation. They do not have the quota project
   * of the source, because the user may lack the permission to use it.
   */
  @Override
  public final GoogleCredentials createDelegated(@Nullable String user) {
    GoogleCredentials.Builder options = options();
    if (Objects.equals(options.getQuotaProjectId(), spec.inheritedQuotaProject())) {
      options.setQuotaProjectId(null);
    }
    return spec.forUser(user).credentials(options);
  }

  private GoogleCredentials.Builder options() {
    return GoogleCredentials.newBuilder().setQuotaProjectId(getQuotaProjectId());
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof IssuedGoogleCredentials that
        && spec.equals(that.spec)
        && Objects.equals(getQuotaProjectId(), that.getQuotaProjectId());
  }

  @Override
  public final int hashCode() {
    return Objects.hash(spec, getQuotaProjectId());
  }

  @Override
  public final String toString() {
    return "IssuedGoogleCredentials[%s]".formatted(spec);
  }
}
