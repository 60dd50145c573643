package io.github.shortlived.model;

import io.github.shortlived.internal.text.GoogleHosts;
import io.github.shortlived.internal.text.SecureUrls;
import java.net.URI;
import java.util.List;
import java.util.Objects;

/**
 * The endpoints of Google's services: https, or http at this machine's loopback. Immutable.
 *
 * @param iamCredentials the IAM Service Account Credentials API, over HTTP/JSON
 * @param iamCredentialsGrpc the same API, over gRPC
 * @param iam the IAM API, over gRPC
 * @param compute the Compute Engine API, over HTTP/JSON
 * @param oauth2 the server of the OAuth 2.0 token endpoint, used only for tokens of users
 * @param sts the Security Token Service, used only for downscoped tokens
 * @param publishedKeys the server of the public keys of Google and of service accounts
 * @param iapKeys the server of the public keys of Identity-Aware Proxy
 */
public record Endpoints(
    URI iamCredentials,
    URI iamCredentialsGrpc,
    URI iam,
    URI compute,
    URI oauth2,
    URI sts,
    URI publishedKeys,
    URI iapKeys) {
  /** Checks the form of each endpoint, without a network call. */
  public Endpoints {
    Objects.requireNonNull(iamCredentials, "iamCredentials");
    Objects.requireNonNull(iamCredentialsGrpc, "iamCredentialsGrpc");
    Objects.requireNonNull(iam, "iam");
    Objects.requireNonNull(compute, "compute");
    Objects.requireNonNull(oauth2, "oauth2");
    Objects.requireNonNull(sts, "sts");
    Objects.requireNonNull(publishedKeys, "publishedKeys");
    Objects.requireNonNull(iapKeys, "iapKeys");
    for (URI endpoint : List.of(iamCredentials, iamCredentialsGrpc, iam, compute, oauth2, sts)) {
      check(endpoint, SecureUrls.RULE);
    }
    for (URI endpoint : List.of(publishedKeys, iapKeys)) {
      check(endpoint, "keys are read only over https (http only from 127.0.0.1)");
    }
  }

  /** {@return the public endpoints of Google Cloud} */
  public static Endpoints google() {
    return universe(GoogleHosts.DEFAULT_UNIVERSE);
  }

  /** {@return the endpoints of another Trusted Partner Cloud universe, named by its domain} */
  public static Endpoints universe(String domain) {
    Objects.requireNonNull(domain, "domain");
    Checks.request(
        GoogleHosts.isDomain(domain),
        "universe domain",
        domain,
        "it must be a domain name",
        "for Google Cloud it is " + GoogleHosts.DEFAULT_UNIVERSE);
    URI iamCredentials = URI.create("https://iamcredentials." + domain);
    return new Endpoints(
        iamCredentials,
        iamCredentials,
        URI.create("https://iam." + domain),
        URI.create("https://compute." + domain),
        URI.create("https://oauth2." + domain),
        URI.create("https://sts." + domain),
        URI.create("https://www." + domain), // Unverified for other universes.
        URI.create(GoogleHosts.IAP_KEYS));
  }

  /**
   * {@return all HTTP services at one server and all gRPC services at another, such as an emulator}
   */
  public static Endpoints of(URI http, URI grpc) {
    Objects.requireNonNull(http, "http");
    Objects.requireNonNull(grpc, "grpc");
    return new Endpoints(http, grpc, grpc, http, http, http, http, http);
  }

  /** {@return the same endpoints with another {@link #iamCredentials()}, also over gRPC} */
  public Endpoints withIamCredentials(URI iamCredentials) {
    return new Endpoints(
        iamCredentials, iamCredentials, iam, compute, oauth2, sts, publishedKeys, iapKeys);
  }

  /** {@return the same endpoints with another {@link #iamCredentialsGrpc()}} */
  public Endpoints withIamCredentialsGrpc(URI iamCredentialsGrpc) {
    return new Endpoints(
        iamCredentials, iamCredentialsGrpc, iam, compute, oauth2, sts, publishedKeys, iapKeys);
  }

  /** {@return the same endpoints with another {@link #iam()}} */
  public Endpoints withIam(URI iam) {
    return new Endpoints(
        iamCredentials, iamCredentialsGrpc, iam, compute, oauth2, sts, publishedKeys, iapKeys);
  }

  /** {@return the same endpoints with another {@link #compute()}} */
  public Endpoints withCompute(URI compute) {
    return new Endpoints(
        iamCredentials, iamCredentialsGrpc, iam, compute, oauth2, sts, publishedKeys, iapKeys);
  }

  /** {@return the same endpoints with another {@link #oauth2()}} */
  public Endpoints withOauth2(URI oauth2) {
    return new Endpoints(
        iamCredentials, iamCredentialsGrpc, iam, compute, oauth2, sts, publishedKeys, iapKeys);
  }

  /** {@return the same endpoints with another {@link #sts()}} */
  public Endpoints withSts(URI sts) {
    return new Endpoints(
        iamCredentials, iamCredentialsGrpc, iam, compute, oauth2, sts, publishedKeys, iapKeys);
  }

  /** {@return the same endpoints with another {@link #publishedKeys()}} */
  public Endpoints withPublishedKeys(URI publishedKeys) {
    return new Endpoints(
        iamCredentials, iamCredentialsGrpc, iam, compute, oauth2, sts, publishedKeys, iapKeys);
  }

  /** {@return the same endpoints with another {@link #iapKeys()}} */
  public Endpoints withIapKeys(URI iapKeys) {
    return new Endpoints(
        iamCredentials, iamCredentialsGrpc, iam, compute, oauth2, sts, publishedKeys, iapKeys);
  }

  private static void check(URI endpoint, String transport) {
    String scheme = endpoint.getScheme();
    String host = endpoint.getHost();
    int port = endpoint.getPort();
    require(SecureUrls.isSecure(endpoint), endpoint, transport);
    URI plain = URI.create(scheme + "://" + host + (port < 0 ? "" : ":" + port));
    require(
        endpoint.equals(plain)
            && port != 0
            && port <= 65_535
            && !endpoint.getRawAuthority().endsWith(":"),
        endpoint,
        "it must be a scheme, a host and a port from 1 to 65535, without a path");
  }

  private static void require(boolean holds, URI endpoint, String rule) {
    if (!holds) {
      throw Checks.invalid(
          "endpoint", withoutSecrets(endpoint), rule, "write https://HOST or https://HOST:PORT");
    }
  }

  /** Removes user, query and fragment, which may contain a password or an API key. */
  private static String withoutSecrets(URI endpoint) {
    return endpoint
        .toString()
        .replaceFirst("^([A-Za-z][A-Za-z0-9+.-]*:/*)?.*[?#].*@.*", "$1…")
        .replaceFirst("^([A-Za-z][A-Za-z0-9+.-]*:/*)?.*@", "$1…@")
        .replaceFirst("[?#].*", "?…");
  }
}
