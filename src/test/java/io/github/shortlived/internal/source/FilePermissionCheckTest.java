package io.github.shortlived.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.FakeHttp;
import io.github.shortlived.config.ConfigExamples;
import io.github.shortlived.model.CredentialEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
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
  void check_openToOthers_advisesTheCommand(String permissions) throws Exception {
    permit(permissions);

    assertThat(FilePermissionCheck.check(file).orElseThrow().advice())
        .isEqualTo(
            "Other users of this machine can read or write the key file '%s' (%s). Restrict it: chmod 600 '%s'"
                .formatted(file, permissions, file));
  }

  @Test
  void check_nameWithALineBreak_adviceIsOneLine(@TempDir Path folder) throws Exception {
    Path odd = Files.createFile(folder.resolve("key\n.json"));
    Files.setPosixFilePermissions(odd, PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(FilePermissionCheck.check(odd).orElseThrow().advice())
        .doesNotContain("\n")
        .endsWith("chmod 600 FILE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------", "rwx--x--x"})
  void check_ownerOnly_isEmpty(String permissions) throws Exception {
    permit(permissions);

    assertThat(FilePermissionCheck.check(file)).isEmpty();
  }

  @Test
  void check_missingFile_isEmpty() {
    assertThat(FilePermissionCheck.check(Path.of("missing.json"))).isEmpty();
  }

  @Test
  void load_keyFileOpenToOthers_publishesAnEvent() throws Exception {
    SourceCredentialsLoader loader = new SourceCredentialsLoader();
    loader.keyFile(file);
    List<CredentialEvent> events = new ArrayList<>();

    permit("rw-------");
    loader.load(new FakeHttp(), events::add);
    assertThat(events).isEmpty();
    permit("rw-r--r--");
    loader.load(new FakeHttp(), events::add);
    assertThat(events).singleElement().asString().contains("'" + file + "' (rw-r--r--)");
  }

  private void permit(String permissions) throws Exception {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}
