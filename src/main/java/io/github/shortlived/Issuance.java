package io.github.shortlived;

import com.google.auth.Credentials;
import com.google.auth.ServiceAccountSigner.SigningException;
import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.util.Collection;
import java.util.Date;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What stands behind credentials in google-auth's form: who issues, what is asked for, and the user
 * for whom, if the target stands in for one. The only place where those credentials ask for
 * something.
 */
record Issuance(ShortLivedCredentials issuer, AccessTokenRequest request, Optional<String> user) {

  /** Blocks; asked whenever google-auth has no token or shall have another. */
  com.google.auth.oauth2.AccessToken accessToken() throws IOException {
    if (user.isPresent() && !Credentials.GOOGLE_DEFAULT_UNIVERSE.equals(issuer.universeDomain())) {
      throw new IOException("There is no domain-wide delegation outside Google's own universe.");
    }
    AccessToken token = asked(() -> issuer.issue(tokenRequest()));
    return new com.google.auth.oauth2.AccessToken(token.token(), Date.from(token.expireTime()));
  }

  private TokenRequest<AccessToken> tokenRequest() {
    return user.isPresent() ? UserTokenRequest.of(request, user.get()) : request;
  }

  com.google.auth.oauth2.IdToken idToken(String audience, boolean withEmail) throws IOException {
    IdToken token = asked(() -> issuer.issue(idTokenRequest(audience, withEmail)));
    return com.google.auth.oauth2.IdToken.create(token.token());
  }

  private IdTokenRequest idTokenRequest(String audience, boolean withEmail) {
    IdTokenRequest plain = IdTokenRequest.of(request.target(), audience);
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
    Checks.request(
        account.filter(ServiceAccount::isEmail).isPresent(),
        "target",
        account.map(ServiceAccount::id).orElse("self"),
        "signed URLs and domain-wide delegation name a service account by its email address",
        "name the account by its email address");
    return account.orElseThrow().id();
  }

  /** None keeps those there are, for a token has at least one. */
  Issuance withScopes(Collection<String> scopes) {
    return scopes.isEmpty() ? this : new Issuance(issuer, request.withScopes(scopes), user);
  }

  /**
   * The same for a user.
   *
   * @throws CredentialException.InvalidRequest if the target cannot stand in for users
   */
  Issuance forUser(String user) {
    Checks.request(
        user.contains("@") && !user.endsWith("gserviceaccount.com"),
        "user",
        user,
        "domain-wide delegation is for the users of a Google Workspace domain",
        "pass the user's email address");
    account();
    return new Issuance(issuer, request, Optional.of(user));
  }

  /** The form that tells no lie: whoever stands in for a user neither signs nor has ID tokens. */
  GoogleCredentials credentials(GoogleCredentials.Builder options) {
    return user.isEmpty()
        ? new SigningGoogleCredentials(this, options)
        : new IssuedGoogleCredentials(this, options);
  }

  /** google-auth's callers expect an IOException. */
  private static <T> T asked(Supplier<T> question) throws IOException {
    try {
      return question.get();
    } catch (CredentialException e) {
      throw new IssuingException(e);
    }
  }

  @Override
  public String toString() {
    return request + user.map(name -> " for " + name).orElse("");
  }
}
