package io.github.shortlived.testing.internal.iam;

import com.google.cloud.iam.credentials.v1.GenerateAccessTokenRequest;
import com.google.cloud.iam.credentials.v1.GenerateAccessTokenResponse;
import com.google.cloud.iam.credentials.v1.GenerateIdTokenRequest;
import com.google.cloud.iam.credentials.v1.GenerateIdTokenResponse;
import com.google.cloud.iam.credentials.v1.IAMCredentialsProto;
import com.google.cloud.iam.credentials.v1.SignBlobRequest;
import com.google.cloud.iam.credentials.v1.SignBlobResponse;
import com.google.cloud.iam.credentials.v1.SignJwtRequest;
import com.google.cloud.iam.credentials.v1.SignJwtResponse;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.AccountName;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.OAuthScopes;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.key.Jwts;
import io.github.shortlived.testing.internal.key.SigningKey;
import io.github.shortlived.testing.internal.rpc.RestField;
import io.github.shortlived.testing.internal.rpc.RpcService;
import io.github.shortlived.testing.internal.token.IssuedToken;
import io.github.shortlived.testing.internal.token.TokenIssuer;
import io.github.shortlived.testing.internal.world.World;
import java.time.Duration;
import java.util.Set;

/** The Service Account Credentials API, v1. */
public final class IamCredentialsService {
  private IamCredentialsService() {}

  public static RpcService service() {
    return new RpcService(
            IAMCredentialsProto.getDescriptor().findServiceByName("IAMCredentials"),
            OAuthScopes.FOR_IAM)
        .on(
            GenerateAccessTokenRequest.getDefaultInstance(),
            IamCredentialsService::generateAccessToken)
        .on(GenerateIdTokenRequest.getDefaultInstance(), IamCredentialsService::generateIdToken)
        .on(SignJwtRequest.getDefaultInstance(), IamCredentialsService::signJwt)
        .on(SignBlobRequest.getDefaultInstance(), IamCredentialsService::signBlob);
  }

  private static GenerateAccessTokenResponse generateAccessToken(
      World world, Caller caller, GenerateAccessTokenRequest request) {
    CredentialRequestChecks.requireScopes(world.scopes(), request.getScopeList());
    Duration lifetime =
        CredentialRequestChecks.lifetime(
            request.hasLifetime() ? request.getLifetime() : null,
            allowsLifetimeExtension(world, request.getName()));
    Account target =
        DelegationAuthorizer.authorize(
            world,
            caller,
            request.getDelegatesList(),
            request.getName(),
            "iam.serviceAccounts.getAccessToken");
    Caller tokenCaller = new Caller(target.principal(), Set.copyOf(request.getScopeList()));
    IssuedToken token = world.tokens().accessToken(tokenCaller, lifetime);
    return GenerateAccessTokenResponse.newBuilder()
        .setAccessToken(token.value())
        .setExpireTime(Timestamps.fromSeconds(token.expiry().getEpochSecond()))
        .build();
  }

  private static boolean allowsLifetimeExtension(World world, String name) {
    return AccountName.parse(name)
        .flatMap(parts -> world.accounts().find(parts.account()))
        .filter(account -> world.controls().lifetimeExtensions().contains(account.email()))
        .isPresent();
  }

  private static GenerateIdTokenResponse generateIdToken(
      World world, Caller caller, GenerateIdTokenRequest request) {
    CredentialRequestChecks.requireAudience(request.getAudience());
    Account target =
        DelegationAuthorizer.authorize(
            world,
            caller,
            request.getDelegatesList(),
            request.getName(),
            "iam.serviceAccounts.getOpenIdToken");
    String token = world.tokens().signIdToken(idTokenClaims(target, request));
    return GenerateIdTokenResponse.newBuilder().setToken(token).build();
  }

  private static JsonObject idTokenClaims(Account target, GenerateIdTokenRequest request) {
    JsonObject claims =
        TokenIssuer.idTokenClaims(target, request.getAudience(), request.getIncludeEmail());
    if (RestField.USE_EMAIL_AZP.isSetIn(request)) {
      claims.addProperty("azp", target.email());
    }
    if (RestField.ORGANIZATION_NUMBER_INCLUDED.isSetIn(request)) {
      claims.add("google", withoutOrganization());
    }
    return claims;
  }

  /** The projects of a world belong to no organization, for which Google's number is null. */
  private static JsonObject withoutOrganization() {
    JsonObject google = new JsonObject();
    google.add("organization_number", JsonNull.INSTANCE);
    return google;
  }

  private static SignJwtResponse signJwt(World world, Caller caller, SignJwtRequest request) {
    CredentialRequestChecks.requireClaims(request.getPayload(), world.clock().instant());
    Account target =
        DelegationAuthorizer.authorize(
            world,
            caller,
            request.getDelegatesList(),
            request.getName(),
            "iam.serviceAccounts.signJwt");
    SigningKey key = target.keys().systemManaged().key();
    return SignJwtResponse.newBuilder()
        .setKeyId(key.id())
        .setSignedJwt(Jwts.sign(key, request.getPayload()))
        .build();
  }

  private static SignBlobResponse signBlob(World world, Caller caller, SignBlobRequest request) {
    if (RestField.BYTES_TO_SIGN.isIn(request)) {
      throw GoogleErrors.notEmulated("The method signBlob of the IAM API");
    }
    Account target =
        DelegationAuthorizer.authorize(
            world,
            caller,
            request.getDelegatesList(),
            request.getName(),
            "iam.serviceAccounts.signBlob");
    SigningKey key = target.keys().systemManaged().key();
    return SignBlobResponse.newBuilder()
        .setKeyId(key.id())
        .setSignedBlob(ByteString.copyFrom(key.sign(request.getPayload().toByteArray())))
        .build();
  }
}
