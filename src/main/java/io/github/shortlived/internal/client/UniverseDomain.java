package io.github.shortlived.internal.client;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.ExternalAccountAuthorizedUserCredentials;
import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.text.GoogleHosts;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.InternalExceptions;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The universe domain of source credentials, which decides where Google's services are. Methods
 * block on Compute Engine, because they call the metadata server.
 */
public final class UniverseDomain {
  private UniverseDomain() {}

  /** Returns the universe domain, such as {@code googleapis.com}. */
  public static String of(SourceCredentials source, Retrier retrier) {
    return stored(source.credentials()).orElseGet(() -> fetch(source, retrier));
  }

  private static String fetch(SourceCredentials source, Retrier retrier) {
    try {
      return retrier.call(
          deadline -> source.call(source.credentials()::getUniverseDomain, deadline));
    } catch (FailedCallException e) {
      if (e.failure().status() == Code.CANCELLED) { // The thread is interrupted.
        throw InternalExceptions.translate(e, "Loading the source credentials");
      }
      throw unknown("Check that the metadata server can be reached.", e);
    }
  }

  /**
   * Refuses endpoints of another universe than the source's, whose services would reject its
   * tokens: a host of Google's own universe, or all public endpoints of one other universe. Accepts
   * other hosts, such as proxies. Makes no call, and so accepts all endpoints on Compute Engine.
   */
  public static Endpoints check(Endpoints endpoints, SourceCredentials source) {
    stored(source.credentials()).ifPresent(universe -> check(endpoints, universe));
    return endpoints;
  }

  /** Returns the universe domain if the credentials know it without a network call. */
  private static Optional<String> stored(GoogleCredentials credentials) {
    try {
      return stores(credentials) ? Optional.of(credentials.getUniverseDomain()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean stores(GoogleCredentials credentials) {
    return credentials instanceof ImpersonatedCredentials impersonated
        ? stores(impersonated.getSourceCredentials())
        : credentials instanceof ServiceAccountCredentials
            || credentials instanceof UserCredentials
            || credentials instanceof ExternalAccountCredentials
            || credentials instanceof ExternalAccountAuthorizedUserCredentials
            || credentials.getClass() == GoogleCredentials.class;
  }

  private static void check(Endpoints endpoints, String universe) {
    Optional<String> ofAll = ofAll(endpoints);
    for (URI endpoint : list(endpoints)) {
      String other = ofHost(host(endpoint), universe).or(() -> ofAll).orElse(universe);
      if (!other.equals(universe)) {
        throw InternalExceptions.invalid(
            "endpoint",
            endpoint.toString(),
            "it belongs to the universe %s, but the source credentials to %s"
                .formatted(other, universe),
            "use Endpoints.universe(\"%s\"), or source credentials of %s"
                .formatted(universe, other));
      }
    }
  }

  /** Returns the universe that a host shows to belong to, if it is the source's or Google's own. */
  private static Optional<String> ofHost(String host, String ofSource) {
    return Stream.of(ofSource, GoogleHosts.DEFAULT_UNIVERSE)
        .filter(universe -> host.endsWith("." + universe))
        .findFirst();
  }

  /** Returns the universe whose public endpoints these are; empty if one of them is not public. */
  private static Optional<String> ofAll(Endpoints endpoints) {
    String host = host(endpoints.iamCredentials());
    return Optional.of(host.replaceFirst("^iamcredentials\\.", ""))
        .filter(GoogleHosts::isDomain)
        .filter(
            universe ->
                list(Endpoints.universe(universe)).stream()
                    .map(UniverseDomain::host)
                    .toList()
                    .equals(list(endpoints).stream().map(UniverseDomain::host).toList()));
  }

  private static List<URI> list(Endpoints endpoints) {
    return List.of(
        endpoints.iamCredentials(),
        endpoints.iamCredentialsGrpc(),
        endpoints.iam(),
        endpoints.compute(),
        endpoints.oauth2(),
        endpoints.sts());
  }

  /** Returns the host as DNS reads it, with any port but that of https. */
  private static String host(URI endpoint) {
    String host = endpoint.getHost().toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    int port = endpoint.getPort();
    return port < 0 || port == 443 ? host : host + ":" + port;
  }

  /** Returns the public endpoints of the universe. */
  public static Endpoints endpoints(SourceCredentials source, Retrier retrier) {
    String universe = of(source, retrier);
    // On Compute Engine any server may respond in place of the metadata server.
    if (source.credentials() instanceof ComputeEngineCredentials
        && !GoogleHosts.isDomain(universe)) {
      throw unknown(
          "The response of the metadata server is not a domain name: check which server responds.",
          null);
    }
    return Endpoints.universe(universe);
  }

  private static CredentialException unknown(String fix, @Nullable Throwable cause) {
    return InternalExceptions.sourceUnusable(
        "The universe domain of the source credentials is unknown. " + fix, cause);
  }
}
