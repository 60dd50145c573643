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
    Matcher matcher = BEARER.matcher(authorization.strip());
    return Optional.of(matcher)
        .filter(Matcher::matches)
        .flatMap(bearer -> callerOf(bearer.group(1)))
        .orElseThrow(Refusals::credentialsInvalid);
  }

  private Optional<Caller> callerOf(String token) {
    return mint.holder(token).or(() -> selfSigned(token));
  }

  private Optional<Caller> selfSigned(String token) {
    try {
      Assertion assertion = assertions.verify(token);
      Set<String> scopes = scopesOf(assertion);
      return scopes.isEmpty() || assertion.impersonatesAnother()
          ? Optional.empty()
          : Optional.of(new Caller(assertion.account().principal(), scopes));
    } catch (AssertionException invalid) {
      return Optional.empty();
    }
  }

  /**
   * Made out to one of the services, the token is good for all that service does; otherwise for the
   * scopes it names.
   */
  private static Set<String> scopesOf(Assertion assertion) {
    boolean forService = assertion.audience().stream().anyMatch(BearerTokens::isService);
    return forService ? Set.of(Scopes.CLOUD_PLATFORM) : Set.copyOf(assertion.scopes());
  }

  /** Google's clients drop the port of a local endpoint from the audience. */
  private static boolean isService(String audience) {
    try {
      String host = Optional.ofNullable(URI.create(audience).getHost()).orElse("");
      return host.endsWith(".googleapis.com") || List.of("127.0.0.1", "localhost").contains(host);
    } catch (IllegalArgumentException notUri) {
      return false;
    }
  }
}
