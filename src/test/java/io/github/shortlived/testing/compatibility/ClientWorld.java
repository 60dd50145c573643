package io.github.shortlived.testing.compatibility;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.WorkloadIdentityProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The emulator of the clients, and the files that they load. The owner may issue tokens of sa-1,
 * sa-1 those of itself and sa-2, and sa-2 those of sa-3. sa-1 and a workload may read the project,
 * and the workload may act as sa-1.
 */
record ClientWorld(IamEmulator emulator, Path folder) implements AutoCloseable {
  private static final String POOL =
      "principalSet://iam.googleapis.com/projects/"
          + IamEmulator.projectNumber(PROJECT)
          + "/locations/global/workloadIdentityPools/ci-pool/*";

  static ClientWorld start(Path folder) {
    IamEmulator emulator =
        IamEmulator.demo()
            .binding(SA1, TOKEN_CREATOR, member(SA1))
            .binding(SA1, TOKEN_CREATOR, ADMIN)
            .binding(SA2, TOKEN_CREATOR, member(SA1))
            .binding(SA3, TOKEN_CREATOR, member(SA2))
            .projectBinding(PROJECT, "roles/viewer", member(SA1))
            .domainWideDelegation(SA1, "example.com", CLOUD_PLATFORM)
            .workloadIdentityPool(PROJECT, "ci-pool", "ci-provider", "https://ci.example.com")
            .binding(SA1, "roles/iam.workloadIdentityUser", POOL)
            .projectBinding(PROJECT, "roles/viewer", POOL)
            .start();
    return new ClientWorld(emulator, folder);
  }

  /** Returns the key file of sa-1. */
  Path keyFile() {
    return emulator.clients().writeKeyFile(SA1, folder);
  }

  /** Returns the credentials file of the project's owner. */
  Path userFile() throws IOException {
    return write("user.json", emulator.userCredentials("admin@example.com"));
  }

  /** Returns the credentials file of sa-1 that impersonates sa-2. */
  Path impersonationFile() {
    return emulator.clients().writeAdcFile(SA1, ServiceAccount.of(SA2), folder);
  }

  /** Returns the credential configuration of a workload that acts as sa-1. */
  JsonObject federation() throws IOException {
    WorkloadIdentityProvider ci =
        emulator.workloadIdentityProvider(PROJECT, "ci-pool", "ci-provider");
    Path token = write("subject-token", ci.subjectToken("main"));
    return JsonParser.parseString(ci.externalAccount(token, SA1)).getAsJsonObject();
  }

  /** Returns the credential configuration of a workload that acts as itself. */
  JsonObject directFederation() throws IOException {
    JsonObject configuration = federation();
    configuration.remove("service_account_impersonation_url");
    return configuration;
  }

  Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  @Override
  public void close() {
    emulator.close();
  }
}
