package io.github.shortlived.internal.http;

import com.google.auth.mtls.MtlsHttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdentityPoolCredentials;

/** Credentials that authenticate their connections with an X.509 certificate. */
public final class MutualTls {
  private static final String CERTIFICATE = "urn:ietf:params:oauth:token-type:mtls";

  private MutualTls() {}

  /**
   * Returns these credentials or, if their subject token is a certificate, a copy with
   * google-auth's own transport: over any other, google-auth does not present the certificate.
   */
  public static GoogleCredentials withTransport(GoogleCredentials loaded) {
    return loaded instanceof IdentityPoolCredentials workload
            && CERTIFICATE.equals(workload.getSubjectTokenType())
        ? workload.toBuilder().setHttpTransportFactory(new MtlsHttpTransportFactory()).build()
        : loaded;
  }
}
