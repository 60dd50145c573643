package io.github.shortlived.model;

import com.google.common.collect.ImmutableSet;
import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * OAuth 2.0 scopes of Google APIs.
 *
 * @see <a href="https://developers.google.com/identity/protocols/oauth2/scopes">OAuth 2.0 Scopes
 *     for Google APIs</a>
 */
public final class Scopes {
  /** The scope for all Google Cloud APIs; IAM decides what the token can do. */
  public static final String CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";

  private static final Pattern SCOPE =
      Pattern.compile("https?://[\\x21\\x23-\\x5B\\x5D-\\x7E]+|openid|email|profile");

  private Scopes() {}

  /** Returns the scopes as an immutable set, or throws an error that names the invalid one. */
  static Set<String> checked(Collection<String> scopes) {
    Checks.request(
        !scopes.isEmpty(),
        "scopes",
        "none",
        "an access token needs at least one OAuth 2.0 scope",
        "pass Scopes.CLOUD_PLATFORM or a narrower one");
    for (String scope : scopes) {
      Checks.request(
          SCOPE.matcher(scope).matches(),
          "scope",
          scope,
          "a scope must be one URL such as " + CLOUD_PLATFORM + ", or openid, email or profile",
          "write the full URL, one scope per argument");
    }
    return ImmutableSet.copyOf(scopes);
  }
}
