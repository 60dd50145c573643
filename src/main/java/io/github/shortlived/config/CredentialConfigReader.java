package io.github.shortlived.config;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.gson.JsonObject;
import io.github.shortlived.internal.client.SourceTransport;
import io.github.shortlived.internal.text.SafePath;
import io.github.shortlived.internal.text.Secrets;
import io.github.shortlived.internal.text.StrictJson;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A credential configuration from outside: it is checked before google-auth sees it, which opens
 * and calls what it says. What is handed on is what was checked, written anew, so that no second
 * parser can read it otherwise.
 */
public record CredentialConfigReader(String origin, String json, CredentialConfigPolicy policy) {
  public static CredentialConfigReader of(String json, CredentialConfigPolicy policy) {
    return new CredentialConfigReader("The credential configuration", json, policy);
  }

  public static CredentialConfigReader read(Path file, CredentialConfigPolicy policy) {
    String origin = "Credential configuration " + SafePath.of(file.toString());
    return new CredentialConfigReader(origin, read(file, origin), policy);
  }

  public GoogleCredentials load(HttpTransportFactory transports) {
    JsonObject checked = parsed();
    CredentialConfigType type =
        CredentialConfigSchema.check(new ConfigField(origin, "", checked, policy));
    GoogleCredentials credentials;
    String universe;
    try {
      byte[] bytes = checked.toString().getBytes(StandardCharsets.UTF_8);
      HttpTransportFactory straight = new SourceTransport(transports, false);
      credentials = GoogleCredentials.fromStream(new ByteArrayInputStream(bytes), straight);
      universe = credentials.getUniverseDomain();
    } catch (IOException | RuntimeException e) {
      // google-auth's messages quote what they read, so the exception is not kept.
      throw unusable(
          "google-auth finds a field of type %s missing or malformed, or cannot read the certificate it names"
              .formatted(type.id()));
    }
    checkUniverse(universe, type);
    return credentials;
  }

  /** google-auth takes every user for one of Google's own universe, whatever the field says. */
  private void checkUniverse(String taken, CredentialConfigType type) {
    if (!taken.equals(policy.universe())) {
      throw unusable(
          "google-auth calls Google's own services with one of type %s, and the policy is for %s"
              .formatted(type.id(), policy.universe()));
    }
  }

  private JsonObject parsed() {
    try {
      return StrictJson.UNTRUSTED.parse(json);
    } catch (StrictJson.Malformed e) {
      throw unusable(e.rule());
    }
  }

  private static String read(Path file, String origin) {
    try (InputStream content = Files.newInputStream(file)) {
      byte[] bytes = content.readNBytes(StrictJson.MAX_UNTRUSTED_BYTES + 1);
      if (bytes.length > StrictJson.MAX_UNTRUSTED_BYTES) {
        throw unusable(origin, StrictJson.TOO_LARGE);
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw unusable(origin, "there is no such file");
    } catch (IOException e) {
      throw unusable(origin, "it cannot be read as UTF-8 text");
    }
  }

  private CredentialException unusable(String why) {
    return unusable(origin, why);
  }

  private static CredentialException unusable(String origin, String why) {
    return InternalExceptions.sourceUnusable(
        "%s cannot be used: %s. Ask whoever made it for another one.".formatted(origin, why), null);
  }

  /** Not the configuration, which may hold a key. */
  @Override
  public String toString() {
    return "UntrustedConfiguration[%s]".formatted(Secrets.fingerprint(json));
  }
}
