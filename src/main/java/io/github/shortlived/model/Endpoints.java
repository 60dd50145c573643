package io.github.shortlived.model;

import io.github.shortlived.internal.text.GoogleHosts;
import java.net.URI;
import java.util.Set;

/**
 * The hosts of Google's services. Immutable; the {@code with} methods return a changed copy, for
 * Private Service Connect and regional endpoints.
 *
 * <p>An endpoint is a scheme, a host and an optional port. It is https, for bearer tokens travel to
 * it; plain http is accepted for this machine's loopback address alone, as test servers use it.
 *
 * @param iamCredentials the IAM Service Account Credentials API, over HTTP/JSON
 * @param iamCredentialsGrpc the same API, over gRPC
 * @param iam the IAM API, over gRPC
 * @param compute the Compute Engine API, over HTTP/JSON
 * @param oauth2 the OAuth 2.0 token endpoint's server, which is asked for tokens of users alone
 */
public record Endpoints(
    URI iamCredentials, URI iamCredentialsGrpc, URI iam, URI compute, URI oauth2) {
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  /**
   * Checks every endpoint; no network call is made.
   *
   * @throws CredentialException.InvalidRequest if one is not https (or http on loopback), or has
   *     more than a scheme, a host and a port
   */
  public Endpoints {
    check(iamCredentials);
    check(iamCredentialsGrpc);
    check(iam);
    check(compute);
    check(oauth2);
  }

  /** {@return Google Cloud's public endpoints} */
  public static Endpoints google() {
    return universe(GoogleHosts.DEFAULT_UNIVERSE);
  }

  /**
   * {@return the endpoints of another Trusted Partner Cloud universe}
   *
   * @throws CredentialException.InvalidRequest if this is not a domain name
   */
  public static Endpoints universe(String domain) {
    checkUniverse(domain);
    URI iamCredentials = URI.create("https://iamcredentials." + domain);
    return new Endpoints(
        iamCredentials,
        iamCredentials,
        URI.create("https://iam." + domain),
        URI.create("https://compute." + domain),
        URI.create("https://oauth2." + domain));
  }

  static void checkUniverse(String domain) {
    Checks.request(
        GoogleHosts.isDomain(domain),
        "universe domain",
        domain,
        "it is a domain name",
        "for Google Cloud it is " + GoogleHosts.DEFAULT_UNIVERSE);
  }

  /**
   * {@return the same endpoints, with the IAM Service Account Credentials API here, on both
   * transports}
   */
  public Endpoints withIamCredentials(URI endpoint) {
    return new Endpoints(endpoint, endpoint, iam, compute, oauth2);
  }

  /** {@return the same endpoints, with the IAM Service Account Credentials API's gRPC here} */
  public Endpoints withIamCredentialsGrpc(URI endpoint) {
    return new Endpoints(iamCredentials, endpoint, iam, compute, oauth2);
  }

  /** {@return the same endpoints, with the IAM API here} */
  public Endpoints withIam(URI endpoint) {
    return new Endpoints(iamCredentials, iamCredentialsGrpc, endpoint, compute, oauth2);
  }

  /** {@return the same endpoints, with the Compute Engine API here} */
  public Endpoints withCompute(URI endpoint) {
    return new Endpoints(iamCredentials, iamCredentialsGrpc, iam, endpoint, oauth2);
  }

  /** {@return the same endpoints, with the OAuth 2.0 token endpoint's server here} */
  public Endpoints withOauth2(URI endpoint) {
    return new Endpoints(iamCredentials, iamCredentialsGrpc, iam, compute, endpoint);
  }

  private static void check(URI endpoint) {
    String host = endpoint.getHost();
    boolean secure =
        "https".equals(endpoint.getScheme())
            || ("http".equals(endpoint.getScheme()) && host != null && LOOPBACK.contains(host));
    Checks.request(
        secure && host != null,
        "endpoint",
        withoutSecrets(endpoint),
        "bearer tokens travel over https alone (plain http only to 127.0.0.1)",
        "write https://HOST or https://HOST:PORT");
    boolean bare =
        hasPort(endpoint)
            && endpoint.getRawPath().isEmpty()
            && endpoint.getRawQuery() == null
            && endpoint.getRawFragment() == null
            && endpoint.getRawUserInfo() == null;
    Checks.request(
        bare,
        "endpoint",
        withoutSecrets(endpoint),
        "it is a scheme, a host and a port from 1 to 65535, without a path",
        "write https://HOST or https://HOST:PORT");
  }

  /** Without a port, or with one that TCP has. */
  private static boolean hasPort(URI endpoint) {
    boolean none = endpoint.getPort() < 0 && !endpoint.getRawAuthority().endsWith(":");
    return none || (endpoint.getPort() > 0 && endpoint.getPort() <= 65_535);
  }

  /** A password or an API key in the wrong place is not repeated in the message. */
  private static String withoutSecrets(URI endpoint) {
    return endpoint
        .toString()
        .replaceFirst("^([A-Za-z][A-Za-z0-9+.-]*:/*)?.*[?#].*@.*", "$1…")
        .replaceFirst("^([A-Za-z][A-Za-z0-9+.-]*:/*)?.*@", "$1…@")
        .replaceFirst("[?#].*", "?…");
  }
}
