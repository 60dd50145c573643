package io.github.shortlived.samples;

import com.google.cloud.compute.v1.Instance;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.model.ServiceAccount;
import java.util.stream.Stream;

/** Lists the Compute Engine instances of a zone as another service account. */
public final class ComputeSample {
  private ComputeSample() {}

  /** Arguments: the service account's email address, the project id, the zone. */
  public static void main(String[] args) {
    if (args.length != 3) {
      System.err.println("Usage: ComputeSample SERVICE_ACCOUNT PROJECT ZONE");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]), args[1], args[2]);
    }
  }

  static void run(
      ShortLivedCredentials credentials, ServiceAccount deployer, String project, String zone) {
    // [START compute]
    try (ComputeInstances compute = ComputeInstances.using(credentials, deployer);
        Stream<Instance> instances = compute.list(project, zone)) {
      instances.forEach(instance -> System.out.println(instance.getName()));
    }
    // [END compute]
  }
}
