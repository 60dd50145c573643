package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.metrics.CredentialMetrics;
import io.github.shortlived.model.ServiceAccount;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Records events as meters in a Micrometer registry. */
public final class MetricsSample {
  private MetricsSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: MetricsSample SERVICE_ACCOUNT");
      return;
    }
    ServiceAccount deployer = ServiceAccount.of(args[0]);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    run(registry, ShortLivedCredentials.builder(), deployer);
    System.out.println(registry.getMetersAsString());
  }

  static void run(
      MeterRegistry registry, ShortLivedCredentials.Builder builder, ServiceAccount deployer) {
    // [START metrics]
    CredentialMetrics metrics = CredentialMetrics.of(registry);
    try (ShortLivedCredentials credentials = metrics.monitor(builder.listener(metrics).build())) {
      credentials.accessToken(deployer, CLOUD_PLATFORM); // shortlived.credentials.issue
      credentials.accessToken(deployer, CLOUD_PLATFORM); // shortlived.credentials.cache.hits
    }
    // [END metrics]
  }
}
