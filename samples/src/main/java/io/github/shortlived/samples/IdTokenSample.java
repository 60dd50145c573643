package io.github.shortlived.samples;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.ServiceAccount;

/** Issues an OpenID Connect ID token for another service account, for example for Cloud Run. */
public final class IdTokenSample {
  private IdTokenSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: IdTokenSample SERVICE_ACCOUNT");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]));
    }
  }

  static void run(ShortLivedCredentials credentials, ServiceAccount deployer) {
    // [START id_token]
    IdToken token = credentials.idToken(deployer, "https://orders.example.com");

    IdToken withEmail =
        credentials.issue(IdTokenRequest.of(deployer, "https://orders.example.com").withEmail());
    // [END id_token]
    System.out.printf("%s%n%s%n", token, withEmail);
  }
}
