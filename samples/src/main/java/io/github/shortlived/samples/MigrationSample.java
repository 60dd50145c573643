package io.github.shortlived.samples;

import com.google.auth.oauth2.ImpersonatedCredentials;
import io.github.shortlived.ImpersonationSettings;
import io.github.shortlived.ShortLivedCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Moves existing impersonated credentials of google-auth to this library. */
public final class MigrationSample {
  private MigrationSample() {}

  /** Argument: a credential file of the type {@code impersonated_service_account}, with scopes. */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println("Usage: MigrationSample CREDENTIAL_FILE");
      return;
    }
    try (InputStream file = Files.newInputStream(Path.of(args[0]))) {
      run(ShortLivedCredentials.builder(), ImpersonatedCredentials.fromStream(file));
    }
  }

  static void run(ShortLivedCredentials.Builder builder, ImpersonatedCredentials existing) {
    // [START migration]
    ImpersonationSettings settings = ImpersonationSettings.from(existing); // or fromFile(path)

    try (ShortLivedCredentials credentials = builder.source(settings.source()).build()) {
      System.out.println(credentials.issue(settings.request()));
      System.out.println(credentials.idToken(settings.target(), "https://orders.example.com"));
    }
    // [END migration]
  }
}
