package io.github.shortlived.testing.internal.oauth;

import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.token.IssuedToken;
import io.github.shortlived.testing.internal.world.World;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds valid access tokens, and describes them as Google's endpoints do. */
final class AccessTokens {
  private static final String USER_INFO = "https://www.googleapis.com/auth/userinfo.";
  private static final Set<String> EMAIL = Set.of("email", USER_INFO + "email");
  private static final Set<String> IDENTITY =
      Set.of("openid", "profile", USER_INFO + "profile", "email", USER_INFO + "email");

  private AccessTokens() {}

  /** Returns a token that is known and has not expired, of a principal that may call. */
  static Optional<IssuedToken> find(World world, String value) {
    return world
        .tokens()
        .find(value)
        .filter(token -> world.accounts().mayCall(token.caller().principal()));
  }

  /** Returns a valid token of a principal with an email: a user or a service account. */
  static Optional<IssuedToken> findOfGoogleAccount(World world, String value) {
    return find(world, value).filter(token -> !token.caller().principal().isFederated());
  }

  /** Returns whether the scopes of a token include the principal's unique id. */
  static boolean revealsId(Caller caller) {
    return !Collections.disjoint(caller.scopes(), IDENTITY);
  }

  static boolean revealsEmail(Caller caller) {
    return !Collections.disjoint(caller.scopes(), EMAIL);
  }

  /** Returns the OAuth client of a token: a service account is a client itself. */
  static String clientId(World world, Caller caller) {
    return account(caller).orElseGet(() -> world.identityProviders().refreshTokens().clientId());
  }

  /** Returns whether a user agreed to the access: a delegated token is as one of its account. */
  static boolean hasConsent(Caller caller) {
    return account(caller).isEmpty();
  }

  /** Returns the unique id of the service account that requested a token. */
  private static Optional<String> account(Caller caller) {
    return caller.principal().isServiceAccount()
        ? Optional.of(caller.principal().uniqueId())
        : caller.delegatedTo();
  }

  static String scope(Caller caller) {
    return String.join(" ", new TreeSet<>(caller.scopes()));
  }

  static Duration remaining(World world, IssuedToken token) {
    return Duration.between(world.clock().instant(), token.expiry());
  }
}
