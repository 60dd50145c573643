package io.github.shortlived.internal.source;

import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.internal.text.ShellCommand;
import io.github.shortlived.model.CredentialEvent.SecretExposed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Finds files with a secret that other users of this machine may read or write. The finding is an
 * event, not a failure: container platforms mount files that are readable by all users.
 */
final class FilePermissionCheck {
  private FilePermissionCheck() {}

  /** Checks the file from which these credentials were read. */
  static Optional<SecretExposed> check(GoogleCredentials credentials, Path file) {
    return holdsSecret(credentials, file) ? check(file) : Optional.empty();
  }

  /** Returns empty if only the owner has access, or if the permissions cannot be read. */
  static Optional<SecretExposed> check(Path file) {
    try {
      String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
      return permissions.substring(3).matches(".*[rw].*") // After the three of the owner.
          ? Optional.of(new SecretExposed(file, advice(file, permissions)))
          : Optional.empty();
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  private static String advice(Path file, String permissions) {
    return "Other users of this machine can read or write the key file '%s' (%s). Restrict it: chmod 600 %s"
        .formatted(SafeText.visible(file.toString()), permissions, word(file.toString()));
  }

  /** The command leaves out a name with hidden characters: a line break would split a log line. */
  private static String word(String path) {
    return SafeText.visible(path).equals(path) ? ShellCommand.word(path) : "FILE";
  }

  /**
   * A federation configuration names the location of a subject token. It holds a secret only if it
   * has a client secret or, like a configuration for GitHub, request headers.
   */
  private static boolean holdsSecret(GoogleCredentials credentials, Path file) {
    return !(credentials instanceof ExternalAccountCredentials federated)
        || federated.getClientSecret() != null
        || hasHeaders(file);
  }

  private static boolean hasHeaders(Path file) {
    try {
      return Files.isRegularFile(file) // A pipe can be read only once.
          && JsonParser.parseString(CredentialFile.read(file)) instanceof JsonObject configuration
          && configuration.get("credential_source") instanceof JsonObject source
          && source.get("headers") instanceof JsonObject headers
          && !Set.of("Metadata").containsAll(headers.keySet()); // Azure's header is no secret.
    } catch (CredentialFile.Unusable | JsonParseException e) {
      return false; // The file was readable a moment ago: it was removed or replaced since.
    }
  }
}
