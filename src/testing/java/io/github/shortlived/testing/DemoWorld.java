package io.github.shortlived.testing;

/** The world of {@link IamEmulator#demo()}. */
final class DemoWorld {
  private static final String PROJECT = "demo-project";
  private static final String SA1 = account("sa-1");
  private static final String SA2 = account("sa-2");

  private DemoWorld() {}

  /** Declares the demo. The owner cannot issue tokens until a test grants that. */
  static EmulatorBuilder declare(EmulatorBuilder empty) {
    return empty
        .serviceAccount(SA1)
        .serviceAccount(SA2)
        .serviceAccount(account("sa-3"))
        .projectBinding(PROJECT, "roles/owner", "user:admin@example.com")
        .projectBinding(PROJECT, "roles/compute.viewer", "serviceAccount:" + SA1)
        .projectBinding(PROJECT, "roles/compute.viewer", "serviceAccount:" + SA2)
        .metadataServiceAccount(SA1)
        .instance(PROJECT, "us-west1-a", "vm-1")
        .instance(PROJECT, "us-west1-a", "vm-2")
        .instance(PROJECT, "europe-west4-b", "vm-3");
  }

  private static String account(String accountId) {
    return accountId + "@" + PROJECT + ".iam.gserviceaccount.com";
  }
}
