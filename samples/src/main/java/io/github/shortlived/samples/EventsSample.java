package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.ServiceAccount;
import java.util.function.Consumer;

/** Listens to events, to write them to a log. */
public final class EventsSample {
  private EventsSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: EventsSample SERVICE_ACCOUNT");
      return;
    }
    ServiceAccount deployer = ServiceAccount.of(args[0]);
    run(ShortLivedCredentials.builder(), deployer);
  }

  static void run(ShortLivedCredentials.Builder builder, ServiceAccount deployer) {
    // [START events]
    Consumer<CredentialEvent> listener =
        event -> {
          if (event instanceof CredentialEvent.RefreshFailed failed) {
            System.out.printf(
                "not refreshed: %s: %s%n", failed.request(), failed.failure().status());
          } else {
            System.out.println(event); // shows fingerprints, no secrets
          }
        };
    try (ShortLivedCredentials credentials = builder.listener(listener).build()) {
      credentials.accessToken(deployer, CLOUD_PLATFORM);
      credentials.accessToken(deployer, CLOUD_PLATFORM);
      System.out.println(credentials.cacheHitCount() + " served from cache");
    }
    // [END events]
  }
}
