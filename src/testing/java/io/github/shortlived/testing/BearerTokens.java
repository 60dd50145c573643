package io.github.shortlived.testing;

import com.google.protobuf.Descriptors.MethodDescriptor;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the Authorization header who calls: the holder of an access token, or a service
 * account that signed its own.
 */
final class BearerTokens {
  private static final Pattern BEARER = Pattern.compile("Bearer +(\\S+)", Pattern.CASE_INSENSITIVE);

  private final TokenMint mint;
  private final Assertions assertions;

  BearerTokens(TokenMint mint, Assertions assertions) {
    this.mint = mint;
    this.assertions = assertions;
  }

  Caller authenticate(@Nullable String authorization, MethodDescriptor method) {
    if (authorization == null || authorization.isBlank()) {
      throw Refusals.credentialsMissing(method);
    }
    return find(authorization, method).orElseThrow(Refusals::credentialsInvalid);
  }

  /** Who calls, if that is proven. */
  Optional<Caller> find(@Nullable String authorization, MethodDescriptor method) {
    Matcher matcher = BEARER.matcher(authorization == null ? "" : authorization.strip());
    return matcher.matches() ? callerOf(matcher.group(1), method) : Optional.empty();
  }

  private Optional<Caller> callerOf(String token, MethodDescriptor method) {
    return mint.holder(token).or(() -> selfSigned(token, method));
  }

  private Optional<Caller> selfSigned(String token, MethodDescriptor method) {
    try {
      Assertion assertion = assertions.verify(token);
      Set<String> scopes = scopesOf(assertion, RpcService.host(method.getService()));
      return scopes.isEmpty() || assertion.user().isPresent()
          ? Optional.empty()
          : Optional.of(new Caller(assertion.account().principal(), scopes));
    } catch (AssertionException invalid) {
      return Optional.empty();
    }
  }

  /**
   * Made out to the service, the token is good for all that the service does; otherwise for the
   * scopes it names.
   */
  private static Set<String> scopesOf(Assertion assertion, String service) {
    boolean forService =
        assertion.audience().stream().anyMatch(audience -> isService(audience, service));
    return forService ? Set.of(Scopes.CLOUD_PLATFORM) : Set.copyOf(assertion.scopes());
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
