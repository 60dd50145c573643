package io.github.shortlived.diagnosis;

import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.TokenRequest;
import io.github.shortlived.policy.TokenPermission;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What requests want, and the least that can be asked for in their place. */
final class RequestText {
  // Nobody needs a probe's token for longer than the probe, and nobody accepts it.
  private static final Duration LIFETIME = Duration.ofMinutes(5);
  private static final String AUDIENCE = "https://probe.invalid";

  private RequestText() {}

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
  static CredentialRequest<?> minimal(TokenPermission permission, Target target) {
    return switch (permission) {
      case ACCESS_TOKEN, IMPLICIT_DELEGATION -> leastToken(target);
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
  static String path(CredentialRequest<?> request) {
    String end = noun(request);
    return request.target() instanceof Target.Self
        ? ", " + end + " of its own"
        : " -> " + request.target() + ", " + end;
  }

  /** What the request asks for, for a person. */
  static String demand(CredentialRequest<?> request) {
    String some = withArticle(request);
    if (isLong(request)) {
      return some + " that lives " + ((AccessTokenRequest) request).lifetime();
    } else if (request instanceof AccessTokenRequest token) {
      return some + " for " + String.join(" ", token.scopes());
    }
    return request instanceof IdTokenRequest token ? some + " for " + token.audience() : some;
  }

  /** One such credential, for a person. */
  static String withArticle(CredentialRequest<?> request) {
    return withArticle(noun(request));
  }

  static String withArticle(TokenPermission permission) {
    return withArticle(noun(permission));
  }

  private static String withArticle(String noun) {
    return (noun.matches("[su].*") ? "a " : "an ") + noun;
  }

  private static String noun(CredentialRequest<?> request) {
    return isOfAUser(request) ? "user's access token" : noun(permission(request));
  }

  private static String noun(TokenPermission permission) {
    return switch (permission) {
      case ACCESS_TOKEN, IMPLICIT_DELEGATION -> "access token";
      case ID_TOKEN -> "ID token";
      case SIGN_JWT -> "signed JWT";
      case SIGN_BLOB -> "signature";
    };
  }

  /** What is looked at first in a request that is refused for what it says. */
  static String likelyCauses(CredentialRequest<?> request) {
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
