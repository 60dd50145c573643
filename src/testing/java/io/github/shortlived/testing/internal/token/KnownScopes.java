package io.github.shortlived.testing.internal.token;

import io.github.shortlived.testing.internal.control.CallRecorder;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The OAuth scopes of Google's APIs: the published ones, and others that a world declares. */
public record KnownScopes(Set<String> declared) {
  private static final Pattern FORM = Pattern.compile("https?://\\S+");

  public KnownScopes {
    declared = Set.copyOf(declared);
  }

  /** Returns the scope, which must be a URL. */
  public static String requireForm(String scope) {
    if (!FORM.matcher(scope).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is not a scope: use a URL such as https://www.googleapis.com/auth/cloud-platform"
              .formatted(scope));
    }
    return scope;
  }

  /**
   * Returns whether there is a scope, and Google's APIs have all of them. Explains in the call log
   * which they do not have, because Google's errors do not tell.
   */
  public boolean areValid(List<String> scopes) {
    scopes.stream()
        .filter(scope -> !isKnown(scope))
        .forEach(scope -> CallRecorder.explain(unknown(scope)));
    return !scopes.isEmpty() && scopes.stream().allMatch(this::isKnown);
  }

  /** Refuses an unknown scope in a declaration. */
  void require(String scope) {
    if (!isKnown(scope)) {
      throw new IllegalArgumentException(unknown(scope));
    }
  }

  private boolean isKnown(String scope) {
    return PublishedScopes.contains(scope) || declared.contains(scope);
  }

  private static String unknown(String scope) {
    return "\"%s\" is not a scope of a known Google API: correct it, or declare it with oauthScope(..), in JSON under \"oauthScopes\""
        .formatted(scope);
  }
}
