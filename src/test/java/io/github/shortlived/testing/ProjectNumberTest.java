package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The number of a project in place of its ID, and the ID of an instance in place of its name. */
class ProjectNumberTest {
  private static final String NUMBER = IamEmulator.projectNumber(PROJECT);
  private static final String INSTANCES = "/compute/v1/projects/%s/zones/" + ZONE + "/instances";

  private final IamEmulator emulator =
      Demo.world()
          .instance(PROJECT, ZONE, "vm-1")
          .instance(PROJECT, "europe-west4-b", "vm-2")
          .customRole(PROJECT, "signer", "iam.serviceAccounts.signBlob")
          .start();
  private final Wire admin = Wire.as(emulator, ADMIN);

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/projects/%s/serviceAccounts",
        "/v1/projects/%s/serviceAccounts/sa-2@demo-project.iam.gserviceaccount.com",
        "/v1/projects/%s/serviceAccounts/100000000000000000002",
        "/v1/projects/%s/serviceAccounts/sa-2@demo-project.iam.gserviceaccount.com/keys",
        "/v1/projects/%s/roles",
        "/v1/projects/%s/roles/signer",
        "/compute/v1/projects/%s/zones/us-west1-a/instances",
        "/compute/v1/projects/%s/zones/us-west1-a/instances/vm-1",
        "/compute/v1/projects/%s/aggregated/instances"
      })
  void projectNumber_inAPath_isTheProject(String path) {
    HttpResponse<String> byId = admin.get(path.formatted(PROJECT));
    HttpResponse<String> byNumber = admin.get(path.formatted(NUMBER));
    assertThat(byNumber.statusCode()).as(byNumber.body()).isEqualTo(200);
    assertThat(byNumber.body()).isEqualTo(byId.body());
    assertThat(admin.get(path.formatted("123456789012")).statusCode()).isIn(403, 404);
  }

  @Test
  void createServiceAccount_byProjectNumber_isInTheProject() {
    HttpResponse<String> created =
        admin.post("/v1/projects/" + NUMBER + "/serviceAccounts", "{\"accountId\":\"created-1\"}");
    assertThat(Wire.json(created).get("email").getAsString()).isEqualTo(Demo.email("created-1"));
    assertThat(Wire.json(created).get("name").getAsString())
        .isEqualTo("projects/demo-project/serviceAccounts/" + Demo.email("created-1"));
  }

  @Test
  void getInstance_byItsId_isTheInstance() {
    String path = INSTANCES.formatted(PROJECT) + "/";
    HttpResponse<String> byName = admin.get(path + "vm-1");
    String id = Wire.json(byName).get("id").getAsString();
    assertThat(admin.get(path + id).body()).isEqualTo(byName.body());
    assertThat(admin.get(path.replace(ZONE, "europe-west4-b") + id).statusCode()).isEqualTo(404);
    assertThat(Wire.error(admin.get(path + "12345")).get("message").getAsString())
        .isEqualTo(
            "The resource 'projects/demo-project/zones/us-west1-a/instances/12345' was not found");
    assertThat(Wire.error(admin.get(path + "0")).get("message").getAsString())
        .isEqualTo(
            "Invalid value for field 'instance': '0'. Must be a match of regex"
                + " '[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?|[1-9][0-9]{0,19}'");
  }

  @Test
  void getInstance_byItsId_isDeniedByItsName() {
    String id =
        Wire.json(admin.get(INSTANCES.formatted(PROJECT) + "/vm-1")).get("id").getAsString();
    HttpResponse<String> denied =
        Wire.as(emulator, member(SA1)).get(INSTANCES.formatted(NUMBER) + "/" + id);
    assertThat(Wire.error(denied).get("message").getAsString())
        .isEqualTo(
            "Required 'compute.instances.get' permission for"
                + " 'projects/demo-project/zones/us-west1-a/instances/vm-1'");
  }

  /** The project of a key is that of its account, also under the wildcard. */
  @Test
  void getKey_underTheWildcard_countsForTheProjectOfTheAccount() {
    String key =
        JsonParser.parseString(emulator.serviceAccountKey(SA2))
            .getAsJsonObject()
            .get("private_key_id")
            .getAsString();
    String path = "/v1/" + name(SA2) + "/keys/" + key;
    assertThat(admin.get(path).statusCode()).isEqualTo(200);
    emulator.controls().disableApi(PROJECT, "iam.googleapis.com");
    assertThat(admin.get(path).body()).contains("SERVICE_DISABLED");
  }
}
