package io.github.shortlived.internal.issue;

import com.google.api.client.http.HttpResponseException;
import com.google.api.client.http.HttpStatusCodes;
import com.google.common.base.Strings;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.text.GoogleHosts;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignedJwt;
import io.github.shortlived.model.UserTokenRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Issues access tokens of users by domain-wide delegation, without a key: IAM signs, for the
 * service account, a JWT that names the user, and the OAuth 2.0 token endpoint exchanges it for an
 * access token of the user.
 *
 * @see <a
 *     href="https://developers.google.com/identity/protocols/oauth2/service-account#httprest">OAuth
 *     2.0 for service accounts</a>
 */
record DomainWideDelegation(TokenEndpoint endpoint) {
  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  // The token endpoint accepts no longer lifetime.
  private static final Duration ASSERTION_LIFETIME = Duration.ofHours(1);

  /**
   * Requests an access token of the user. Blocks.
   *
   * @param signer signs a JWT for the account
   * @param retrier supplies the retrier once the JWT is signed, with the time that is left
   */
  AccessToken accessToken(
      ServiceAccount account,
      UserTokenRequest request,
      Function<JwtClaims, SignedJwt> signer,
      Supplier<Retrier> retrier) {
    String assertion = signer.apply(claims(account, request)).token();
    Map<String, String> form = Map.of("grant_type", JWT_BEARER, "assertion", assertion);
    try {
      return retrier.get().call(deadline -> endpoint.exchange(form, null, deadline));
    } catch (FailedCallException e) {
      String action =
          "Issuing an access token of %s by domain-wide delegation to %s"
              .formatted(request.user(), account);
      if (isNotDelegated(e)) {
        throw InternalExceptions.domainNotDelegated(e, action, account, request.scopes());
      }
      throw ClientContext.translate(e, action, List::of);
    }
  }

  private static JwtClaims claims(ServiceAccount account, UserTokenRequest request) {
    return JwtClaims.expiringIn(ASSERTION_LIFETIME)
        .issuer(account.id())
        .subject(request.user())
        .audience(GoogleHosts.TOKEN_AUDIENCE)
        .claim("scope", String.join(" ", request.scopes()));
  }

  /** A 401 without a body counts, too: NetHttpTransport, if the user sets it, discards the body. */
  private static boolean isNotDelegated(FailedCallException failed) {
    return failed.thrown() instanceof HttpResponseException response
        && response.getStatusCode() == HttpStatusCodes.STATUS_CODE_UNAUTHORIZED
        && (Strings.isNullOrEmpty(response.getContent())
            || "unauthorized_client".equals(failed.failure().reason()));
  }
}
