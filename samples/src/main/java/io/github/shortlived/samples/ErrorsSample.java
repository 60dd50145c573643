package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.ServiceAccount;
import java.io.IOException;
import java.time.Duration;

/** What to do about a call that fails, and how long it is tried. */
public final class ErrorsSample {
  private ErrorsSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) throws IOException {
    GoogleCredentials source = GoogleCredentials.getApplicationDefault();
    ServiceAccount deployer = ServiceAccount.of(args[0]);
    run(ShortLivedCredentials.builder().source(source), deployer);
  }

  static void run(ShortLivedCredentials.Builder builder, ServiceAccount deployer) {
    // [START retries]
    RetryPolicy brief = RetryPolicy.standard().withTotalTimeout(Duration.ofSeconds(5));
    try (ShortLivedCredentials credentials = builder.retryPolicy(brief).build()) {
      ask(credentials, deployer); // somebody waits for the answer
    }
    // [END retries]
  }

  private static void ask(ShortLivedCredentials credentials, ServiceAccount deployer) {
    // [START errors]
    try {
      AccessToken token = credentials.accessToken(deployer, CLOUD_PLATFORM);
      System.out.println(token);
    } catch (CredentialException.PermissionDenied refused) {
      refused.requiredGrants().forEach(grant -> System.out.println(grant.gcloudCommand()));
    } catch (CredentialException.Unavailable unanswered) { // repeated as long as allowed
      System.out.printf("%s in %s%n", unanswered.status(), unanswered.elapsed());
    }
    // [END errors]
  }
}
