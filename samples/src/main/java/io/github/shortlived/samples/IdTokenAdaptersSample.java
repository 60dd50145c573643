package io.github.shortlived.samples;

import com.google.auth.oauth2.OAuth2Credentials;
import io.github.shortlived.RequestHeaders;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.ServiceAccount;

/** Passes ID tokens to other clients, for Cloud Run and Identity-Aware Proxy. */
public final class IdTokenAdaptersSample {
  private IdTokenAdaptersSample() {}

  /** Argument: the service account's email address. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: IdTokenAdaptersSample SERVICE_ACCOUNT");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]));
    }
  }

  static void run(ShortLivedCredentials credentials, ServiceAccount deployer) {
    // [START id_token_adapters]
    OAuth2Credentials cloudRun =
        credentials.idTokenCredentials(deployer, "https://orders-abc.a.run.app");
    OAuth2Credentials iap =
        credentials.idTokenCredentials(
            IdTokenRequest.of(deployer, "123-abc.apps.googleusercontent.com").withEmail());
    // [END id_token_adapters]
    System.out.println(RequestHeaders.of(cloudRun).get()[0]); // the name of the header
    System.out.println(RequestHeaders.of(iap).get()[0]);
  }
}
