package io.github.shortlived.diagnosis;

import io.github.shortlived.AccessTokenRequest;
import io.github.shortlived.CredentialRequest;
import io.github.shortlived.IdTokenRequest;
import io.github.shortlived.JwtClaims;
import io.github.shortlived.Scopes;
import io.github.shortlived.SignBlobRequest;
import io.github.shortlived.SignJwtRequest;
import io.github.shortlived.Target;
import io.github.shortlived.TokenRequest;
import io.github.shortlived.grant.TokenPermission;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What requests want, and the least that can be asked for in their place. */
final class Wanted {
  // Nobody needs a probe's token for longer than the probe, and nobody accepts it.
  private static final Duration LIFETIME = Duration.ofMinutes(5);
  private static final String AUDIENCE = "https://probe.invalid";

  private Wanted() {}

  /** What the request takes on its target. */
  static TokenPermission permission(CredentialRequest<?> request) {
    if (request instanceof AccessTokenRequest) {
      return TokenPermission.ACCESS_TOKEN;
    } else if (request instanceof IdTokenRequest) {
      return TokenPermission.ID_TOKEN;
    } else if (request instanceof SignJwtRequest || isOfAUser(request)) {
      return TokenPermission.SIGN_JWT;
    } else if (request instanceof SignBlobRequest) {
      return TokenPermission.SIGN_BLOB;
    }
    throw new IllegalArgumentException("A request of no known kind: " + request.getClass());
  }

  /** Whether it is for the token of a user, for whom the account signs a JWT. */
  static boolean isOfAUser(CredentialRequest<?> request) {
    return request instanceof TokenRequest<?>
        && !(request instanceof AccessTokenRequest)
        && !(request instanceof IdTokenRequest);
  }

  /** A request that takes this permission and demands nothing else that could be refused. */
  static CredentialRequest<?> least(TokenPermission permission, Target target) {
    return switch (permission) {
      case ACCESS_TOKEN, DELEGATE -> leastToken(target);
      case ID_TOKEN -> IdTokenRequest.of(target, AUDIENCE);
      case SIGN_JWT -> SignJwtRequest.of(target, JwtClaims.expiringIn(LIFETIME).audience(AUDIENCE));
      case SIGN_BLOB -> SignBlobRequest.of(target, AUDIENCE.getBytes(StandardCharsets.US_ASCII));
    };
  }

  private static AccessTokenRequest leastToken(Target target) {
    AccessTokenRequest request = AccessTokenRequest.of(target, Scopes.CLOUD_PLATFORM);
    return target instanceof Target.Self ? request : request.lifetime(LIFETIME);
  }

  /** The way and the credential at its end, for a person, who begins at the caller. */
  static String way(CredentialRequest<?> request) {
    String end = noun(request);
    return request.target() instanceof Target.Self
        ? ", " + end + " of its own"
        : " -> " + request.target() + ", " + end;
  }

  /** What the request asks for, for a person. */
  static String demand(CredentialRequest<?> request) {
    String some = some(request);
    if (isLong(request)) {
      return some + " that lives " + ((AccessTokenRequest) request).lifetime();
    } else if (request instanceof AccessTokenRequest token) {
      return some + " for " + String.join(" ", token.scopes());
    }
    return request instanceof IdTokenRequest token ? some + " for " + token.audience() : some;
  }

  /** One such credential, for a person. */
  static String some(CredentialRequest<?> request) {
    return some(noun(request));
  }

  static String some(TokenPermission permission) {
    return some(noun(permission));
  }

  private static String some(String noun) {
    return (noun.matches("[su].*") ? "a " : "an ") + noun;
  }

  private static String noun(CredentialRequest<?> request) {
    return isOfAUser(request) ? "user's access token" : noun(permission(request));
  }

  private static String noun(TokenPermission permission) {
    return switch (permission) {
      case ACCESS_TOKEN, DELEGATE -> "access token";
      case ID_TOKEN -> "ID token";
      case SIGN_JWT -> "signed JWT";
      case SIGN_BLOB -> "signature";
    };
  }

  /** What is looked at first in a request that is refused for what it says. */
  static String suspects(CredentialRequest<?> request) {
    return request instanceof SignJwtRequest
        ? "exp and other times first, and this machine's clock"
        : "scopes and audience first";
  }

  /** Whether it takes an organization policy. */
  static boolean isLong(CredentialRequest<?> request) {
    return request instanceof AccessTokenRequest token
        && token.lifetime().compareTo(AccessTokenRequest.DEFAULT_LIFETIME) > 0;
  }
}
