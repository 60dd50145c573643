package io.github.shortlived.testing.internal.account;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** OAuth 2.0 scopes. */
public final class OAuthScopes {
  public static final String CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";
  public static final Set<String> FOR_IAM =
      Set.of(CLOUD_PLATFORM, "https://www.googleapis.com/auth/iam");
  public static final Set<String> FOR_COMPUTE =
      Set.of(
          CLOUD_PLATFORM,
          "https://www.googleapis.com/auth/compute",
          "https://www.googleapis.com/auth/compute.readonly");

  private static final Pattern SCOPE = Pattern.compile("https?://\\S+|openid|email|profile");

  private OAuthScopes() {}

  public static boolean areValid(List<String> scopes) {
    return !scopes.isEmpty() && scopes.stream().allMatch(s -> SCOPE.matcher(s).matches());
  }
}
