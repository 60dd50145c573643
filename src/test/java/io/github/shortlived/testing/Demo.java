package io.github.shortlived.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/** The names every test here speaks of. */
final class Demo {
  static final String PROJECT = "demo-project";
  static final String ZONE = "us-west1-a";
  static final String SA1 = email("sa-1");
  static final String SA2 = email("sa-2");
  static final String SA3 = email("sa-3");
  static final String ADMIN = "user:admin@example.com";
  static final String TOKEN_CREATOR = "roles/iam.serviceAccountTokenCreator";
  static final String CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";

  private Demo() {}

  /** Three accounts, an owner, and nobody who may mint anything. */
  static EmulatorBuilder world() {
    return IamEmulator.builder()
        .serviceAccount(SA1)
        .serviceAccount(SA2)
        .serviceAccount(SA3)
        .projectBinding(PROJECT, "roles/owner", ADMIN);
  }

  /** Whether anything listens there. */
  static boolean accepts(URI endpoint) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), 1000);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  static String email(String accountId) {
    return accountId + "@" + PROJECT + ".iam.gserviceaccount.com";
  }

  static String member(String email) {
    return "serviceAccount:" + email;
  }

  static String name(String email) {
    return "projects/-/serviceAccounts/" + email;
  }
}
