package io.github.shortlived.samples;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.OAuth2Credentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.ServiceAccount;
import java.io.IOException;

/** Calls an application behind Identity-Aware Proxy as another service account. */
public final class IapSample {
  private IapSample() {}

  /**
   * Arguments: the service account's email address, the OAuth client ID of Identity-Aware Proxy,
   * the URL of the application.
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      System.err.println("Usage: IapSample SERVICE_ACCOUNT CLIENT_ID URL");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]), args[1], args[2]);
    }
  }

  static void run(
      ShortLivedCredentials credentials, ServiceAccount deployer, String clientId, String url)
      throws IOException {
    // [START iap]
    OAuth2Credentials idTokens =
        credentials.idTokenCredentials(IdTokenRequest.of(deployer, clientId).withEmail());
    HttpRequest request =
        new NetHttpTransport()
            .createRequestFactory(new HttpCredentialsAdapter(idTokens)) // retries after a 401
            .buildGetRequest(new GenericUrl(url));
    HttpResponse response = request.execute();
    // [END iap]
    System.out.println(response.parseAsString());
  }
}
