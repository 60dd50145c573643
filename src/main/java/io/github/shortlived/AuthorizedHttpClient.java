package io.github.shortlived;

import com.google.auth.oauth2.OAuth2Credentials;
import com.google.common.base.Ascii;
import com.google.common.net.HttpHeaders;
import io.github.shortlived.internal.text.SecureUrls;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Sends requests of {@code java.net.http} with a token, in {@code Authorization}, and with the
 * quota project of the credentials, if they have one. If the response is a 401, drops this token
 * and sends the request once more with another one; the caller gets the second response.
 *
 * <p>Thread-safe; requests whose token is rejected at the same time share one new token. The
 * timeout and the body of a request are for each of the two attempts: {@code
 * BodyPublishers.ofInputStream} must supply a new stream each time. It works until its {@link
 * ShortLivedCredentials} are closed.
 */
public final class AuthorizedHttpClient {
  private final CachedGoogleCredentials<?> credentials;
  private final HttpClient client;

  private AuthorizedHttpClient(CachedGoogleCredentials<?> credentials, HttpClient client) {
    this.credentials = credentials;
    this.client = client;
  }

  /**
   * Returns a client that sends the tokens of these credentials.
   *
   * @param credentials those of {@link ShortLivedCredentials#googleCredentials} or {@link
   *     ShortLivedCredentials#idTokenCredentials}
   * @param client follows no redirects, which is the default: some JDKs, such as 17, send the token
   *     to the host of each redirect
   * @throws CredentialException.InvalidRequest for other credentials or another client
   */
  public static AuthorizedHttpClient of(OAuth2Credentials credentials, HttpClient client) {
    Objects.requireNonNull(credentials, "credentials");
    Objects.requireNonNull(client, "client");
    InternalExceptions.require(
        client.followRedirects() == Redirect.NEVER,
        "redirect policy",
        client.followRedirects().toString(),
        "some JDKs, such as 17, send the token to the host of any redirect",
        "Build the HttpClient with Redirect.NEVER, and send a request to the new location");
    if (credentials instanceof CachedGoogleCredentials<?> cached) {
      return new AuthorizedHttpClient(cached, client);
    }
    throw InternalExceptions.invalid(
        "credentials",
        credentials.getClass().getSimpleName(),
        "they are not of this library, and could drop another token than the rejected one",
        "Pass those of ShortLivedCredentials.googleCredentials or idTokenCredentials");
  }

  /**
   * Sends the request as {@link HttpClient#send} does. Blocks also while a token is fetched.
   *
   * @param request has no {@code Authorization}, and is https, or http to this machine's loopback
   *     without a proxy
   * @param handler gets the response that is returned; the body of a 401 before it is not read
   * @throws CredentialException if no token can be issued; {@link
   *     CredentialException.InvalidRequest} for another request
   * @throws InterruptedException if the thread is interrupted, also while a token is fetched
   * @throws IllegalStateException if the {@link ShortLivedCredentials} are closed
   */
  public <R> HttpResponse<R> send(HttpRequest request, BodyHandler<R> handler)
      throws IOException, InterruptedException {
    return exchange(credentials, request, handler).send();
  }

  /**
   * Sends the request as {@link HttpClient#sendAsync} does, without blocking. The future fails with
   * the exceptions of {@link #send}. Canceling it ends the exchange.
   *
   * @param request as in {@link #send}
   * @param handler as in {@link #send}
   * @throws CredentialException.InvalidRequest at once for another request
   */
  public <R> CompletableFuture<HttpResponse<R>> sendAsync(
      HttpRequest request, BodyHandler<R> handler) {
    return exchange(credentials, request, handler).sendAsync();
  }

  private <T extends BearerToken, R> AuthorizedExchange<T, R> exchange(
      CachedGoogleCredentials<T> issuer, HttpRequest request, BodyHandler<R> handler) {
    check(Objects.requireNonNull(request, "request"));
    requireNoProxy(request.uri());
    Objects.requireNonNull(handler, "handler");
    return new AuthorizedExchange<>(client, issuer, request, handler);
  }

  private static void check(HttpRequest request) {
    URI uri = request.uri();
    InternalExceptions.require(
        SecureUrls.isSecure(uri),
        "URL",
        "%s://%s/…".formatted(uri.getScheme(), uri.getHost()), // The rest may have a secret.
        SecureUrls.RULE,
        "Use https");
    InternalExceptions.require(
        request.headers().firstValue(HttpHeaders.AUTHORIZATION).isEmpty(),
        "header",
        HttpHeaders.AUTHORIZATION,
        "this client sets it",
        "Remove it from the request");
  }

  /** A proxy receives an http request in clear text, and may run on another machine. */
  private void requireNoProxy(URI uri) {
    boolean direct =
        Ascii.equalsIgnoreCase(uri.getScheme(), "https")
            || client.proxy().or(() -> Optional.ofNullable(ProxySelector.getDefault())).stream()
                .flatMap(selector -> selector.select(uri).stream())
                .allMatch(proxy -> proxy.type() == Proxy.Type.DIRECT);
    InternalExceptions.require(
        direct,
        "proxy",
        "for %s://%s".formatted(uri.getScheme(), uri.getHost()),
        "a proxy receives the token of an http request in clear text",
        "Build the HttpClient without a proxy for this host, or use https");
  }

  /** {@return the credentials, never a token} */
  @Override
  public String toString() {
    return "AuthorizedHttpClient[%s]".formatted(credentials);
  }
}
