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
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Whom google-auth asks for a source token, which its failures do not tell. */
final class SourceEndpoint {
  private static final String TOKEN = "token";
  private static final String IMPERSONATION = "generateAccessToken";
  // google-auth's words: there is no token to impersonate with, and IAM gave none.
  private static final String NO_TOKEN = "Unable to refresh sourceCredentials";
  private static final String NOT_GIVEN = "Error requesting access token";

  private SourceEndpoint() {}

  /** The service that failed these credentials so; null where they do not tell. */
  static @Nullable ServiceMethod of(GoogleCredentials source, Throwable failure) {
    if (impersonates(source) && failure instanceof TimeoutException) {
      return null; // Any of those whom they ask, one after the other, may have kept silent.
    } else if (source instanceof ImpersonatedCredentials impersonated) {
      return ofImpersonated(impersonated, failure);
    } else if (source instanceof ExternalAccountCredentials external) {
      return ofExternal(external, failure);
    }
    return named(tokenUri(source), TOKEN);
  }

  private static @Nullable ServiceMethod named(@Nullable URI uri, String method) {
    return uri == null || uri.getHost() == null ? null : new ServiceMethod(uri.getHost(), method);
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
   * IAM, which the federated token is shown to, or the Security Token Service, which gives it; null
   * if it was whoever gives the subject token, such as a file or an identity provider.
   */
  private static @Nullable ServiceMethod ofExternal(
      ExternalAccountCredentials external, Throwable failure) {
    @Nullable String impersonation = external.getServiceAccountImpersonationUrl();
    if (impersonation != null && isByIam(failure)) {
      return named(URI.create(impersonation), IMPERSONATION);
    }
    return isByTokenService(failure) ? named(URI.create(external.getTokenUrl()), TOKEN) : null;
  }

  private static boolean isByIam(Throwable failure) {
    return withMessage(NOT_GIVEN, failure).isPresent() && sourceFailure(failure).isEmpty();
  }

  /** Nothing but where it was thrown tells these failures from those of a subject token. */
  private static boolean isByTokenService(Throwable failure) {
    return Throwables.getCausalChain(failure).stream()
        .flatMap(link -> Arrays.stream(link.getStackTrace()))
        .anyMatch(frame -> frame.getClassName().equals(StsRequestHandler.class.getName()));
  }

  /** Either their own source had no token, or IAM refused them one. */
  private static @Nullable ServiceMethod ofImpersonated(
      ImpersonatedCredentials impersonated, Throwable failure) {
    Optional<Throwable> bySource = sourceFailure(failure);
    try {
      return bySource.isPresent()
          ? of(impersonated.getSourceCredentials(), bySource.get())
          : new ServiceMethod("iamcredentials." + impersonated.getUniverseDomain(), IMPERSONATION);
    } catch (IOException e) {
      return null; // The universe is not known.
    }
  }

  /** The credentials to which IAM failed to give a token of another account, if it did. */
  static Optional<GoogleCredentials> impersonator(GoogleCredentials source, Throwable failure) {
    Optional<Throwable> bySource = sourceFailure(failure);
    if (bySource.isEmpty()) {
      return Optional.of(source).filter(asked -> impersonates(asked) && isByIam(failure));
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

  /** Why impersonated credentials have no token to impersonate with, if that is so. */
  private static Optional<Throwable> sourceFailure(Throwable failure) {
    return withMessage(NO_TOKEN, failure).map(Throwable::getCause);
  }

  private static Optional<Throwable> withMessage(String words, Throwable failure) {
    return Throwables.getCausalChain(failure).stream()
        .filter(link -> words.equals(link.getMessage()))
        .findFirst();
  }
}
