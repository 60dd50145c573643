package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.member;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The roles of the IAM API: those that the emulator knows and those that the world declares. */
class RolesTest {
  private final IamEmulator emulator =
      Demo.world()
          .customRole(PROJECT, "minter", "iam.serviceAccounts.signJwt", "iam.serviceAccounts.get")
          .customRole(PROJECT, "signer", "iam.serviceAccounts.signBlob")
          .customRole("elsewhere", "other", "iam.serviceAccounts.signBlob")
          .start();
  private final Wire admin = Wire.as(emulator, ADMIN);
  private final Wire sa1 = Wire.as(emulator, member(SA1));

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void getRole_custom_hasItsPermissions() {
    assertThat(admin.get("/v1/projects/demo-project/roles/minter").body())
        .isEqualTo(
            "{\"name\":\"projects/demo-project/roles/minter\",\"includedPermissions\":[\"iam.serviceAccounts.get\",\"iam.serviceAccounts.signJwt\"],\"stage\":\"GA\",\"etag\":\"AA==\"}");
  }

  @Test
  void getRole_predefined_isForEverybody() {
    assertThat(sa1.get("/v1/roles/iam.serviceAccountOpenIdTokenCreator").body())
        .isEqualTo(
            "{\"name\":\"roles/iam.serviceAccountOpenIdTokenCreator\",\"includedPermissions\":[\"iam.serviceAccounts.getOpenIdToken\"],\"stage\":\"GA\",\"etag\":\"AA==\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "roles/storage.admin, 422, Role roles/storage.admin is not emulated.",
    "projects/demo-project/roles/nope, 404, The role named projects/demo-project/roles/nope was not found.",
    "projects/demo-project/roles/other, 404, The role named projects/demo-project/roles/other was not found.",
    "projects/elsewhere/roles/other, 403, Permission 'iam.roles.get' denied on resource (or it may not exist).",
    "organizations/1/roles/r, 422, An organization is not emulated."
  })
  void getRole_unknown_isRefused(String name, int status, String message) {
    HttpResponse<String> response = admin.get("/v1/" + name);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(Wire.error(response).get("message").getAsString()).isEqualTo(message);
  }

  @Test
  void listRoles_ofAProject_hasItsCustomRoles() {
    String path = "/v1/projects/demo-project/roles";
    assertThat(admin.get(path).body())
        .isEqualTo(
            "{\"roles\":[{\"name\":\"projects/demo-project/roles/minter\",\"stage\":\"GA\",\"etag\":\"AA==\"},{\"name\":\"projects/demo-project/roles/signer\",\"stage\":\"GA\",\"etag\":\"AA==\"}]}");
    assertThat(admin.get(path + "?view=FULL&pageSize=1&fields=roles").body())
        .isEqualTo(
            "{\"roles\":[{\"name\":\"projects/demo-project/roles/minter\",\"includedPermissions\":[\"iam.serviceAccounts.get\",\"iam.serviceAccounts.signJwt\"],\"stage\":\"GA\",\"etag\":\"AA==\"}]}");
    assertThat(admin.get(path + "?pageSize=-1").statusCode()).isEqualTo(400);
    assertThat(sa1.get(path).statusCode()).isEqualTo(403);
  }

  @Test
  void listRoles_predefined_isForEverybody() {
    assertThat(sa1.get("/v1/roles?fields=roles(name)").body())
        .startsWith("{\"roles\":[{\"name\":\"roles/browser\"},{\"name\":\"roles/compute.admin\"}")
        .endsWith("{\"name\":\"roles/viewer\"}]}");
  }

  @Test
  void createRole_isNotEmulated() {
    HttpResponse<String> response = admin.post("/v1/projects/demo-project/roles", "{}");
    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(Wire.error(response).get("message").getAsString())
        .isEqualTo("google.iam.admin.v1.IAM.CreateRole is not emulated.");
  }
}
