package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.TokenSource;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.ServiceAccount;

/** Reads a cached and refreshed token, for a program that sends one with every call. */
public final class TokenSourceSample {
  private TokenSourceSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: TokenSourceSample SERVICE_ACCOUNT");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]));
    }
  }

  static void run(ShortLivedCredentials credentials, ServiceAccount deployer) {
    // [START token_source]
    TokenSource<AccessToken> tokens =
        credentials.tokenSource(AccessTokenRequest.of(deployer, CLOUD_PLATFORM));

    AccessToken token = tokens.get(); // cheap: call it before each request
    tokens.invalidate(token); // only after a 401: the next get() waits for a new token
    // [END token_source]
    System.out.printf("%s%n%s%n", token, tokens.get());
  }
}
