package io.github.shortlived.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.FakeHttp;
import io.github.shortlived.config.ConfigExamples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(OS.WINDOWS)
class FilePermissionCheckTest {
  private final Path file;

  FilePermissionCheckTest(@TempDir Path folder) throws Exception {
    this.file =
        Files.writeString(folder.resolve("a key.json"), ConfigExamples.serviceAccount() + "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw--w----", "rw----r--", "rw-----w-", "rwxrwxrwx"})
  void of_openToOthers_tellsTheCommandThatClosesIt(String permissions) throws Exception {
    permit(permissions);

    assertThat(FilePermissionCheck.of(file).orElseThrow().toString())
        .isEqualTo(
            "Key file '%s' is open to other users of this machine (%s). Close it: chmod 600 '%s'"
                .formatted(file, permissions, file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------", "rwx--x--x"})
  void of_closed_isEmpty(String permissions) throws Exception {
    permit(permissions);

    assertThat(FilePermissionCheck.of(file)).isEmpty();
  }

  @Test
  void of_missing_isEmpty() {
    assertThat(FilePermissionCheck.of(Path.of("missing.json"))).isEmpty();
  }

  @Test
  void load_keyFileOpenToOthers_isLoadedAndTold() throws Exception {
    SourceCredentialsLoader option = new SourceCredentialsLoader();
    option.keyFile(file);

    permit("rw-r--r--");
    assertThat(option.load(new FakeHttp()).exposed())
        .contains(new FilePermissionCheck(file, "rw-r--r--"));
    permit("rw-------");
    assertThat(option.load(new FakeHttp()).exposed()).isEmpty();
  }

  private void permit(String permissions) throws Exception {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}
