package io.github.shortlived.testing;

import com.google.cloud.iam.credentials.v1.GenerateAccessTokenRequest;
import com.google.cloud.iam.credentials.v1.GenerateAccessTokenResponse;
import com.google.cloud.iam.credentials.v1.GenerateIdTokenRequest;
import com.google.cloud.iam.credentials.v1.GenerateIdTokenResponse;
import com.google.cloud.iam.credentials.v1.IAMCredentialsProto;
import com.google.cloud.iam.credentials.v1.SignBlobRequest;
import com.google.cloud.iam.credentials.v1.SignBlobResponse;
import com.google.cloud.iam.credentials.v1.SignJwtRequest;
import com.google.cloud.iam.credentials.v1.SignJwtResponse;
import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import java.time.Duration;
import java.util.Set;

/** The Service Account Credentials API, v1. */
final class IamCredentialsService {
  private final World world;
  private final DelegationChains chains;

  private IamCredentialsService(World world) {
    this.world = world;
    this.chains = new DelegationChains(world.accounts(), world.access());
  }

  static RpcService of(World world) {
    IamCredentialsService service = new IamCredentialsService(world);
    return new RpcService(
            IAMCredentialsProto.getDescriptor().findServiceByName("IAMCredentials"), Scopes.FOR_IAM)
        .on(
            "GenerateAccessToken",
            GenerateAccessTokenRequest.getDefaultInstance(),
            service::generateAccessToken)
        .on(
            "GenerateIdToken",
            GenerateIdTokenRequest.getDefaultInstance(),
            service::generateIdToken)
        .on("SignJwt", SignJwtRequest.getDefaultInstance(), service::signJwt)
        .on("SignBlob", SignBlobRequest.getDefaultInstance(), service::signBlob);
  }

  private GenerateAccessTokenResponse generateAccessToken(
      Caller caller, GenerateAccessTokenRequest request) {
    CredentialRules.requireScopes(request.getScopeList());
    Duration lifetime =
        CredentialRules.lifetime(
            request.hasLifetime() ? request.getLifetime() : null, mayLiveLong(request.getName()));
    Account target =
        chains.authorize(
            caller,
            request.getDelegatesList(),
            request.getName(),
            "iam.serviceAccounts.getAccessToken");
    Caller holder = new Caller(target.principal(), Set.copyOf(request.getScopeList()));
    IssuedToken token = world.mint().accessToken(holder, lifetime);
    return GenerateAccessTokenResponse.newBuilder()
        .setAccessToken(token.value())
        .setExpireTime(Timestamps.fromSeconds(token.expiry().getEpochSecond()))
        .build();
  }

  private boolean mayLiveLong(String name) {
    return world
        .accounts()
        .find(name.substring(name.lastIndexOf('/') + 1))
        .filter(account -> world.knobs().longLifetimes().contains(account.email()))
        .isPresent();
  }

  private GenerateIdTokenResponse generateIdToken(Caller caller, GenerateIdTokenRequest request) {
    CredentialRules.requireAudience(request.getAudience());
    Account target =
        chains.authorize(
            caller,
            request.getDelegatesList(),
            request.getName(),
            "iam.serviceAccounts.getOpenIdToken");
    String token = world.mint().idToken(target, request.getAudience(), request.getIncludeEmail());
    return GenerateIdTokenResponse.newBuilder().setToken(token).build();
  }

  private SignJwtResponse signJwt(Caller caller, SignJwtRequest request) {
    CredentialRules.requireClaims(request.getPayload(), world.clock().instant());
    Account target =
        chains.authorize(
            caller, request.getDelegatesList(), request.getName(), "iam.serviceAccounts.signJwt");
    SigningKey key = target.keys().systemManaged().key();
    return SignJwtResponse.newBuilder()
        .setKeyId(key.id())
        .setSignedJwt(Jwts.sign(key, request.getPayload()))
        .build();
  }

  private SignBlobResponse signBlob(Caller caller, SignBlobRequest request) {
    Account target =
        chains.authorize(
            caller, request.getDelegatesList(), request.getName(), "iam.serviceAccounts.signBlob");
    SigningKey key = target.keys().systemManaged().key();
    return SignBlobResponse.newBuilder()
        .setKeyId(key.id())
        .setSignedBlob(ByteString.copyFrom(key.sign(request.getPayload().toByteArray())))
        .build();
  }
}
