package io.github.shortlived.testing.standalone;

import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.testing.Demo;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.Wire;
import io.github.shortlived.testing.internal.client.CredentialFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The standalone emulator in its own process. */
class StandaloneTest {
  private final Path folder;

  StandaloneTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void main_untilSigterm_servesAndThenStops() throws Exception {
    Process process = start("--dir", folder.toString());
    try (BufferedReader output = process.inputReader()) {
      URI http = ready(output.readLine());
      assertThat(output.readLine()).contains("for tests only");
      assertListsAccounts(http);
      process.toHandle().destroy(); // Process.destroy() would close the streams
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isEqualTo(143);
      assertThat(errors(process)).doesNotContain("Exception");
      assertThat(Demo.accepts(http)).isFalse();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void main_defaultWorld_writesFilesThatOnlyTheirOwnerReads() throws Exception {
    Process process = start("--dir", folder.toString());
    try (BufferedReader output = process.inputReader()) {
      URI http = ready(output.readLine());
      List<Path> files = files();
      assertThat(files)
          .extracting(file -> file.getFileName().toString())
          .containsExactly(
              "application_default_credentials.json",
              "env.sh",
              "sa-1.json",
              "sa-2.json",
              "sa-3.json");
      assertOwnerOnly(files);
      assertThat(key("sa-1.json").refreshAccessToken().getTokenValue()).startsWith("ya29.c.");
      assertThat(impersonation().getAccount()).isEqualTo(SA2);
      assertThat(impersonation().getSourceCredentials())
          .isInstanceOfSatisfying(
              ServiceAccountCredentials.class,
              source -> assertThat(source.getClientEmail()).isEqualTo(SA1));
      assertThat(Files.readString(folder.resolve("env.sh"))).contains(http + "/compute/v1/");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void main_portInUse_isReportedAndExitsWith1() throws Exception {
    try (IamEmulator other = IamEmulator.start()) {
      String port = String.valueOf(other.httpEndpoint().getPort());
      Process process = start("--dir", folder.toString(), "--port", port);
      assertThat(process.waitFor()).isEqualTo(1);
      assertThat(errors(process)).contains("port " + port).doesNotContain("\tat ");
    }
  }

  @Test
  void main_clock_isTheEmulatorsTime() throws Exception {
    Process process = start("--dir", folder.toString(), "--clock", "2030-01-01T00:00:00Z");
    try (BufferedReader output = process.inputReader()) {
      URI http = ready(output.readLine());
      Wire admin = Wire.at(http).with(exported("CLOUDSDK_AUTH_ACCESS_TOKEN"));
      String grant =
          "{\"policy\":{\"bindings\":[{\"role\":\"%s\",\"members\":[\"%s\"]}]}}"
              .formatted(Demo.TOKEN_CREATOR, Demo.ADMIN);
      assertThat(admin.post("/v1/" + Demo.name(SA1) + ":setIamPolicy", grant).statusCode())
          .isEqualTo(200);
      String request = "{\"scope\":[\"" + Demo.CLOUD_PLATFORM + "\"]}";
      JsonObject issued =
          Wire.json(admin.post("/v1/" + Demo.name(SA1) + ":generateAccessToken", request));
      assertThat(issued.get("expireTime").getAsString()).startsWith("2030-01-01T01:");
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--portt 1, is not an option",
    "--port 70000, from 0 (any free one) to 65535",
    "--port, needs a value",
    "--dir --port, needs a value",
    "--clock yesterday, 2030-01-01T00:00:00Z",
    "--user-token admin, use one such as admin@example.com",
    "--user-token ../admin@example.com, use one such as admin@example.com",
    "--user-token, needs a value",
    "--subject-token ci-pool/github, use PROJECT/POOL/PROVIDER=SUBJECT",
    "--subject-token demo-project/ci-pool/github=, use PROJECT/POOL/PROVIDER=SUBJECT"
  })
  void parse_wrongOption_isRefusedWithTheRule(String arguments, String rule) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CommandLineOptions.parse(arguments.split(" ")))
        .withMessageContaining(rule);
  }

  @Test
  void write_userTokens_areCredentialsAndATokenOfEachUser() throws Exception {
    try (IamEmulator emulator = IamEmulator.demo().start()) {
      OutputFiles.write(
          emulator,
          CommandLineOptions.parse(
              ("--dir " + folder + " --user-token me@example.com --user-token you@example.com")
                  .split(" ")));
      assertThat(files())
          .extracting(file -> file.getFileName().toString())
          .contains("me@example.com.json", "you@example.com.json", "you@example.com.token");
      assertOwnerOnly(files());
      String token = Files.readString(folder.resolve("me@example.com.token"));
      assertThat(
              Wire.json(Wire.at(emulator.httpEndpoint()).with(token).get("/oauth2/v3/userinfo"))
                  .get("email"))
          .isEqualTo(new JsonPrimitive("me@example.com"));
      try (var file = Files.newInputStream(folder.resolve("me@example.com.json"))) {
        assertThat(GoogleCredentials.fromStream(file).refreshAccessToken().getTokenValue())
            .startsWith("ya29.");
      }
    }
  }

  @Test
  void write_subjectTokenOfAnUnknownPool_isRefused() {
    try (IamEmulator emulator = IamEmulator.demo().start()) {
      CommandLineOptions pool =
          CommandLineOptions.parse(
              "--dir", folder.toString(), "--subject-token", "demo-project/no-pool/x=me");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> OutputFiles.write(emulator, pool))
          .withMessageContaining("no-pool");
    }
  }

  @Test
  void main_wrongOption_showsUsageAndExitsWith2() throws Exception {
    Process process = start("--portt", "1");
    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(errors(process)).contains("\"--portt\" is not an option", "Usage:");
    assertThat(process.inputReader().readLine()).isNull();
  }

  @Test
  void main_help_showsUsageOnly() throws Exception {
    Process process = start("--help", "--dir", folder.toString());
    assertThat(process.waitFor()).isZero();
    assertThat(process.inputReader().readLine()).startsWith("Usage:");
    assertThat(files()).isEmpty();
  }

  private Process start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                IamEmulatorMain.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(folder.toFile()).start();
  }

  private static URI ready(String line) {
    assertThat(line).matches("ready http://127\\.0\\.0\\.1:\\d+");
    return URI.create(line.substring("ready ".length()));
  }

  private void assertListsAccounts(URI http) throws IOException {
    Wire admin = Wire.at(http).with(exported("CLOUDSDK_AUTH_ACCESS_TOKEN"));
    assertThat(admin.get("/v1/projects/demo-project/serviceAccounts").body()).contains(SA1, SA2);
    assertThat(Wire.at(http).get("/v1/projects/demo-project/serviceAccounts").statusCode())
        .isEqualTo(401);
  }

  private String exported(String variable) throws IOException {
    return Files.readAllLines(folder.resolve("env.sh")).stream()
        .filter(line -> line.startsWith("export " + variable + "="))
        .map(line -> line.substring(line.indexOf('\'') + 1, line.lastIndexOf('\'')))
        .findFirst()
        .orElseThrow();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private void assertOwnerOnly(List<Path> files) throws IOException {
    assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
    for (Path file : files) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  private ServiceAccountCredentials key(String name) throws IOException {
    try (var key = Files.newInputStream(folder.resolve(name))) {
      return (ServiceAccountCredentials)
          ServiceAccountCredentials.fromStream(key).createScoped(Demo.CLOUD_PLATFORM);
    }
  }

  private ImpersonatedCredentials impersonation() throws IOException {
    try (var file = Files.newInputStream(folder.resolve(CredentialFiles.ADC_NAME))) {
      return (ImpersonatedCredentials) GoogleCredentials.fromStream(file);
    }
  }

  private static String errors(Process process) throws IOException {
    return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** gcloud reads the email of its user there. */
  @Test
  void environmentScript_tokenOfTheOwner_hasTheScopesOfALogin() throws Exception {
    try (IamEmulator emulator = IamEmulator.demo().start()) {
      OutputFiles.write(emulator, CommandLineOptions.parse("--dir", folder.toString()));
      String token = exported("CLOUDSDK_AUTH_ACCESS_TOKEN");
      Wire anonymous = Wire.at(emulator.httpEndpoint());
      assertThat(Wire.json(anonymous.with(token).get("/oauth2/v3/userinfo")).get("email"))
          .isEqualTo(new JsonPrimitive("admin@example.com"));
      assertThat(
              Wire.json(anonymous.form("/tokeninfo", Map.of("access_token", token))).get("scope"))
          .isEqualTo(
              new JsonPrimitive(
                  Demo.CLOUD_PLATFORM + " https://www.googleapis.com/auth/userinfo.email openid"));
    }
  }

  @Test
  void environmentScript_sourcedByAShell_exportsEveryVariable() throws Exception {
    try (IamEmulator emulator = IamEmulator.demo().start()) {
      Path quoted = folder.resolve("it's here");
      OutputFiles.write(emulator, CommandLineOptions.parse("--dir", quoted.toString()));
      Process shell =
          new ProcessBuilder("sh", "-c", ". \"$1/env.sh\" && env", "sh", quoted.toString()).start();
      Map<String, String> seen =
          shell
              .inputReader()
              .lines()
              .filter(line -> line.indexOf('=') > 0)
              .map(line -> line.split("=", 2))
              .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (a, b) -> b));
      assertThat(seen)
          .containsAllEntriesOf(
              emulator.clients().environment(quoted.resolve("sa-1.json").toAbsolutePath()))
          .containsEntry("CLOUDSDK_CONFIG", quoted.resolve("gcloud").toString())
          .containsKey("CLOUDSDK_AUTH_ACCESS_TOKEN");
    }
  }
}
