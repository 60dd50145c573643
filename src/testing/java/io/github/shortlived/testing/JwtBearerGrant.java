package io.github.shortlived.testing;

import com.google.common.collect.Sets;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.Set;

/**
 * A JWT that a service account signed becomes an access token or an ID token of the account or,
 * where its domain delegates that, an access token of a user.
 */
final class JwtBearerGrant {
  static final String TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final Set<String> GOOGLES =
      Set.of(
          "https://oauth2.googleapis.com/token",
          "https://www.googleapis.com/oauth2/v4/token",
          "https://accounts.google.com/o/oauth2/token");
  private static final Duration LIFETIME = Duration.ofHours(1);

  private final World world;
  private final Set<String> audiences;

  /** Assertions may be made out to {@code here}, where the endpoint is, or to where Google's is. */
  JwtBearerGrant(World world, Set<String> here) {
    this.world = world;
    this.audiences = Set.copyOf(Sets.union(GOOGLES, here));
  }

  HttpReply answer(OAuthForm form) {
    try {
      return grant(verified(form.required("assertion")));
    } catch (AssertionException invalid) {
      throw OAuthRefusal.invalidGrant(invalid.description());
    }
  }

  private Assertion verified(String token) throws AssertionException {
    Assertion assertion = world.assertions().verify(token);
    if (assertion.audience().stream().noneMatch(audiences::contains)) {
      throw new AssertionException(AssertionException.BAD_AUDIENCE);
    }
    return assertion;
  }

  private HttpReply grant(Assertion assertion) {
    return assertion
        .targetAudience()
        .map(audience -> idToken(assertion, audience))
        .orElseGet(() -> accessToken(assertion));
  }

  private HttpReply accessToken(Assertion assertion) {
    if (!Scopes.areValid(assertion.scopes())) {
      throw OAuthRefusal.invalidScope();
    }
    Caller holder = new Caller(holder(assertion), Set.copyOf(assertion.scopes()));
    JsonObject answer = new JsonObject();
    answer.addProperty("access_token", world.mint().accessToken(holder, LIFETIME).value());
    answer.addProperty("expires_in", LIFETIME.toSeconds() - 1);
    answer.addProperty("token_type", "Bearer");
    return HttpReply.json(200, answer);
  }

  private Principal holder(Assertion assertion) {
    return assertion
        .user()
        .map(user -> delegated(assertion, user))
        .orElseGet(() -> assertion.account().principal());
  }

  /** Administrators delegate to an account's unique id: one that took the email has none of it. */
  private Principal delegated(Assertion assertion, String user) {
    Account account = assertion.account();
    boolean isAllowed =
        !world.accounts().isSuccessor(account)
            && world.signIn().delegations().allow(account, user, assertion.scopes());
    CallNotes.why(
        "domain-wide delegation "
            + (isAllowed ? "allows " : "does not allow ")
            + assertion.scopes()
            + " for user:"
            + user);
    if (!isAllowed) {
      throw OAuthRefusal.unauthorizedClient();
    }
    return Principal.user(user);
  }

  /** Delegation is for access tokens; what Google says of an ID token is unverified. */
  private HttpReply idToken(Assertion assertion, String audience) {
    if (assertion.user().isPresent()) {
      throw OAuthRefusal.unauthorizedClient();
    }
    JsonObject answer = new JsonObject();
    answer.addProperty("id_token", world.mint().idToken(assertion.account(), audience, true));
    return HttpReply.json(200, answer);
  }
}
