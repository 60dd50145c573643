package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.config.CredentialConfigPolicy;
import io.github.shortlived.config.CredentialConfigType;
import io.github.shortlived.model.ServiceAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Uses a credential configuration of another author as source credentials. */
public final class UntrustedConfigurationSample {
  private UntrustedConfigurationSample() {}

  /** Arguments: the configuration, the file of its subject token, a service account's email. */
  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      System.err.println(
          "Usage: UntrustedConfigurationSample CONFIGURATION TOKEN_FILE SERVICE_ACCOUNT");
      return;
    }
    run(
        ShortLivedCredentials.builder(),
        Files.readString(Path.of(args[0])),
        Path.of(args[1]),
        ServiceAccount.of(args[2]));
  }

  static void run(
      ShortLivedCredentials.Builder builder,
      String uploaded,
      Path tokenFile,
      ServiceAccount deployer) {
    // [START untrusted_configuration]
    CredentialConfigPolicy policy =
        CredentialConfigPolicy.googleOnly()
            .onlyTypes(CredentialConfigType.EXTERNAL_ACCOUNT)
            .allowingFile(tokenFile);

    try (ShortLivedCredentials credentials = builder.configuration(uploaded, policy).build()) {
      System.out.println(credentials.accessToken(deployer, CLOUD_PLATFORM));
    }
    // [END untrusted_configuration]
  }
}
