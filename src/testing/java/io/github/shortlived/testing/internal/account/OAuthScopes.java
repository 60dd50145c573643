package io.github.shortlived.testing.internal.account;

import java.util.List;
import java.util.Set;

/** The OAuth 2.0 scopes of the emulated APIs. */
public final class OAuthScopes {
  public static final String CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";
  public static final Set<String> FOR_IAM =
      Set.of(CLOUD_PLATFORM, "https://www.googleapis.com/auth/iam");
  public static final Set<String> FOR_COMPUTE =
      Set.of(
          CLOUD_PLATFORM,
          "https://www.googleapis.com/auth/compute",
          "https://www.googleapis.com/auth/compute.readonly");

  /** The scopes that users agree to in {@code gcloud auth login}, without those of other APIs. */
  public static final List<String> OF_USERS =
      List.of("openid", "https://www.googleapis.com/auth/userinfo.email", CLOUD_PLATFORM);

  private OAuthScopes() {}
}
