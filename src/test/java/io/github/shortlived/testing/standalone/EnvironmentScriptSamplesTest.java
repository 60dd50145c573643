package io.github.shortlived.testing.standalone;

import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.samples.AccessTokenSample;
import io.github.shortlived.samples.DirectGrantSample;
import io.github.shortlived.samples.KeyFileSample;
import io.github.shortlived.samples.UserTokenSample;
import io.github.shortlived.samples.VerifyIdTokenSample;
import io.github.shortlived.testing.ClientProcess;
import io.github.shortlived.testing.EmulatorBuilder;
import io.github.shortlived.testing.IamEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The samples, unchanged, in processes of their own, each in a shell that has read {@code env.sh}.
 * They know no name but localhost, and have a proxy for all other addresses.
 */
class EnvironmentScriptSamplesTest {
  private final Path folder;
  private final IamEmulator emulator = world().start();
  private final RecordingProxy proxy = RecordingProxy.start();

  EnvironmentScriptSamplesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** The workloads of a pool may impersonate one account, which may impersonate another. */
  static EmulatorBuilder world() {
    String workloads =
        "principalSet://iam.googleapis.com/projects/%s/locations/global/workloadIdentityPools/ci-pool/*"
            .formatted(IamEmulator.projectNumber(PROJECT));
    return IamEmulator.demo()
        .workloadIdentityPool(PROJECT, "ci-pool", "github", "https://ci.example.com")
        .binding(SA1, "roles/iam.workloadIdentityUser", workloads)
        .binding(SA2, TOKEN_CREATOR, member(SA1))
        .domainWideDelegation(
            SA2, "example.com", "https://www.googleapis.com/auth/admin.directory.user.readonly");
  }

  static CommandLineOptions options(Path folder) {
    return CommandLineOptions.parse(
        "--dir",
        folder.toString(),
        "--user-token",
        "admin@example.com",
        "--subject-token",
        PROJECT + "/ci-pool/github=repo:octo/app",
        "--workload-account",
        SA1);
  }

  @BeforeEach
  void writeFiles() throws IOException {
    OutputFiles.write(emulator, options(folder));
    Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n");
  }

  @AfterEach
  void stop() {
    proxy.close();
    emulator.close();
  }

  @Test
  void keyOfTheScript_issuesTokens() throws Exception {
    assertThat(run("", AccessTokenSample.class, SA2)).contains("AccessToken[sha256:");
  }

  @Test
  void keyFile_issuesTokens() throws Exception {
    assertThat(run("", KeyFileSample.class, "sa-1.json")).contains("AccessToken[sha256:");
  }

  @Test
  void metadataServer_issuesTokensOfAUser() throws Exception {
    assertThat(
            run(
                "unset GOOGLE_APPLICATION_CREDENTIALS;",
                UserTokenSample.class,
                SA2,
                "me@example.com"))
        .contains("AccessToken[sha256:");
  }

  @Test
  void userToken_editsPoliciesOverGrpc() throws Exception {
    assertThat(
            run(
                "GOOGLE_APPLICATION_CREDENTIALS=admin@example.com.json;",
                DirectGrantSample.class,
                "sa-1.json",
                SA1,
                SA3))
        .contains("+ " + TOKEN_CREATOR + " on " + SA3, "AccessToken[sha256:");
  }

  @Test
  void workloadIdentityFile_issuesTokens() throws Exception {
    assertThat(run("GOOGLE_APPLICATION_CREDENTIALS=workload-1.json;", AccessTokenSample.class, SA2))
        .contains("AccessToken[sha256:");
  }

  @Test
  void verification_usesTheKeysOfTheEmulator() throws Exception {
    IdTokenRequest request =
        IdTokenRequest.of(Target.self(), "https://orders.example.com").withEmail();
    try (ShortLivedCredentials sa1 = emulator.credentialsFor(ServiceAccount.of(SA1))) {
      assertThat(run("", VerifyIdTokenSample.class, sa1.issue(request).token(), SA1))
          .endsWith("200");
    }
  }

  /** Without the variable, the proxy sees the call, so the other tests can fail. */
  @Test
  void keyOfGoogle_withoutTheScript_callsTheProxy() throws Exception {
    String key = Files.readString(folder.resolve("sa-1.json"));
    Files.writeString(
        folder.resolve("google.json"),
        key.replace(emulator.httpEndpoint() + "/token", "https://oauth2.googleapis.com/token"));
    Process sample =
        new ProcessBuilder(java(KeyFileSample.class, "google.json"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    try {
      assertThat(proxy.awaitConnection()).isTrue();
    } finally {
      sample.destroyForcibly();
    }
  }

  /** Runs a sample; the variables of the script can be changed first. */
  private String run(String change, Class<?> sample, String... arguments) throws Exception {
    String script = "set -a; . ./env.sh; " + change + " exec \"$@\"";
    List<String> command =
        ImmutableList.<String>builder()
            .add("sh", "-c", script, "sh")
            .addAll(java(sample, arguments))
            .build();
    String output =
        ClientProcess.run(folder, Map.of(), command.toArray(String[]::new)).requireSuccess();
    assertThat(proxy.connections()).isZero();
    return output;
  }

  private List<String> java(Class<?> sample, String... arguments) {
    return ImmutableList.<String>builder()
        .add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
        .add("-XX:TieredStopAtLevel=1", "-Djdk.net.hosts.file=" + folder.resolve("hosts"))
        .addAll(proxy.systemProperties())
        .add("-cp", System.getProperty("java.class.path"), sample.getName())
        .add(arguments)
        .build();
  }
}
