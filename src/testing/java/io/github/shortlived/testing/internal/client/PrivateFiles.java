package io.github.shortlived.testing.internal.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that hold secrets: only their owner may read them, and nobody sees half of one. */
public final class PrivateFiles {
  private PrivateFiles() {}

  /** Writes a file anew; its folder is made if need be. */
  public static Path write(Path folder, String name, String content) {
    try {
      Files.createDirectories(folder);
      // Java makes temporary files with permissions 0600 where the file system knows them.
      Path draft = Files.createTempFile(folder, "." + name, "");
      Files.writeString(draft, content);
      return Files.move(draft, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write %s into %s: give a folder you may write to".formatted(name, folder), e);
    }
  }
}
