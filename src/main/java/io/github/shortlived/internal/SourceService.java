package io.github.shortlived.internal;

import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;
import com.google.common.base.Throwables;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whom google-auth asks for a source token, which its failures do not tell. */
final class SourceService {
  private static final String TOKEN = "token";
  private static final String IMPERSONATION = "generateAccessToken";
  // google-auth's words.
  private static final String NO_TOKEN = "Unable to refresh sourceCredentials";

  private SourceService() {}

  /** The service that failed these credentials so; null where they do not tell. */
  static @Nullable ServiceMethod of(GoogleCredentials source, Throwable failure) {
    if (source instanceof ImpersonatedCredentials impersonated) {
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

  /** Either the Security Token Service, or IAM, which the federated token is shown to. */
  private static @Nullable ServiceMethod ofExternal(
      ExternalAccountCredentials external, Throwable failure) {
    @Nullable String impersonation = external.getServiceAccountImpersonationUrl();
    return impersonation == null || bySource(failure).isPresent()
        ? named(URI.create(external.getTokenUrl()), TOKEN)
        : named(URI.create(impersonation), IMPERSONATION);
  }

  /** Either their own source had no token, or IAM refused them one. */
  private static @Nullable ServiceMethod ofImpersonated(
      ImpersonatedCredentials impersonated, Throwable failure) {
    Optional<Throwable> bySource = bySource(failure);
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
    Optional<Throwable> bySource = bySource(failure);
    if (bySource.isEmpty()) {
      return Optional.of(source).filter(SourceService::impersonates);
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
  private static Optional<Throwable> bySource(Throwable failure) {
    return Throwables.getCausalChain(failure).stream()
        .filter(link -> NO_TOKEN.equals(link.getMessage()))
        .findFirst()
        .map(Throwable::getCause);
  }
}
