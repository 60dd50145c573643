package io.github.shortlived.internal.policy;

import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.TokenPermission;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Requests that only test whether a permission is granted; their credentials are dropped. */
public final class ProbeRequests {
  private static final Duration LIFETIME = Duration.ofMinutes(5);

  // No service accepts a token for this audience.
  private static final String AUDIENCE = "https://probe.invalid";

  private ProbeRequests() {}

  /** Returns a request that needs this permission and nothing else that could be refused. */
  public static CredentialRequest<?> minimal(TokenPermission permission, Target target) {
    return switch (permission) {
      case ACCESS_TOKEN, IMPLICIT_DELEGATION -> accessToken(target);
      case ID_TOKEN -> IdTokenRequest.of(target, AUDIENCE);
      case SIGN_JWT -> SignJwtRequest.of(target, JwtClaims.expiringIn(LIFETIME).audience(AUDIENCE));
      case SIGN_BLOB -> SignBlobRequest.of(target, AUDIENCE.getBytes(StandardCharsets.US_ASCII));
    };
  }

  private static AccessTokenRequest accessToken(Target target) {
    AccessTokenRequest request = AccessTokenRequest.of(target, Scopes.CLOUD_PLATFORM);
    return target instanceof Target.Self ? request : request.lifetime(LIFETIME);
  }
}
