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
import org.jspecify.annotations.Nullable;

/** Whom google-auth asks for a source token, which its failures do not tell. */
final class SourceService {
  private static final String TOKEN = "token";
  private static final String IMPERSONATION = "generateAccessToken";

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
    return impersonation == null || isBySource(failure)
        ? named(URI.create(external.getTokenUrl()), TOKEN)
        : named(URI.create(impersonation), IMPERSONATION);
  }

  /** google-auth's words where impersonated credentials have no token to impersonate with. */
  private static boolean isBySource(Throwable failure) {
    return Throwables.getCausalChain(failure).stream()
        .anyMatch(link -> "Unable to refresh sourceCredentials".equals(link.getMessage()));
  }

  /** Either their own source had no token, or IAM refused them one. */
  private static @Nullable ServiceMethod ofImpersonated(
      ImpersonatedCredentials impersonated, Throwable failure) {
    try {
      return isBySource(failure)
          ? of(impersonated.getSourceCredentials(), failure)
          : new ServiceMethod("iamcredentials." + impersonated.getUniverseDomain(), IMPERSONATION);
    } catch (IOException e) {
      return null; // The universe is not known.
    }
  }
}
