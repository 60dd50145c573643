package io.github.shortlived;

import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Date;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * GoogleCredentials whose tokens this library issues; google-auth's own cache holds the current
 * one.
 */
@SuppressWarnings("serial") // Refuses to be serialized.
final class IssuedGoogleCredentials extends GoogleCredentials {
  private final transient ShortLivedCredentials issuer;
  private final transient AccessTokenRequest request;

  IssuedGoogleCredentials(ShortLivedCredentials issuer, AccessTokenRequest request) {
    this.issuer = issuer;
    this.request = request;
  }

  @Override
  public com.google.auth.oauth2.AccessToken refreshAccessToken() throws IOException {
    try {
      AccessToken token = issuer.issue(request);
      return new com.google.auth.oauth2.AccessToken(token.token(), Date.from(token.expireTime()));
    } catch (CredentialException e) {
      // google-auth's callers expect an IOException.
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public String getUniverseDomain() throws IOException {
    return issuer.universeDomain();
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    throw new NotSerializableException(getClass().getName());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IssuedGoogleCredentials that
        && issuer == that.issuer
        && request.equals(that.request);
  }

  @Override
  public int hashCode() {
    return Objects.hash(System.identityHashCode(issuer), request);
  }

  @Override
  public String toString() {
    return "IssuedGoogleCredentials[%s]".formatted(request);
  }
}
