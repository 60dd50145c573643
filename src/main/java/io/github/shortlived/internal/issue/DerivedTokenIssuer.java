package io.github.shortlived.internal.issue;

import com.google.auth.Credentials;
import com.google.auth.http.HttpTransportFactory;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.client.UniverseDomain;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.DownscopedTokenRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.SelfSignedJwtRequest;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.SignedJwt;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.TokenRequest;
import io.github.shortlived.model.UserTokenRequest;
import java.net.URI;
import java.util.function.Function;

/**
 * Issues tokens that need another credential of the target first: a user's token and a self-signed
 * JWT need a signed JWT, a downscoped token needs an access token. All calls of a request share one
 * deadline. Thread-safe; methods block.
 *
 * @param transports returns the transport of calls to the token endpoints
 * @param issuers selects the issuer of the target's own credentials
 */
record DerivedTokenIssuer(
    ClientContext context, HttpTransportFactory transports, Function<Target, Issuer> issuers) {

  AccessToken userToken(UserTokenRequest request, Retrier retrier) {
    Deadline deadline = retrier.deadline();
    String universe = UniverseDomain.of(context.source(), retrier.within(deadline));
    InternalExceptions.require(
        universe.equals(Credentials.GOOGLE_DEFAULT_UNIVERSE),
        "universe domain",
        universe,
        "domain-wide delegation exists only in Google's own universe",
        "use the service account's own tokens");
    ServiceAccount account = signer(request, "domain-wide delegation", retrier.within(deadline));
    TokenEndpoint oauth2 = endpoint(context.endpoints().oauth2(), "/token", "The token endpoint");
    return new DomainWideDelegation(oauth2)
        .accessToken(
            account,
            request,
            claims -> signJwt(request, claims, retrier.within(deadline)),
            () -> retrier.within(deadline));
  }

  AccessToken selfSignedJwt(SelfSignedJwtRequest request, Retrier retrier) {
    Deadline deadline = retrier.deadline();
    String account = signer(request, "a self-signed JWT", retrier.within(deadline)).id();
    JwtClaims claims = JwtClaims.expiringIn(request.lifetime()).issuer(account).subject(account);
    SignedJwt signed =
        signJwt(
            request,
            request
                .audience()
                .map(claims::audience)
                .orElseGet(() -> claims.claim("scope", String.join(" ", request.scopes()))),
            retrier.within(deadline));
    return new AccessToken(signed.token(), signed.expireTime());
  }

  AccessToken downscopedToken(DownscopedTokenRequest request, Retrier retrier) {
    Deadline deadline = retrier.deadline();
    AccessToken original =
        issuers
            .apply(request.target())
            .accessToken(request.accessToken(), retrier.within(deadline));
    TokenEndpoint sts =
        endpoint(context.endpoints().sts(), "/v1/token", "The Security Token Service");
    return new Downscoping(sts).exchange(original, request, retrier.within(deadline));
  }

  private TokenEndpoint endpoint(URI host, String path, String name) {
    return new TokenEndpoint(
        host, path, transports, context.clock(), name + " did not respond in time");
  }

  private SignedJwt signJwt(TokenRequest<?> request, JwtClaims claims, Retrier retrier) {
    Target target = request.target();
    return issuers.apply(target).signJwt(SignJwtRequest.of(target, claims), retrier);
  }

  /** Returns the service account that signs. */
  private ServiceAccount signer(TokenRequest<?> request, String what, Retrier retrier) {
    return SourceIssuer.account(request.target(), context.source(), retrier)
        .orElseThrow(
            () ->
                InternalExceptions.invalid(
                    ("Invalid target 'self': %s needs a service account, which the source"
                            + " credentials are not. Use a service account as target.")
                        .formatted(what)));
  }
}
