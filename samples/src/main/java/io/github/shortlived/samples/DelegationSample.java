package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.ServiceAccount;

/** Issues an access token along a delegation chain. */
public final class DelegationSample {
  private DelegationSample() {}

  /** Arguments: the email addresses of the delegate and of the target. */
  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("Usage: DelegationSample DELEGATE TARGET");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]), ServiceAccount.of(args[1]));
    }
  }

  static void run(
      ShortLivedCredentials credentials, ServiceAccount delegate, ServiceAccount deployer) {
    // [START delegation]
    DelegationChain chain = DelegationChain.through(delegate).to(deployer);
    AccessToken delegated = credentials.accessToken(chain, CLOUD_PLATFORM);
    // [END delegation]
    System.out.println(delegated);
  }
}
