package io.github.shortlived.internal.issue;

import com.google.api.gax.rpc.UnaryCallable;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.common.collect.Lists;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.GoogleApiClient;
import io.github.shortlived.internal.client.RequiredGrants;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.MalformedResponseException;
import io.github.shortlived.internal.text.JwtPayload;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.InternalClaims;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;
import io.github.shortlived.model.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Issues credentials of other service accounts, direct or delegated, through the IAM Credentials
 * API.
 */
public final class IamCredentialsIssuer implements Issuer {
  private final Supplier<GoogleApiClient<IamCredentialsClient>> client;
  private final SourceCredentials source;
  private final Retrier retrier;
  private final InstantSource clock;

  public IamCredentialsIssuer(
      Supplier<GoogleApiClient<IamCredentialsClient>> client,
      SourceCredentials source,
      Retrier retrier,
      InstantSource clock) {
    this.client = client;
    this.source = source;
    this.retrier = retrier;
    this.clock = clock;
  }

  @Override
  public IamCredentialsIssuer observedBy(Retrier.Observer observer) {
    return new IamCredentialsIssuer(client, source, retrier.observedBy(observer), clock);
  }

  @Override
  public IamCredentialsIssuer within(Deadline deadline) {
    return new IamCredentialsIssuer(client, source, retrier.within(deadline), clock);
  }

  @Override
  public AccessToken accessToken(AccessTokenRequest request) {
    Route route = Route.to(request.target());
    return call(
        "generateAccessToken",
        route,
        IamCredentialsClient::generateAccessTokenCallable,
        com.google.cloud.iam.credentials.v1.GenerateAccessTokenRequest.newBuilder()
            .setName(route.name())
            .addAllDelegates(route.delegates())
            .addAllScope(request.scopes())
            .setLifetime(Duration.newBuilder().setSeconds(request.lifetime().toSeconds()))
            .build(),
        answer -> new AccessToken(given(answer.getAccessToken()), instant(answer.getExpireTime())));
  }

  @Override
  public IdToken idToken(IdTokenRequest request) {
    Route route = Route.to(request.target());
    return call(
        "generateIdToken",
        route,
        IamCredentialsClient::generateIdTokenCallable,
        com.google.cloud.iam.credentials.v1.GenerateIdTokenRequest.newBuilder()
            .setName(route.name())
            .addAllDelegates(route.delegates())
            .setAudience(request.audience())
            .setIncludeEmail(request.includeEmail())
            .build(),
        answer -> SourceIssuer.idTokenOf(answer.getToken()));
  }

  @Override
  public SignedJwt signJwt(SignJwtRequest request) {
    Route route = Route.to(request.target());
    JwtPayload payload = InternalClaims.payload(request.claims(), clock.instant());
    return call(
        "signJwt",
        route,
        IamCredentialsClient::signJwtCallable,
        com.google.cloud.iam.credentials.v1.SignJwtRequest.newBuilder()
            .setName(route.name())
            .addAllDelegates(route.delegates())
            .setPayload(payload.json())
            .build(),
        answer ->
            new SignedJwt(
                given(answer.getSignedJwt()), given(answer.getKeyId()), payload.expiry()));
  }

  @Override
  public SignedBlob signBlob(SignBlobRequest request) {
    Route route = Route.to(request.target());
    return call(
        "signBlob",
        route,
        IamCredentialsClient::signBlobCallable,
        com.google.cloud.iam.credentials.v1.SignBlobRequest.newBuilder()
            .setName(route.name())
            .addAllDelegates(route.delegates())
            .setPayload(ByteString.copyFrom(request.payload()))
            .build(),
        answer -> new SignedBlob(given(answer.getSignedBlob()), given(answer.getKeyId())));
  }

  /** What a service must not leave empty; an intermediary that answers for it may. */
  private static String given(String field) throws MalformedResponseException {
    require(!field.isEmpty());
    return field;
  }

  private static byte[] given(ByteString field) throws MalformedResponseException {
    require(!field.isEmpty());
    return field.toByteArray();
  }

  private static void require(boolean given) throws MalformedResponseException {
    if (!given) {
      throw MalformedResponseException.incomplete();
    }
  }

  /** What is made of an answer that has all that was asked. */
  private interface Reading<A, C> {
    C read(A answer) throws MalformedResponseException;
  }

  private <Q, A, C> C call(
      String method,
      Route route,
      Function<IamCredentialsClient, UnaryCallable<Q, A>> callable,
      Q request,
      Reading<A, C> reading) {
    try {
      return retrier.call(
          deadline -> {
            GoogleApiClient<IamCredentialsClient> iam = client.get();
            A answer = iam.call(method, callable, request, source, deadline);
            try {
              return reading.read(answer);
            } catch (MalformedResponseException e) {
              throw iam.failed(method, e);
            }
          });
    } catch (Exception e) {
      throw ClientContext.translate(
          e, method + " for " + route, () -> RequiredGrants.along(Target.of(route.hops()), source));
    }
  }

  private static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }

  /** The accounts a request passes, the target last, by the names the API wants. */
  private record Route(List<ServiceAccount> hops) {
    static Route to(Target target) {
      return new Route(target.hops());
    }

    String name() {
      return hops.get(hops.size() - 1).resourceName();
    }

    List<String> delegates() {
      return Lists.transform(hops.subList(0, hops.size() - 1), ServiceAccount::resourceName);
    }

    @Override
    public String toString() {
      String target = hops.get(hops.size() - 1).id();
      List<String> via = hops.subList(0, hops.size() - 1).stream().map(ServiceAccount::id).toList();
      return via.isEmpty() ? target : target + " via " + String.join(", ", via);
    }
  }
}
