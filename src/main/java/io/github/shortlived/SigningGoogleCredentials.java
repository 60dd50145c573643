package io.github.shortlived;

import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdToken;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.common.base.Strings;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** GoogleCredentials of a service account, which also sign and issue ID tokens. */
@SuppressWarnings("serial") // Refuses to be serialized.
final class SigningGoogleCredentials extends IssuedGoogleCredentials
    implements ServiceAccountSigner, IdTokenProvider {

  SigningGoogleCredentials(CredentialsSpec spec, GoogleCredentials.Builder options) {
    super(spec, options);
  }

  @Override
  public String getAccount() {
    return spec().account();
  }

  @Override
  public byte[] sign(byte[] toSign) {
    return spec().sign(toSign);
  }

  /**
   * Returns an ID token, with the email address for each of the metadata server's options that
   * include it. The token is cached, and valid for long enough for google-auth's own cache.
   */
  @Override
  public IdToken idTokenWithAudience(
      @Nullable String targetAudience, @Nullable List<Option> options) throws IOException {
    if (options != null && options.contains(Option.LICENSES_TRUE)) {
      throw new IOException(
          "Invalid option LICENSES_TRUE: only a metadata server supports it. Leave it out.");
    }
    boolean withEmail =
        options != null
            && (options.contains(Option.INCLUDE_EMAIL) || options.contains(Option.FORMAT_FULL));
    return spec().idToken(Strings.nullToEmpty(targetAudience), withEmail);
  }
}
