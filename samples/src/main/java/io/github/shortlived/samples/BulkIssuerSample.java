package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.BulkIssuer.Outcome;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.ServiceAccount;
import java.util.List;
import java.util.stream.Stream;

/** Issues tokens for many service accounts within a quota. */
public final class BulkIssuerSample {
  private BulkIssuerSample() {}

  /** Arguments: the service accounts' email addresses. */
  public static void main(String[] args) {
    if (args.length == 0) {
      System.err.println("Usage: BulkIssuerSample SERVICE_ACCOUNT...");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      run(credentials, Stream.of(args).map(ServiceAccount::of).toList());
    }
  }

  static void run(ShortLivedCredentials credentials, List<ServiceAccount> accounts) {
    // [START bulk_issuer]
    List<AccessTokenRequest> requests =
        accounts.stream().map(each -> AccessTokenRequest.of(each, CLOUD_PLATFORM)).toList();

    try (Stream<Outcome<AccessToken>> outcomes =
        credentials.bulkIssuer().requestsPerMinute(30_000).stream(requests)) {
      outcomes.forEach(
          outcome -> {
            outcome.credential().ifPresent(token -> System.out.println(token));
            outcome.failure().ifPresent(failure -> System.out.println(failure.getMessage()));
          });
    }
    // [END bulk_issuer]
  }
}
