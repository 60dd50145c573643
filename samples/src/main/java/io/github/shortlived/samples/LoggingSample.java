package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.logging.CredentialLog;
import io.github.shortlived.model.ServiceAccount;

/** Writes events to a log, through SLF4J. */
public final class LoggingSample {
  private LoggingSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: LoggingSample SERVICE_ACCOUNT");
      return;
    }
    run(ShortLivedCredentials.builder(), ServiceAccount.of(args[0]));
  }

  static void run(ShortLivedCredentials.Builder builder, ServiceAccount deployer) {
    // [START logging]
    try (ShortLivedCredentials credentials = builder.listener(CredentialLog.create()).build()) {
      credentials.accessToken(deployer, CLOUD_PLATFORM); // DEBUG: Issued AccessTokenRequest[…] …
    }
    // [END logging]
  }
}
