package io.github.shortlived.config;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.gson.JsonObject;
import io.github.shortlived.internal.client.SourceTransport;
import io.github.shortlived.internal.text.StrictJson;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Checks a credential configuration before google-auth reads it. google-auth receives the checked
 * JSON written anew, so that its parser cannot read the text differently.
 */
final class CredentialConfigReader {
  private CredentialConfigReader() {}

  static GoogleCredentials load(
      String json, CredentialConfigPolicy policy, HttpTransportFactory transports) {
    JsonObject checked = parse(json);
    CredentialConfigType type = CredentialConfigSchema.check(new ConfigField("", checked, policy));
    GoogleCredentials credentials;
    String universe;
    try {
      byte[] bytes = checked.toString().getBytes(StandardCharsets.UTF_8);
      HttpTransportFactory withoutRedirects = new SourceTransport(transports, false);
      credentials = GoogleCredentials.fromStream(new ByteArrayInputStream(bytes), withoutRedirects);
      universe = credentials.getUniverseDomain();
    } catch (IOException | RuntimeException e) {
      // Without the cause: google-auth's messages quote the configuration.
      throw unusable(
          "google-auth cannot load type %s: a field is missing or malformed, or the certificate that it names cannot be read"
              .formatted(type.id()));
    }
    // google-auth ignores the universe of users and uses Google's own.
    if (!universe.equals(policy.universe())) {
      throw unusable(
          "google-auth uses type %s in Google's own universe only, and the policy is for %s"
              .formatted(type.id(), policy.universe()));
    }
    return credentials;
  }

  private static JsonObject parse(String json) {
    try {
      return StrictJson.UNTRUSTED.parse(json);
    } catch (StrictJson.Malformed e) {
      throw unusable(String.valueOf(e.getMessage()));
    }
  }

  private static CredentialException unusable(String reason) {
    return InternalExceptions.sourceUnusable(
        "The credential configuration cannot be used: %s. Request a new one from its author."
            .formatted(reason),
        null);
  }
}
