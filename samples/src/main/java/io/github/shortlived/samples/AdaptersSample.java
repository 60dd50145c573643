package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import io.github.shortlived.RequestHeaders;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.ServiceAccount;
import io.grpc.CallCredentials;
import io.grpc.auth.MoreCallCredentials;
import java.net.URI;
import java.net.http.HttpRequest;

/** Passes credentials to other Google clients and to {@code java.net.http}. */
public final class AdaptersSample {
  private AdaptersSample() {}

  /** Arguments: the service account's email address, the URL of an API to call. */
  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("Usage: AdaptersSample SERVICE_ACCOUNT URL");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      System.out.println(run(credentials, ServiceAccount.of(args[0]), URI.create(args[1])).uri());
    }
  }

  static HttpRequest run(ShortLivedCredentials credentials, ServiceAccount deployer, URI uri) {
    // [START adapters]
    GoogleCredentials google = credentials.googleCredentials(deployer, CLOUD_PLATFORM);

    CredentialsProvider generatedClients = FixedCredentialsProvider.create(google);
    CallCredentials grpc = MoreCallCredentials.from(google);
    HttpRequestInitializer httpClient = new HttpCredentialsAdapter(google); // retries after a 401
    HttpRequest javaNetHttp =
        HttpRequest.newBuilder(uri).headers(RequestHeaders.of(google).get()).build();
    // [END adapters]
    System.out.printf("%s%n%s%n%s%n", generatedClients, grpc.getClass(), httpClient.getClass());
    return javaNetHttp;
  }

  static GoogleCredentials others(
      ShortLivedCredentials credentials, ServiceAccount deployer, String user) {
    // [START other_adapters]
    GoogleCredentials delegated =
        credentials.googleCredentials(deployer, CLOUD_PLATFORM).createDelegated(user);

    ImpersonatedCredentials impersonated =
        credentials.impersonatedCredentials(AccessTokenRequest.of(deployer, CLOUD_PLATFORM));
    // [END other_adapters]
    System.out.println(impersonated.getAccount());
    return delegated;
  }
}
