package io.github.shortlived.internal.failure;

import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.StsRequestHandler;
import com.google.auth.oauth2.UserCredentials;
import com.google.common.base.Throwables;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The service from which google-auth requests a source token. Its exceptions do not report the
 * service. Most of the matching of google-auth's messages is here.
 *
 * @param service the host, such as {@code oauth2.googleapis.com}
 * @param method the method, as in Google's API reference; {@code token} for a token endpoint
 */
public record SourceEndpoint(String service, String method) {
  private static final String TOKEN = "token";
  private static final String IMPERSONATION = "generateAccessToken";
  private static final Set<String> OAUTH_TRANSIENT =
      Set.of(
          "server_error",
          "temporarily_unavailable",
          "internal_failure",
          "backend_error",
          "unavailable",
          "resource_exhausted",
          "quota_exceeded",
          "rate_limit_exceeded",
          "deadline_exceeded",
          "internal");
  // google-auth's messages if impersonation fails: in the source credentials, or in IAM.
  private static final String NO_SOURCE_TOKEN = "Unable to refresh sourceCredentials";
  private static final String NOT_ISSUED = "Error requesting access token";
  // A response of the metadata server, or of IAM to google-auth's own calls.
  private static final Pattern STATUS = Pattern.compile("Error code ([1-5][0-9]{2}) trying");
  // google-auth puts the error of an executable into its message and sets no cause.
  private static final Pattern OAUTH_ERROR = Pattern.compile("(?s)^Error code ([A-Za-z_]+)(.*)");

  /** Returns the HTTP status in a message of google-auth. */
  public static Optional<Integer> httpStatus(Throwable bySource) {
    return ConnectionFault.find(STATUS, bySource).map(status -> Integer.valueOf(status.group(1)));
  }

  /** Returns the OAuth 2.0 error code in a message of google-auth, and the rest of it. */
  static Optional<MatchResult> oauthError(Throwable bySource) {
    return ConnectionFault.find(OAUTH_ERROR, bySource);
  }

  /** Returns whether a retry may succeed after this OAuth 2.0 error. */
  static boolean isTransient(@Nullable String oauthError) {
    return oauthError != null && OAUTH_TRANSIENT.contains(oauthError);
  }

  /** Returns the service that failed these credentials; null if it is unknown. */
  static @Nullable SourceEndpoint of(GoogleCredentials source, Throwable failure) {
    if (impersonates(source) && failure instanceof TimeoutException) {
      return null; // They call several services, one after the other.
    } else if (source instanceof ImpersonatedCredentials impersonated) {
      return ofImpersonated(impersonated, failure);
    } else if (source instanceof ExternalAccountCredentials external) {
      return ofExternal(external, failure);
    }
    return named(tokenUri(source), TOKEN);
  }

  private static @Nullable SourceEndpoint named(@Nullable URI uri, String method) {
    return uri == null || uri.getHost() == null ? null : new SourceEndpoint(uri.getHost(), method);
  }

  private static @Nullable URI tokenUri(GoogleCredentials source) {
    if (source instanceof ServiceAccountCredentials key) {
      return key.getTokenServerUri();
    } else if (source instanceof UserCredentials user) {
      return user.toBuilder().getTokenServerUri();
    } else if (source instanceof ComputeEngineCredentials) {
      return URI.create(ComputeEngineCredentials.getMetadataServerUrl());
    }
    return null;
  }

  /**
   * Returns IAM, if it rejected the federated token, or the Security Token Service, if it did not
   * issue one; null if the subject token failed, which a file or an identity provider supplies.
   */
  private static @Nullable SourceEndpoint ofExternal(
      ExternalAccountCredentials external, Throwable failure) {
    @Nullable String impersonation = external.getServiceAccountImpersonationUrl();
    if (impersonation != null && isByIam(failure)) {
      return named(URI.create(impersonation), IMPERSONATION);
    }
    return isByTokenService(failure) ? named(URI.create(external.getTokenUrl()), TOKEN) : null;
  }

  private static boolean isByIam(Throwable failure) {
    return withMessage(NOT_ISSUED, failure).isPresent() && sourceFailure(failure).isEmpty();
  }

  /** Only the stack trace distinguishes these failures from those of a subject token. */
  private static boolean isByTokenService(Throwable failure) {
    return Throwables.getCausalChain(failure).stream()
        .flatMap(link -> Arrays.stream(link.getStackTrace()))
        .anyMatch(frame -> frame.getClassName().equals(StsRequestHandler.class.getName()));
  }

  /** Returns IAM, or the service of the credentials inside these if those failed. */
  private static @Nullable SourceEndpoint ofImpersonated(
      ImpersonatedCredentials impersonated, Throwable failure) {
    Optional<Throwable> bySource = sourceFailure(failure);
    try {
      return bySource.isPresent()
          ? of(impersonated.getSourceCredentials(), bySource.get())
          : new SourceEndpoint("iamcredentials." + impersonated.getUniverseDomain(), IMPERSONATION);
    } catch (IOException e) {
      return null; // The universe is unknown.
    }
  }

  /** Returns the credentials that IAM refused a token of another account, if IAM failed. */
  static Optional<GoogleCredentials> impersonator(GoogleCredentials source, Throwable failure) {
    Optional<Throwable> bySource = sourceFailure(failure);
    if (bySource.isEmpty()) {
      return Optional.of(source).filter(failed -> impersonates(failed) && isByIam(failure));
    }
    return source instanceof ImpersonatedCredentials impersonated
        ? impersonator(impersonated.getSourceCredentials(), bySource.get())
        : Optional.empty();
  }

  private static boolean impersonates(GoogleCredentials source) {
    return source instanceof ImpersonatedCredentials
        || (source instanceof ExternalAccountCredentials external
            && external.getServiceAccountImpersonationUrl() != null);
  }

  /** Returns why impersonated credentials have no token to impersonate with. */
  private static Optional<Throwable> sourceFailure(Throwable failure) {
    return withMessage(NO_SOURCE_TOKEN, failure).map(Throwable::getCause);
  }

  private static Optional<Throwable> withMessage(String message, Throwable failure) {
    return Throwables.getCausalChain(failure).stream()
        .filter(link -> message.equals(link.getMessage()))
        .findFirst();
  }
}
