package io.github.shortlived.samples;

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
    if (args.length != 2) {
      System.err.println("Usage: UserTokenSample SERVICE_ACCOUNT USER");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]), args[1]);
    }
  }

  static void run(ShortLivedCredentials credentials, ServiceAccount deployer, String user) {
    // [START user_token]
    String readUsers = "https://www.googleapis.com/auth/admin.directory.user.readonly";
    AccessToken token = credentials.accessTokenForUser(deployer, user, readUsers);

    GoogleCredentials google =
        credentials.googleCredentials(UserTokenRequest.of(deployer, user, readUsers));
    // [END user_token]
    System.out.printf("%s%n%s%n", token, google);
  }
}
