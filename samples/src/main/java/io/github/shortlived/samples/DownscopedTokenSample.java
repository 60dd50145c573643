package io.github.shortlived.samples;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessBoundaryRule;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.DownscopedTokenRequest;
import io.github.shortlived.model.ServiceAccount;

/** Issues an access token that can only read some objects of one Cloud Storage bucket. */
public final class DownscopedTokenSample {
  private DownscopedTokenSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: DownscopedTokenSample SERVICE_ACCOUNT");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]));
    }
  }

  static void run(ShortLivedCredentials credentials, ServiceAccount deployer) {
    // [START downscoped_token]
    AccessBoundaryRule rule =
        AccessBoundaryRule.onBucket("reports", "roles/storage.objectViewer")
            .onlyIf("resource.name.startsWith('projects/_/buckets/reports/objects/2026/')");
    AccessToken token = credentials.downscopedToken(deployer, rule);

    GoogleCredentials storage =
        credentials.googleCredentials(DownscopedTokenRequest.of(deployer, rule));
    // [END downscoped_token]
    System.out.printf("%s%n%s%n", token, storage);
  }
}
