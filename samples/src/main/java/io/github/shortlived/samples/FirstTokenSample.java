package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.ServiceAccount;

/** Issues an access token in five lines, as the Application Default Credentials. */
public final class FirstTokenSample {
  private FirstTokenSample() {}

  /** Argument: the email address of the service account. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: FirstTokenSample SERVICE_ACCOUNT");
      return;
    }
    String email = args[0];
    // [START first_token]
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      ServiceAccount deployer = ServiceAccount.of(email);
      AccessToken token = credentials.accessToken(deployer, CLOUD_PLATFORM);
      System.out.println(token); // AccessToken[sha256:a04f49b70cbd, expireTime=…]
    }
    // [END first_token]
  }
}
