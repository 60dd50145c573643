package io.github.shortlived;

import com.google.auth.ServiceAccountSigner.SigningException;
import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.DownscopedTokenRequest;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.SelfSignedJwtRequest;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.TokenRequest;
import io.github.shortlived.model.UserTokenRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The issuer and the token request behind {@link IssuedGoogleCredentials}. */
record CredentialsSpec(ShortLivedCredentials issuer, TokenRequest<AccessToken> request) {
  // google-auth's caches request another token 3:45 minutes before its expiry.
  private static final Duration FRESH_FOR_GOOGLE_AUTH = Duration.ofMinutes(4);

  TokenSource<AccessToken> tokens() {
    return issuer.tokenSource(request);
  }

  com.google.auth.oauth2.IdToken idToken(String audience, boolean withEmail) throws IOException {
    try {
      IdToken token = issuer.issue(idTokenRequest(audience, withEmail));
      return com.google.auth.oauth2.IdToken.create(token.token());
    } catch (CredentialException e) {
      throw new IssuanceIOException(e); // google-auth's callers expect an IOException.
    }
  }

  private IdTokenRequest idTokenRequest(String audience, boolean withEmail) {
    IdTokenRequest plain =
        IdTokenRequest.of(request.target(), audience).minimumValidity(FRESH_FOR_GOOGLE_AUTH);
    return withEmail ? plain.withEmail() : plain;
  }

  byte[] sign(byte[] payload) {
    try {
      return issuer.issue(SignBlobRequest.of(request.target(), payload)).signature();
    } catch (CredentialException e) {
      throw new SigningException(e.getMessage(), e);
    }
  }

  /** Returns the email address of the target. */
  String account() {
    Optional<ServiceAccount> account = issuer.account(request.target());
    InternalExceptions.require(
        account.filter(ServiceAccount::isEmail).isPresent(),
        "target",
        account.map(ServiceAccount::id).orElse("self"),
        "signed URLs and domain-wide delegation need the email address of the service account",
        "name the account by its email address");
    return account.orElseThrow().id();
  }

  /** Returns the quota project of the source if the target is {@link Target#self()}. */
  @Nullable String inheritedQuotaProject() {
    return request.target() instanceof Target.Self && !(request instanceof UserTokenRequest)
        ? issuer.context().source().scoped().getQuotaProjectId()
        : null;
  }

  /** Replaces the scopes. Keeps them if there are no new ones, because a token needs a scope. */
  CredentialsSpec withScopes(Collection<String> scopes) {
    return scopes.isEmpty() ? this : new CredentialsSpec(issuer, scoped(scopes));
  }

  private TokenRequest<AccessToken> scoped(Collection<String> scopes) {
    if (request instanceof AccessTokenRequest accessToken) {
      return accessToken.withScopes(scopes);
    } else if (request instanceof UserTokenRequest userToken) {
      return userToken.withScopes(scopes);
    } else if (request instanceof DownscopedTokenRequest downscoped) {
      return downscoped.withScopes(scopes);
    }
    return ((SelfSignedJwtRequest) request).withScopes(scopes);
  }

  /**
   * Returns the spec of credentials for a user.
   *
   * @throws CredentialException.InvalidRequest if the target has no email address, or the request
   *     has a lifetime of its own or is not one for plain access tokens
   */
  CredentialsSpec forUser(@Nullable String user) {
    UserTokenRequest ofUser =
        UserTokenRequest.of(request.target(), String.valueOf(user), delegatedScopes())
            .minimumValidity(Duration.ofMillis(request.minimumValidityMillis()));
    InternalExceptions.require(
        request.lifetime().equals(AccessTokenRequest.DEFAULT_LIFETIME),
        "lifetime",
        Phrases.exact(request.lifetime()),
        "the token endpoint decides the lifetime of a user's token, about 1 hour",
        "create the credentials with a request without lifetime");
    String unused = account();
    return new CredentialsSpec(issuer, ofUser);
  }

  private Set<String> delegatedScopes() {
    if (request instanceof AccessTokenRequest accessToken) {
      return accessToken.scopes();
    } else if (request instanceof UserTokenRequest userToken) {
      return userToken.scopes();
    }
    throw InternalExceptions.invalid(
        "Invalid user: domain-wide delegation issues neither self-signed JWTs nor downscoped"
            + " tokens. Call createDelegated on credentials of an AccessTokenRequest.");
  }

  /** Creates credentials, which sign if they act as a service account without a limit. */
  GoogleCredentials credentials(GoogleCredentials.Builder options) {
    return isUnlimited() && isServiceAccount()
        ? new SigningGoogleCredentials(this, options)
        : new IssuedGoogleCredentials(this, options);
  }

  private boolean isUnlimited() {
    return request instanceof AccessTokenRequest || request instanceof SelfSignedJwtRequest;
  }

  private boolean isServiceAccount() {
    return !(request.target() instanceof Target.Self)
        || issuer.context().source().identity().isServiceAccount();
  }

  @Override
  public String toString() {
    return request.toString();
  }
}
