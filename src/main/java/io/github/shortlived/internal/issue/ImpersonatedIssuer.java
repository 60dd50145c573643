package io.github.shortlived.internal.issue;

import com.google.auth.oauth2.IdTokenProvider;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.common.primitives.Ints;
import io.github.shortlived.internal.client.RequestTarget;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.MalformedResponseException;
import io.github.shortlived.internal.failure.ResponseFields;
import io.github.shortlived.internal.failure.SourceFailureException;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;
import io.github.shortlived.model.Target;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Issues access and ID tokens of other service accounts, direct or delegated, through google-auth's
 * {@link ImpersonatedCredentials}. Each attempt has its own, so that nothing is cached in them, and
 * sends one request. Signatures come from another issuer, because google-auth drops the ID of the
 * key.
 */
final class ImpersonatedIssuer implements Issuer {
  private final IamConnection connection;
  private final SourceCredentials source;
  private final Function<Target, RequestTarget> named;
  private final Issuer signer;

  /**
   * Creates an issuer whose calls are authenticated by the source.
   *
   * @param named returns the names that a request for this target sends
   * @param signer signs JWTs and blobs
   */
  ImpersonatedIssuer(
      IamConnection connection,
      SourceCredentials source,
      Function<Target, RequestTarget> named,
      Issuer signer) {
    this.connection = connection;
    this.source = source;
    this.named = named;
    this.signer = signer;
  }

  @Override
  public AccessToken accessToken(AccessTokenRequest request, Retrier retrier) {
    return call(
        retrier,
        Method.ACCESS_TOKEN,
        request.target(),
        ImpersonatedCredentials.newBuilder()
            .setScopes(List.copyOf(request.scopes()))
            .setLifetime(Ints.checkedCast(request.lifetime().toSeconds())),
        credentials -> token(credentials.refreshAccessToken()));
  }

  private static AccessToken token(com.google.auth.oauth2.AccessToken token)
      throws MalformedResponseException {
    Date expirationTime = token.getExpirationTime();
    if (expirationTime == null) {
      throw MalformedResponseException.incomplete();
    }
    Instant expiry = expirationTime.toInstant();
    return new AccessToken(
        ResponseFields.token(token.getTokenValue()),
        ResponseFields.time(expiry.getEpochSecond(), expiry.getNano()));
  }

  @Override
  public IdToken idToken(IdTokenRequest request, Retrier retrier) {
    List<IdTokenProvider.Option> options =
        request.includeEmail() ? List.of(IdTokenProvider.Option.INCLUDE_EMAIL) : List.of();
    return call(
        retrier,
        request.organizationNumberIncluded() ? Method.ID_TOKEN_WITH_ORGANIZATION : Method.ID_TOKEN,
        request.target(),
        ImpersonatedCredentials.newBuilder().setScopes(List.of()),
        credentials ->
            SourceIssuer.idTokenOf(
                credentials.idTokenWithAudience(request.audience(), options).getTokenValue()));
  }

  @Override
  public SignedJwt signJwt(SignJwtRequest request, Retrier retrier) {
    return signer.signJwt(request, retrier);
  }

  @Override
  public SignedBlob signBlob(SignBlobRequest request, Retrier retrier) {
    return signer.signBlob(request, retrier);
  }

  /**
   * A method of the API.
   *
   * @param name as in Google's API reference
   * @param role the narrowest role with its permission
   * @param addedFields fields of the request that google-auth cannot send
   */
  private record Method(String name, String role, List<String> addedFields) {
    static final Method ACCESS_TOKEN =
        new Method("generateAccessToken", IamRoles.TOKEN_CREATOR, List.of());
    static final Method ID_TOKEN = idToken(List.of());
    static final Method ID_TOKEN_WITH_ORGANIZATION = idToken(List.of("organizationNumberIncluded"));

    private static Method idToken(List<String> addedFields) {
      return new Method("generateIdToken", IamRoles.OPEN_ID_TOKEN_CREATOR, addedFields);
    }
  }

  /** A call of google-auth. */
  private interface Call<C> {
    C call(ImpersonatedCredentials credentials) throws IOException;
  }

  private <C> C call(
      Retrier retrier,
      Method method,
      Target requested,
      ImpersonatedCredentials.Builder settings,
      Call<C> call) {
    RequestTarget target = named.apply(requested);
    settings.setTargetPrincipal(target.name()).setDelegates(target.delegates());
    ImpersonationTransport.Url url =
        new ImpersonationTransport.Url(connection.endpoint(), target.name(), method.name());
    try {
      return retrier.call(
          deadline ->
              attempt(
                  new ImpersonationTransport(
                      connection.transport(), url, method.addedFields(), deadline),
                  settings,
                  call,
                  deadline));
    } catch (Exception e) {
      throw target.failure(e, method.name(), method.role(), source);
    }
  }

  private <C> C attempt(
      ImpersonationTransport transport,
      ImpersonatedCredentials.Builder settings,
      Call<C> call,
      Deadline deadline)
      throws SourceFailureException, FailedCallException {
    Map<String, List<String>> headers = source.headersFor(connection.endpoint(), deadline);
    HeaderCredentials caller = new HeaderCredentials(source.headersToSend(headers));
    try {
      return call.call(transport.credentials(settings.setSourceCredentials(caller)));
    } catch (IOException | RuntimeException e) {
      throw source.withRenewal(transport.failure(e), headers);
    }
  }
}
