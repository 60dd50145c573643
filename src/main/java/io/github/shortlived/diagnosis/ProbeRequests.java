package io.github.shortlived.diagnosis;

import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.UserTokenRequest;
import io.github.shortlived.policy.TokenPermission;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Requests whose only purpose is to test a permission. Their credentials are discarded. */
final class ProbeRequests {
  private static final Duration LIFETIME = Duration.ofMinutes(5);
  private static final String AUDIENCE = "https://probe.invalid"; // accepted by no service

  private ProbeRequests() {}

  /** Returns the permission on the target that the request needs. */
  static TokenPermission permission(CredentialRequest<?> request) {
    if (request instanceof AccessTokenRequest) {
      return TokenPermission.ACCESS_TOKEN;
    } else if (request instanceof IdTokenRequest) {
      return TokenPermission.ID_TOKEN;
    } else if (request instanceof SignJwtRequest || request instanceof UserTokenRequest) {
      return TokenPermission.SIGN_JWT;
    } else if (request instanceof SignBlobRequest) {
      return TokenPermission.SIGN_BLOB;
    }
    throw new IllegalArgumentException("Unknown type of request: " + request.getClass());
  }

  /** Returns a request that needs this permission and whose content no service rejects. */
  static CredentialRequest<?> minimal(TokenPermission permission, Target target) {
    return switch (permission) {
      case ACCESS_TOKEN, IMPLICIT_DELEGATION -> minimalAccessToken(target);
      case ID_TOKEN -> IdTokenRequest.of(target, AUDIENCE);
      case SIGN_JWT -> SignJwtRequest.of(target, JwtClaims.expiringIn(LIFETIME).audience(AUDIENCE));
      case SIGN_BLOB -> SignBlobRequest.of(target, AUDIENCE.getBytes(StandardCharsets.US_ASCII));
    };
  }

  private static AccessTokenRequest minimalAccessToken(Target target) {
    AccessTokenRequest request = AccessTokenRequest.of(target, Scopes.CLOUD_PLATFORM);
    return target instanceof Target.Self ? request : request.lifetime(LIFETIME);
  }
}
