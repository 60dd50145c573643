package io.github.shortlived.testing.standalone;

import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.testing.ClientProcess;
import io.github.shortlived.testing.Demo;
import io.github.shortlived.testing.EmulatorCall;
import io.github.shortlived.testing.IamEmulator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gcloud, if it is installed, in a shell that has read {@code env.sh}. */
class GcloudTest {
  private final Path folder;
  private final IamEmulator emulator =
      IamEmulator.demo()
          .customRole("demo-project", "minter", "iam.serviceAccounts.signJwt")
          .start();

  GcloudTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void writeFiles() throws Exception {
    ClientProcess.assumeInstalled("gcloud");
    OutputFiles.write(emulator, CommandLineOptions.parse("--dir", folder.toString()));
  }

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void instances_ofSeveralZones_areListedInABatch() throws Exception {
    ClientProcess outcome =
        gcloud("compute instances list --zones=us-west1-a,europe-west4-b --format='value(name)'");
    assertThat(outcome).isEqualTo(new ClientProcess(0, "vm-3\nvm-1\nvm-2\n", ""));
    assertThat(apiCalls()).containsExactly("instances.list", "instances.list");
  }

  @Test
  void workload_logsInWithItsCredentialFile() throws Exception {
    try (IamEmulator federated = EnvironmentScriptSamplesTest.world().start()) {
      OutputFiles.write(federated, EnvironmentScriptSamplesTest.options(folder));
      assertThat(loggedIn("auth login --cred-file=workload-1.json").errors())
          .contains("Authenticated with external account credentials for: [" + SA1 + "]");
      assertThat(
              loggedIn("auth print-access-token --impersonate-service-account=" + Demo.SA2)
                  .output())
          .startsWith("ya29.c.");
    }
  }

  @Test
  void policyOfAProject_isReadAndChanged() throws Exception {
    ClientProcess added =
        gcloud(
            "projects add-iam-policy-binding demo-project --member=%s --role=%s --format='value(etag)'"
                .formatted(member(SA1), TOKEN_CREATOR));
    assertThat(added.status()).as(added.errors()).isZero();
    ClientProcess read =
        gcloud(
            "projects get-iam-policy demo-project --flatten='bindings[].members' --format='csv[no-heading](bindings.role,bindings.members)'");
    assertThat(read.output())
        .contains("roles/owner,user:admin@example.com", TOKEN_CREATOR + "," + member(SA1));
    ClientProcess removed =
        gcloud(
            "projects remove-iam-policy-binding demo-project --member=%s --role=%s --format='value(bindings.role)'"
                .formatted(member(SA1), TOKEN_CREATOR));
    assertThat(removed.output()).doesNotContain(TOKEN_CREATOR);
    assertThat(apiCalls()).containsOnly("projects.getIamPolicy", "projects.setIamPolicy");
  }

  @Test
  void roles_areListedAndDescribed() throws Exception {
    assertThat(gcloud("iam roles list --project=demo-project --format='value(name)'").output())
        .isEqualTo("projects/demo-project/roles/minter\n");
    assertThat(
            gcloud(
                    "iam roles describe minter --project=demo-project --format='value(includedPermissions)'")
                .output())
        .isEqualTo("iam.serviceAccounts.signJwt\n");
  }

  @Test
  void notEmulated_isReportedAtOnce() throws Exception {
    ClientProcess outcome =
        gcloud(
            "iam list-grantable-roles //cloudresourcemanager.googleapis.com/projects/demo-project");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.errors())
        .contains("google.iam.admin.v1.IAM.QueryGrantableRoles is not emulated.");
    assertThat(apiCalls()).as("not repeated").containsExactly("queryGrantableRoles");
  }

  /** gcloud also reads the metadata server. */
  private List<String> apiCalls() {
    return emulator.calls().stream()
        .map(EmulatorCall::method)
        .filter(method -> !method.equals("metadata"))
        .toList();
  }

  private ClientProcess gcloud(String arguments) throws Exception {
    return shell("gcloud " + arguments);
  }

  /** The token of the script would have precedence over the account that is logged in. */
  private ClientProcess loggedIn(String arguments) throws Exception {
    return shell("unset CLOUDSDK_AUTH_ACCESS_TOKEN && gcloud " + arguments);
  }

  private ClientProcess shell(String command) throws Exception {
    return ClientProcess.run(folder, Map.of(), "sh", "-c", ". ./env.sh && " + command);
  }
}
