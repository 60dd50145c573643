package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.logging.CredentialLog;
import io.github.shortlived.model.ServiceAccount;
import java.io.IOException;

/** Writes events to a log, through SLF4J. */
public final class LoggingSample {
  private LoggingSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) throws IOException {
    GoogleCredentials source = GoogleCredentials.getApplicationDefault();
    ServiceAccount deployer = ServiceAccount.of(args[0]);
    run(ShortLivedCredentials.builder().source(source), deployer);
  }

  static void run(ShortLivedCredentials.Builder builder, ServiceAccount deployer) {
    // [START logging]
    try (ShortLivedCredentials credentials = builder.listener(CredentialLog.create()).build()) {
      credentials.accessToken(deployer, CLOUD_PLATFORM); // DEBUG: Issued AccessTokenRequest[…] …
    }
    // [END logging]
  }
}
