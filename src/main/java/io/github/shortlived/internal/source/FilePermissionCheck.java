package io.github.shortlived.internal.source;

import io.github.shortlived.internal.text.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * A file with a secret that other users of this machine may read or write. That is told and not
 * refused: files that a container's platform mounts are readable by all, and nobody else is there.
 *
 * @param file the file
 * @param permissions as {@code ls} shows them, such as {@code rw-r--r--}
 */
public record FilePermissionCheck(Path file, String permissions) {

  /** Empty where only its owner may, and on file systems that do not tell it this way. */
  static Optional<FilePermissionCheck> of(Path file) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      return permissions.stream().anyMatch(FilePermissionCheck::isOfOthers)
          ? Optional.of(new FilePermissionCheck(file, PosixFilePermissions.toString(permissions)))
          : Optional.empty();
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty(); // What cannot be told is nobody's fault.
    }
  }

  private static boolean isOfOthers(PosixFilePermission permission) {
    return switch (permission) {
      case GROUP_READ, GROUP_WRITE, OTHERS_READ, OTHERS_WRITE -> true;
      default -> false;
    };
  }

  /** {@return what is wrong, and the command that mends it} */
  @Override
  public String toString() {
    return "Key file '%s' is open to other users of this machine (%s). Close it: chmod 600 %s"
        .formatted(file, permissions, ShellWord.of(file.toString()));
  }
}
