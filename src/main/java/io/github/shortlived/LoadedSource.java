package io.github.shortlived;

import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Source credentials, and what whoever loaded them should be told.
 *
 * @param credentials who calls
 * @param exposed the file with their secret, where other users of the machine may read it
 */
record LoadedSource(GoogleCredentials credentials, Optional<ExposedFile> exposed) {

  static LoadedSource of(GoogleCredentials credentials) {
    return new LoadedSource(credentials, Optional.empty());
  }

  /** What was read from this file. */
  static LoadedSource of(GoogleCredentials credentials, Path file) {
    return new LoadedSource(
        credentials, holdsSecret(credentials) ? ExposedFile.of(file) : Optional.empty());
  }

  /** Federation's configuration says where a subject token is, and does not hold one. */
  private static boolean holdsSecret(GoogleCredentials credentials) {
    return !(credentials instanceof ExternalAccountCredentials federated)
        || federated.getClientSecret() != null;
  }

  /** google-auth's would print a user's refresh token. */
  @Override
  public String toString() {
    return "LoadedSource[%s, exposed=%s]"
        .formatted(credentials.getClass().getSimpleName(), exposed);
  }
}
