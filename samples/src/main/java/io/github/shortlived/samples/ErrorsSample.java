package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.ServiceAccount;
import java.time.Duration;

/** Handles a call that fails, and limits how long it is retried. */
public final class ErrorsSample {
  private ErrorsSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: ErrorsSample SERVICE_ACCOUNT");
      return;
    }
    ServiceAccount deployer = ServiceAccount.of(args[0]);
    run(ShortLivedCredentials.builder(), deployer);
  }

  static void run(ShortLivedCredentials.Builder builder, ServiceAccount deployer) {
    // [START retries]
    RetryPolicy brief = RetryPolicy.standard().withTotalTimeout(Duration.ofSeconds(5));
    try (ShortLivedCredentials credentials = builder.retryPolicy(brief).build()) {
      issue(credentials, deployer); // fails after 5 seconds at the latest
    }
    // [END retries]
  }

  private static void issue(ShortLivedCredentials credentials, ServiceAccount deployer) {
    // [START errors]
    try {
      AccessToken token = credentials.accessToken(deployer, CLOUD_PLATFORM);
      System.out.println(token);
    } catch (CredentialException.PermissionDenied e) {
      e.requiredGrants().forEach(grant -> System.out.println(grant.gcloudCommand()));
    } catch (CredentialException.Unavailable e) { // all retries failed
      System.out.printf("%s in %s%n", e.status(), e.elapsed());
    }
    // [END errors]
  }
}
