package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.UserTokenRequest;

/** Issues an access token of a Google Workspace user, by domain-wide delegation without a key. */
public final class UserTokenSample {
  private UserTokenSample() {}

  /** Arguments: the service account's and the user's email address. */
  public static void main(String[] args) {
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]), args[1]);
    }
  }

  static void run(ShortLivedCredentials credentials, ServiceAccount deployer, String user) {
    // [START user_token]
    AccessToken token = credentials.accessTokenForUser(deployer, user, CLOUD_PLATFORM);

    GoogleCredentials google =
        credentials.googleCredentials(UserTokenRequest.of(deployer, user, CLOUD_PLATFORM));
    // [END user_token]
    System.out.printf("%s%n%s%n", token, google);
  }
}
