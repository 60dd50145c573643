package io.github.shortlived.internal.source;

import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Source credentials, and what whoever loaded them should be told.
 *
 * @param credentials who calls
 * @param exposed the file with their secret, where other users of the machine may read it
 */
public record LoadedCredentials(
    GoogleCredentials credentials, Optional<FilePermissionCheck> exposed) {

  public static LoadedCredentials of(GoogleCredentials credentials) {
    return new LoadedCredentials(credentials, Optional.empty());
  }

  /** What was read from this file. */
  static LoadedCredentials of(GoogleCredentials credentials, Path file) {
    return new LoadedCredentials(
        credentials,
        holdsSecret(credentials, file) ? FilePermissionCheck.of(file) : Optional.empty());
  }

  /**
   * Federation's configuration says where a subject token is, and does not hold one; but it may
   * hold what that is asked for with, as that of GitHub does.
   */
  private static boolean holdsSecret(GoogleCredentials credentials, Path file) {
    return !(credentials instanceof ExternalAccountCredentials federated)
        || federated.getClientSecret() != null
        || hasHeaders(file);
  }

  private static boolean hasHeaders(Path file) {
    try {
      return Files.isRegularFile(file) // A pipe is read once.
          && JsonParser.parseString(Files.readString(file)) instanceof JsonObject configuration
          && configuration.get("credential_source") instanceof JsonObject source
          && source.get("headers") instanceof JsonObject headers
          && !Set.of("Metadata").containsAll(headers.keySet()); // Azure's, which is no secret.
    } catch (IOException | JsonParseException e) {
      return false; // It was there and read a moment ago.
    }
  }

  /** google-auth's would print a user's refresh token. */
  @Override
  public String toString() {
    return "LoadedSource[%s, exposed=%s]"
        .formatted(credentials.getClass().getSimpleName(), exposed);
  }
}
