package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.SelfSignedJwtRequest;
import io.github.shortlived.model.ServiceAccount;

/** Signs a JWT as another service account, which Google Cloud APIs accept as a bearer token. */
public final class SelfSignedJwtSample {
  private SelfSignedJwtSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: SelfSignedJwtSample SERVICE_ACCOUNT");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]));
    }
  }

  static void run(ShortLivedCredentials credentials, ServiceAccount deployer) {
    // [START self_signed_jwt]
    AccessToken jwt = credentials.selfSignedJwt(deployer, "https://pubsub.googleapis.com/");

    AccessToken withScopes =
        credentials.issue(SelfSignedJwtRequest.forScopes(deployer, CLOUD_PLATFORM));
    // [END self_signed_jwt]
    System.out.printf("%s%n%s%n", jwt, withScopes);
  }
}
