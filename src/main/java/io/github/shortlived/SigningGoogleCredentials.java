package io.github.shortlived;

import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdToken;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.common.base.Strings;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form of a service account: it also signs, and issues ID tokens. */
@SuppressWarnings("serial") // Refuses to be serialized.
final class SigningGoogleCredentials extends IssuedGoogleCredentials
    implements ServiceAccountSigner, IdTokenProvider {

  SigningGoogleCredentials(CredentialsSpec issuance, GoogleCredentials.Builder options) {
    super(issuance, options);
  }

  @Override
  public String getAccount() {
    return issuance().account();
  }

  @Override
  public byte[] sign(byte[] toSign) {
    return issuance().signature(toSign);
  }

  /**
   * Both options of a metadata server that bring the email are for it here; licenses nobody but a
   * metadata server tells. The token is the kept one while it is fresh by google-auth's measure.
   */
  @Override
  public IdToken idTokenWithAudience(
      @Nullable String targetAudience, @Nullable List<Option> options) throws IOException {
    if (options != null && options.contains(Option.LICENSES_TRUE)) {
      throw new IOException(
          "Invalid option LICENSES_TRUE: only a metadata server tells licenses. Leave it out.");
    }
    boolean withEmail =
        options != null
            && (options.contains(Option.INCLUDE_EMAIL) || options.contains(Option.FORMAT_FULL));
    return issuance().idToken(Strings.nullToEmpty(targetAudience), withEmail);
  }
}
