package io.github.shortlived.internal.client;

import com.google.auth.oauth2.ComputeEngineCredentials;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.text.GoogleHosts;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.InternalExceptions;
import org.jspecify.annotations.Nullable;

/**
 * The universe domain of source credentials, which decides where Google's services are. Methods
 * block on Compute Engine, because they call the metadata server.
 */
public final class UniverseDomain {
  private UniverseDomain() {}

  /** Returns the universe domain, such as {@code googleapis.com}. */
  public static String of(SourceCredentials source, Retrier retrier) {
    try {
      return retrier.call(
          deadline -> source.call(source.credentials()::getUniverseDomain, deadline));
    } catch (FailedCallException e) {
      throw unknown("Check that the metadata server can be reached.", e);
    }
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
