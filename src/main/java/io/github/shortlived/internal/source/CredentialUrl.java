package io.github.shortlived.internal.source;

import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdentityPoolCredentialSource;
import com.google.auth.oauth2.IdentityPoolCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A URL to which credentials of google-auth send requests.
 *
 * @param use what the URL is for, such as {@code token server}
 * @param url null for Google's own
 */
record CredentialUrl(String use, @Nullable String url) {
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  /** Returns all URLs; empty if the credentials may send a token or secret to another one. */
  static Optional<List<CredentialUrl>> all(GoogleCredentials credentials) {
    Class<?> type = credentials.getClass(); // A subclass may send requests anywhere.
    if (type == ServiceAccountCredentials.class) {
      return ofKey((ServiceAccountCredentials) credentials);
    } else if (type == UserCredentials.class) {
      return ofUser((UserCredentials) credentials);
    } else if (type == ComputeEngineCredentials.class) {
      return known(
          new CredentialUrl("metadata server", ComputeEngineCredentials.getMetadataServerUrl()));
    } else if (type == ImpersonatedCredentials.class) {
      return ofImpersonated((ImpersonatedCredentials) credentials);
    } else if (type == IdentityPoolCredentials.class) {
      return ofWorkload((IdentityPoolCredentials) credentials);
    }
    return Optional.empty();
  }

  private static CredentialUrl tokenServer(@Nullable URI url) {
    return new CredentialUrl("token server", url == null ? null : url.toString());
  }

  private static Optional<List<CredentialUrl>> known(CredentialUrl... urls) {
    return Optional.of(List.of(urls));
  }

  private static Optional<List<CredentialUrl>> ofKey(ServiceAccountCredentials key) {
    return known(tokenServer(key.getTokenServerUri()));
  }

  /** Without a refresh token, they consist of an access token, which does not show its issuer. */
  private static Optional<List<CredentialUrl>> ofUser(UserCredentials user) {
    return user.getRefreshToken() == null
        ? Optional.empty()
        : known(tokenServer(user.toBuilder().getTokenServerUri()));
  }

  private static Optional<List<CredentialUrl>> ofImpersonated(ImpersonatedCredentials target) {
    CredentialUrl own =
        new CredentialUrl("impersonation URL", target.toBuilder().getIamEndpointOverride());
    return all(target.getSourceCredentials())
        .map(urls -> Stream.concat(urls.stream(), Stream.of(own)).toList());
  }

  /** Only a file or a URL supplies a subject token that can be examined. */
  private static Optional<List<CredentialUrl>> ofWorkload(IdentityPoolCredentials workload) {
    if (!(workload.getCredentialSource() instanceof IdentityPoolCredentialSource source)
        || source.getCertificateConfig() != null) {
      return Optional.empty();
    }
    return Optional.of(
        Stream.of(
                overHttp("token_url", workload.getTokenUrl()),
                overHttp("token_info_url", workload.getTokenInfoUrl()),
                overHttp(
                    "service_account_impersonation_url",
                    workload.getServiceAccountImpersonationUrl()),
                location(source.getCredentialLocation()))
            .flatMap(Optional::stream)
            .toList());
  }

  /** Undoes {@link EmulatorSource}'s change for google-auth, which requires https here. */
  private static Optional<CredentialUrl> overHttp(String use, @Nullable String url) {
    return Optional.ofNullable(url)
        .map(text -> new CredentialUrl(use, text.replaceFirst("^https:", "http:")));
  }

  private static Optional<CredentialUrl> location(@Nullable String fileOrUrl) {
    return Optional.ofNullable(fileOrUrl)
        .filter(text -> SCHEME.matcher(text).matches())
        .map(url -> new CredentialUrl("credential_source.url", url));
  }
}
