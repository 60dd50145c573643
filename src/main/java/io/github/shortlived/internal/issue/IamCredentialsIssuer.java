package io.github.shortlived.internal.issue;

import com.google.api.gax.rpc.UnaryCallable;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.github.shortlived.internal.client.GoogleApiClient;
import io.github.shortlived.internal.client.RequestTarget;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.internal.failure.MalformedResponseException;
import io.github.shortlived.internal.failure.ResponseFields;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.internal.text.JwtPayload;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.InternalClaims;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;
import io.github.shortlived.model.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Issues credentials of other service accounts, direct or delegated, through the IAM Credentials
 * API.
 */
final class IamCredentialsIssuer implements Issuer {
  private static final Duration NEAR_THE_LIMIT = Duration.ofMinutes(10);
  private static final String AT_THE_LIMIT =
      " By this machine's clock, the JWT expires almost 12 hours ahead, which is the limit: if the"
          + " clock is fast, that is too far. Use a lifetime that is some minutes shorter.";

  private final Supplier<GoogleApiClient<IamCredentialsClient>> client;
  private final SourceCredentials source;
  private final Function<Target, RequestTarget> named;
  private final InstantSource clock;

  /**
   * Creates an issuer whose calls are authenticated by the source.
   *
   * @param named returns the names that a request for this target sends
   */
  IamCredentialsIssuer(
      Supplier<GoogleApiClient<IamCredentialsClient>> client,
      SourceCredentials source,
      Function<Target, RequestTarget> named,
      InstantSource clock) {
    this.client = client;
    this.source = source;
    this.named = named;
    this.clock = clock;
  }

  @Override
  public AccessToken accessToken(AccessTokenRequest request, Retrier retrier) {
    RequestTarget target = named.apply(request.target());
    return call(
        retrier,
        "generateAccessToken",
        IamRoles.TOKEN_CREATOR,
        target,
        IamCredentialsClient::generateAccessTokenCallable,
        com.google.cloud.iam.credentials.v1.GenerateAccessTokenRequest.newBuilder()
            .setName(target.name())
            .addAllDelegates(target.delegates())
            .addAllScope(request.scopes())
            .setLifetime(
                com.google.protobuf.Duration.newBuilder()
                    .setSeconds(request.lifetime().toSeconds()))
            .build(),
        response ->
            new AccessToken(
                ResponseFields.token(response.getAccessToken()),
                time(response.hasExpireTime(), response.getExpireTime())));
  }

  @Override
  public IdToken idToken(IdTokenRequest request, Retrier retrier) {
    InternalExceptions.require(
        !request.organizationNumberIncluded(),
        "option",
        "organizationNumberIncluded",
        "Google publishes it for HTTP/JSON only",
        "build the credentials without grpc()");
    RequestTarget target = named.apply(request.target());
    return call(
        retrier,
        "generateIdToken",
        IamRoles.OPEN_ID_TOKEN_CREATOR,
        target,
        IamCredentialsClient::generateIdTokenCallable,
        com.google.cloud.iam.credentials.v1.GenerateIdTokenRequest.newBuilder()
            .setName(target.name())
            .addAllDelegates(target.delegates())
            .setAudience(request.audience())
            .setIncludeEmail(request.includeEmail())
            .build(),
        response -> SourceIssuer.idTokenOf(response.getToken()));
  }

  @Override
  public SignedJwt signJwt(SignJwtRequest request, Retrier retrier) {
    RequestTarget target = named.apply(request.target());
    Instant now = clock.instant();
    JwtPayload payload = InternalClaims.payload(request.claims(), now);
    try {
      return signJwt(target, payload, retrier);
    } catch (CredentialException.InvalidRequest e) {
      Instant limit = now.plus(JwtClaims.LONGEST_LIFETIME);
      throw payload.expiry().isAfter(limit.minus(NEAR_THE_LIMIT))
          ? InternalExceptions.withSuffix(e, AT_THE_LIMIT)
          : e;
    }
  }

  private SignedJwt signJwt(RequestTarget target, JwtPayload payload, Retrier retrier) {
    return call(
        retrier,
        "signJwt",
        IamRoles.TOKEN_CREATOR,
        target,
        IamCredentialsClient::signJwtCallable,
        com.google.cloud.iam.credentials.v1.SignJwtRequest.newBuilder()
            .setName(target.name())
            .addAllDelegates(target.delegates())
            .setPayload(payload.json())
            .build(),
        response ->
            new SignedJwt(
                ResponseFields.token(response.getSignedJwt()),
                ResponseFields.keyId(response.getKeyId()),
                payload.expiry()));
  }

  @Override
  public SignedBlob signBlob(SignBlobRequest request, Retrier retrier) {
    RequestTarget target = named.apply(request.target());
    return call(
        retrier,
        "signBlob",
        IamRoles.TOKEN_CREATOR,
        target,
        IamCredentialsClient::signBlobCallable,
        com.google.cloud.iam.credentials.v1.SignBlobRequest.newBuilder()
            .setName(target.name())
            .addAllDelegates(target.delegates())
            .setPayload(ByteString.copyFrom(request.payload()))
            .build(),
        response ->
            new SignedBlob(
                nonEmpty(response.getSignedBlob()), ResponseFields.keyId(response.getKeyId())));
  }

  /** Returns the field. Throws if it is empty, because a proxy can respond for the service. */
  private static byte[] nonEmpty(ByteString field) throws MalformedResponseException {
    if (field.isEmpty()) {
      throw MalformedResponseException.incomplete();
    }
    return field.toByteArray();
  }

  /** Reads a response. Throws if a field is missing. */
  private interface ResponseReader<R, C> {
    C read(R response) throws MalformedResponseException;
  }

  private <Q, R, C> C call(
      Retrier retrier,
      String method,
      String role,
      RequestTarget target,
      Function<IamCredentialsClient, UnaryCallable<Q, R>> callable,
      Q request,
      ResponseReader<R, C> reader) {
    try {
      return retrier.call(
          deadline -> {
            GoogleApiClient<IamCredentialsClient> iam = client.get();
            R response = iam.call(method, callable, request, source, deadline);
            try {
              return reader.read(response);
            } catch (MalformedResponseException e) {
              throw iam.failed(method, e);
            }
          });
    } catch (Exception e) {
      throw target.failure(e, method, role, source);
    }
  }

  private static Instant time(boolean present, Timestamp timestamp)
      throws MalformedResponseException {
    if (!present) {
      throw MalformedResponseException.incomplete();
    }
    return ResponseFields.time(timestamp.getSeconds(), timestamp.getNanos());
  }
}
