package io.github.shortlived.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/** The names that the tests share. */
public final class Demo {
  public static final String PROJECT = "demo-project";
  public static final String ZONE = "us-west1-a";
  public static final String SA1 = email("sa-1");
  public static final String SA2 = email("sa-2");
  public static final String SA3 = email("sa-3");
  public static final String ADMIN = "user:admin@example.com";
  public static final String TOKEN_CREATOR = "roles/iam.serviceAccountTokenCreator";
  public static final String CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";

  private Demo() {}

  /** Declares three accounts and an owner, without a permission to issue tokens. */
  public static EmulatorBuilder world() {
    return IamEmulator.builder()
        .serviceAccount(SA1)
        .serviceAccount(SA2)
        .serviceAccount(SA3)
        .projectBinding(PROJECT, "roles/owner", ADMIN);
  }

  /** Returns whether a server listens at this endpoint. */
  public static boolean accepts(URI endpoint) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), 1000);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  public static String email(String accountId) {
    return accountId + "@" + PROJECT + ".iam.gserviceaccount.com";
  }

  public static String member(String email) {
    return "serviceAccount:" + email;
  }

  public static String name(String email) {
    return "projects/-/serviceAccounts/" + email;
  }
}
