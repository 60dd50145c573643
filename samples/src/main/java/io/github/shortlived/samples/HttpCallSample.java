package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.AuthorizedHttpClient;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.ServiceAccount;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Calls an API with {@code java.net.http}, and gets another token after a 401. */
public final class HttpCallSample {
  private HttpCallSample() {}

  /** Arguments: the service account's email address, and the URL of an API to call. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length != 2) {
      System.err.println("Usage: HttpCallSample SERVICE_ACCOUNT URL");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]), URI.create(args[1]));
    }
  }

  static void run(ShortLivedCredentials credentials, ServiceAccount deployer, URI uri)
      throws IOException, InterruptedException {
    // [START http_call]
    GoogleCredentials google = credentials.googleCredentials(deployer, CLOUD_PLATFORM);
    AuthorizedHttpClient http = AuthorizedHttpClient.of(google, HttpClient.newHttpClient());

    HttpRequest request = HttpRequest.newBuilder(uri).build(); // without Authorization
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    System.out.println(response.statusCode()); // 401 only if a new token is rejected too
    // [END http_call]
  }
}
