package io.github.shortlived.verify;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import com.google.gson.JsonObject;
import io.github.shortlived.internal.client.DaemonCalls;
import io.github.shortlived.internal.client.PublicDocuments;
import io.github.shortlived.internal.client.PublicDocuments.Document;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ServiceAccount;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * The key sets of Google, of Identity-Aware Proxy, and of the service accounts that were used last.
 * Thread-safe.
 *
 * @see <a
 *     href="https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signJwt">
 *     signJwt, which lists the URLs</a>
 */
final class PublishedKeys implements AutoCloseable {
  static final String RS256 = "RS256";
  static final String ES256 = "ES256";
  private static final DaemonCalls FETCHES = new DaemonCalls("short-lived-credentials-keys");

  private final PublicDocuments documents;
  private final InstantSource clock;
  private final Duration maximumStaleness;
  private final KeySet google;
  private final KeySet iap;
  private final LoadingCache<ServiceAccount, KeySet> ofAccounts;

  PublishedKeys(
      PublicDocuments documents,
      Endpoints endpoints,
      InstantSource clock,
      Duration maximumStaleness,
      int maximumAccounts) {
    this.documents = documents;
    this.clock = clock;
    this.maximumStaleness = maximumStaleness;
    this.google =
        ofService("the keys of Google", endpoints.publishedKeys() + "/oauth2/v3/certs", RS256);
    this.iap =
        ofService(
            "the keys of Identity-Aware Proxy",
            endpoints.iapKeys() + "/iap/verify/public_key-jwk",
            ES256);
    this.ofAccounts =
        CacheBuilder.newBuilder()
            .concurrencyLevel(1) // So that the one used least recently is evicted.
            .maximumSize(maximumAccounts)
            .build(CacheLoader.from(account -> ofAccount(endpoints, account)));
  }

  private KeySet ofAccount(Endpoints endpoints, ServiceAccount account) {
    // Google documents the email address here; the unique ID is unverified.
    String url = endpoints.publishedKeys() + "/service_accounts/v1/metadata/jwk/" + account.id();
    String name = "the keys of " + account;
    return keySet(name, () -> fetch(name, url, RS256));
  }

  /** Returns the keys of a service, which always exist: a 404 is a fault of the server. */
  private KeySet ofService(String name, String url, String algorithm) {
    return keySet(
        name,
        () -> {
          try {
            return fetch(name, url, algorithm);
          } catch (CredentialException.NotFound e) {
            throw InternalExceptions.unavailable(
                "The server does not have %s. Check the endpoints.".formatted(name), e);
          }
        });
  }

  private KeySet keySet(String name, KeySet.Source source) {
    return new KeySet(name, source, clock, maximumStaleness, FETCHES);
  }

  private Document<Map<String, VerificationKey>> fetch(String name, String url, String algorithm) {
    return documents.fetch(url, name, set -> keys(set, algorithm));
  }

  private static Optional<Map<String, VerificationKey>> keys(JsonObject set, String algorithm) {
    return Optional.of(VerificationKey.readSet(set, algorithm)).filter(keys -> !keys.isEmpty());
  }

  KeySet ofGoogle() {
    return google;
  }

  KeySet ofIap() {
    return iap;
  }

  KeySet of(ServiceAccount account) {
    return ofAccounts.getUnchecked(account);
  }

  @Override
  public void close() {
    ofAccounts.invalidateAll();
    documents.close();
  }
}
