package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.ServiceAccount;
import java.io.IOException;
import java.util.function.Consumer;

/** What happens, for a log or for meters. */
public final class EventsSample {
  private EventsSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) throws IOException {
    GoogleCredentials source = GoogleCredentials.getApplicationDefault();
    ServiceAccount deployer = ServiceAccount.of(args[0]);
    run(ShortLivedCredentials.builder().source(source), deployer);
  }

  static void run(ShortLivedCredentials.Builder builder, ServiceAccount deployer) {
    // [START events]
    Consumer<CredentialEvent> listener =
        event -> {
          if (event instanceof CredentialEvent.RefreshFailed late) {
            System.out.printf("not renewed: %s: %s%n", late.request(), late.failure().status());
          } else {
            System.out.println(event); // holds fingerprints, no secret
          }
        };
    try (ShortLivedCredentials credentials = builder.listener(listener).build()) {
      credentials.accessToken(deployer, CLOUD_PLATFORM);
      credentials.accessToken(deployer, CLOUD_PLATFORM);
      System.out.println(credentials.servedFromCache() + " served from cache");
    }
    // [END events]
  }
}
