package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.ServiceAccount;
import java.time.Duration;

/** Issues an OAuth 2.0 access token for another service account. */
public final class AccessTokenSample {
  private AccessTokenSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: AccessTokenSample SERVICE_ACCOUNT");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]));
    }
  }

  static void run(ShortLivedCredentials credentials, ServiceAccount deployer) {
    // [START access_token]
    AccessToken token = credentials.accessToken(deployer, CLOUD_PLATFORM);
    String authorization = "Bearer " + token.token(); // the header of any Google API call

    AccessToken brief =
        credentials.issue(
            AccessTokenRequest.of(deployer, CLOUD_PLATFORM).lifetime(Duration.ofMinutes(5)));
    // [END access_token]
    System.out.printf("%s%n%s%n%d characters%n", token, brief, authorization.length());
  }
}
