package io.github.shortlived;

import com.google.auth.ServiceAccountSigner.SigningException;
import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.UserTokenRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind credentials in google-auth's form: who issues, what is asked for, and the user
 * for whom, if the target stands in for one. The only place where those credentials ask for
 * something.
 */
record CredentialsSpec(
    ShortLivedCredentials issuer, AccessTokenRequest request, Optional<String> user) {
  // google-auth's caches ask for another one 3:45 minutes before the end.
  private static final Duration FRESH_THERE = Duration.ofMinutes(4);

  /** Where the tokens are kept; equal ones share them. */
  TokenSource<AccessToken> tokens() {
    return issuer.tokenSource(user.isPresent() ? userRequest(user.get()) : request);
  }

  private UserTokenRequest userRequest(String email) {
    return UserTokenRequest.of(request.target(), email, request.scopes())
        .minimumValidity(Duration.ofMillis(request.minimumValidityMillis()));
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
        IdTokenRequest.of(request.target(), audience).minimumValidity(FRESH_THERE);
    return withEmail ? plain.withEmail() : plain;
  }

  byte[] signature(byte[] payload) {
    try {
      return issuer.issue(SignBlobRequest.of(request.target(), payload)).signature();
    } catch (CredentialException e) {
      throw new SigningException(e.getMessage(), e);
    }
  }

  /** The target's email address, which signed URLs and delegation name. */
  String account() {
    Optional<ServiceAccount> account = issuer.accountOf(request.target());
    InternalExceptions.require(
        account.filter(ServiceAccount::isEmail).isPresent(),
        "target",
        account.map(ServiceAccount::id).orElse("self"),
        "signed URLs and domain-wide delegation name a service account by its email address",
        "name the account by its email address");
    return account.orElseThrow().id();
  }

  /** The source's, which counts for the source itself. */
  @Nullable String inheritedQuotaProject() {
    return request.target() instanceof Target.Self && user.isEmpty()
        ? issuer.context().source().scoped().getQuotaProjectId()
        : null;
  }

  /** None keeps those there are, for a token has at least one. */
  CredentialsSpec withScopes(Collection<String> scopes) {
    return scopes.isEmpty() ? this : new CredentialsSpec(issuer, request.withScopes(scopes), user);
  }

  /**
   * The same for a user.
   *
   * @throws CredentialException.InvalidRequest if the target cannot stand in for users, or the
   *     request is for a lifetime
   */
  CredentialsSpec forUser(@Nullable String user) {
    UserTokenRequest checked = userRequest(String.valueOf(user));
    InternalExceptions.require(
        request.lifetime().equals(AccessTokenRequest.DEFAULT_LIFETIME),
        "lifetime",
        request.lifetime().toString(),
        "how long a user's token lives, the token endpoint decides: about an hour",
        "make the credentials of a request without lifetime");
    account();
    return new CredentialsSpec(issuer, request, Optional.of(checked.user()));
  }

  /** The form that tells no lie: whoever is no service account neither signs nor has ID tokens. */
  GoogleCredentials credentials(GoogleCredentials.Builder options) {
    return user.isEmpty() && issuer.isServiceAccount(request.target())
        ? new SigningGoogleCredentials(this, options)
        : new IssuedGoogleCredentials(this, options);
  }

  @Override
  public String toString() {
    return request + user.map(name -> " for " + name).orElse("");
  }
}
