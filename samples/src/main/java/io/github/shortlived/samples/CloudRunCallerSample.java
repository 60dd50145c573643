package io.github.shortlived.samples;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.TokenSource;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.ServiceAccount;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Calls a Cloud Run service as another service account, with an ID token. */
public final class CloudRunCallerSample {
  private CloudRunCallerSample() {}

  /** Arguments: the service account's email address, the URL of the service. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length != 2) {
      System.err.println("Usage: CloudRunCallerSample SERVICE_ACCOUNT URL");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, ServiceAccount.of(args[0]), URI.create(args[1]));
    }
  }

  static void run(ShortLivedCredentials credentials, ServiceAccount deployer, URI service)
      throws IOException, InterruptedException {
    // [START cloud_run_caller]
    TokenSource<IdToken> tokens =
        credentials.tokenSource(IdTokenRequest.of(deployer, service.toString()).withEmail());

    String authorization = "Bearer " + tokens.get().token();
    HttpRequest request =
        HttpRequest.newBuilder(service)
            .header("X-Serverless-Authorization", authorization) // checked by Cloud Run
            .header("Authorization", authorization) // passed on to the service, unchanged
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    // [END cloud_run_caller]
    System.out.println(response.statusCode() + " " + response.body());
  }
}
