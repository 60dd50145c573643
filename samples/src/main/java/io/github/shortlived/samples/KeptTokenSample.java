package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.ServiceAccount;
import java.time.Duration;

/** A kept token, and three ways to another. */
public final class KeptTokenSample {
  private KeptTokenSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) {
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]));
    }
  }

  static void run(ShortLivedCredentials credentials, ServiceAccount deployer) {
    // [START kept_token]
    AccessTokenRequest request = AccessTokenRequest.of(deployer, CLOUD_PLATFORM);
    AccessToken first = credentials.issue(request);
    AccessToken same = credentials.issue(request); // no call is made

    AccessToken lasting = credentials.issue(request.minimumValidity(Duration.ofMinutes(40)));
    AccessToken now = credentials.issue(request.fresh()); // issued now, by the grants as they are
    credentials.invalidate(request); // a service answered 401: whoever asks next gets another
    // [END kept_token]
    System.out.printf("%s%n%s%n%s%n%s%n", first, same, lasting, now);
  }
}
