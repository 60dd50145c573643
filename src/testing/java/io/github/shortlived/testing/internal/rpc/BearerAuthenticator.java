package io.github.shortlived.testing.internal.rpc;

import com.google.protobuf.Descriptors.MethodDescriptor;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.OAuthScopes;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.error.RpcNames;
import io.github.shortlived.testing.internal.token.BearerToken;
import io.github.shortlived.testing.internal.token.JwtAssertion;
import io.github.shortlived.testing.internal.world.World;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates callers by their Authorization header, which carries an access token or a JWT that
 * a service account signed itself.
 */
final class BearerAuthenticator {
  private BearerAuthenticator() {}

  static Caller authenticate(World world, @Nullable String authorization, MethodDescriptor method) {
    if (authorization == null || authorization.isBlank()) {
      throw GoogleErrors.credentialsMissing(method);
    }
    return find(world, authorization, method).orElseThrow(GoogleErrors::credentialsInvalid);
  }

  /** Returns the caller; empty if the header is missing or invalid. */
  static Optional<Caller> find(
      World world, @Nullable String authorization, MethodDescriptor method) {
    return BearerToken.of(authorization).flatMap(token -> callerOf(world, token, method));
  }

  private static Optional<Caller> callerOf(World world, String token, MethodDescriptor method) {
    return world.tokens().callerOf(token).or(() -> selfSigned(world, token, method));
  }

  private static Optional<Caller> selfSigned(World world, String token, MethodDescriptor method) {
    try {
      JwtAssertion assertion = world.assertionVerifier().verify(token);
      Set<String> scopes = scopesOf(assertion, RpcNames.host(method));
      return scopes.isEmpty() || assertion.user().isPresent()
          ? Optional.empty()
          : Optional.of(new Caller(assertion.account().principal(), scopes));
    } catch (OAuthException invalid) {
      return Optional.empty();
    }
  }

  /** Returns all scopes for a JWT whose audience is the service, and else the scopes in the JWT. */
  private static Set<String> scopesOf(JwtAssertion assertion, String service) {
    boolean forService =
        assertion.audience().stream().anyMatch(audience -> isService(audience, service));
    return forService ? Set.of(OAuthScopes.CLOUD_PLATFORM) : Set.copyOf(assertion.scopes());
  }

  /**
   * Regional and private endpoints begin with the service's own name. Google's clients drop the
   * port of a local endpoint from the audience.
   */
  private static boolean isService(String audience, String service) {
    String host = host(audience);
    boolean isGoogles =
        host.endsWith(".googleapis.com")
            && host.startsWith(service.substring(0, service.indexOf('.') + 1));
    return isGoogles || List.of("127.0.0.1", "localhost").contains(host);
  }

  private static String host(String audience) {
    try {
      return Optional.ofNullable(URI.create(audience).getHost()).orElse("");
    } catch (IllegalArgumentException notUri) {
      return "";
    }
  }
}
