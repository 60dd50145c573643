package io.github.shortlived.internal.http;

import com.google.auth.mtls.MtlsHttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdentityPoolCredentialSource;
import com.google.auth.oauth2.IdentityPoolCredentials;

/** Credentials that authenticate their connections with an X.509 certificate. */
public final class MutualTls {
  private MutualTls() {}

  /**
   * Returns these credentials or, if their source has a certificate, a copy with google-auth's own
   * transport: over any other, google-auth does not present the certificate. The type of the
   * subject token proves nothing, because a configuration may state any: google-auth's transport
   * follows redirects, and would request the subject token of a URL, too.
   */
  public static GoogleCredentials withTransport(GoogleCredentials loaded) {
    return loaded instanceof IdentityPoolCredentials workload
            && workload.getCredentialSource() instanceof IdentityPoolCredentialSource source
            && source.getCertificateConfig() != null
        ? workload.toBuilder().setHttpTransportFactory(new MtlsHttpTransportFactory()).build()
        : loaded;
  }
}
