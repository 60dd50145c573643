package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.Target;
import java.nio.file.Path;

/** Issues an access token from a service-account key file. */
public final class KeyFileSample {
  private KeyFileSample() {}

  /** Argument: the key file. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: KeyFileSample KEY_FILE");
      return;
    }
    run(Path.of(args[0]));
  }

  static void run(Path keyFile) {
    // [START key_file]
    try (ShortLivedCredentials credentials = ShortLivedCredentials.fromKeyFile(keyFile)) {
      AccessToken own = credentials.accessToken(Target.self(), CLOUD_PLATFORM);
      System.out.println(own);
    }
    // [END key_file]
  }
}
