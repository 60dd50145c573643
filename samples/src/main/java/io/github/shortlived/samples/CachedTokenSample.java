package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.ServiceAccount;
import java.time.Duration;

/** Issues a token, reads it from the cache, and replaces it in three ways. */
public final class CachedTokenSample {
  private CachedTokenSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: CachedTokenSample SERVICE_ACCOUNT");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]));
    }
  }

  static void run(ShortLivedCredentials credentials, ServiceAccount deployer) {
    // [START cached_token]
    AccessTokenRequest request = AccessTokenRequest.of(deployer, CLOUD_PLATFORM);
    AccessToken first = credentials.issue(request);
    AccessToken same = credentials.issue(request); // from the cache: no call

    AccessToken longer = credentials.issue(request.minimumValidity(Duration.ofMinutes(40)));
    AccessToken newToken = credentials.issue(request.fresh()); // always a new token
    credentials.invalidate(request); // after a 401: the next call issues a new token
    // [END cached_token]
    System.out.printf("%s%n%s%n%s%n%s%n", first, same, longer, newToken);
  }
}
