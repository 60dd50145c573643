package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.gax.rpc.StatusCode.Code;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and ids of service accounts in a wrong form, and methods of which few clients know. */
class AccountNamesTest {
  private static final String ACCOUNTS = "/v1/projects/" + PROJECT + "/serviceAccounts";

  private final IamEmulator emulator = Demo.world().start();
  private final Wire admin = Wire.as(emulator, ADMIN);

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "sa-99", "a2345678901234567890123456789012"})
  void createServiceAccount_idOfAnotherLength_isRefused(String accountId) {
    assertInvalid(
        admin.post(ACCOUNTS, "{\"accountId\":\"" + accountId + "\"}"),
        "The account ID \"" + accountId + "\" does not have a length between 6 and 30.");
  }

  @Test
  void createServiceAccount_idWithAnAt_isRefused() {
    assertInvalid(
        admin.post(ACCOUNTS, "{\"accountId\":\"abcdef@x\"}"),
        "Invalid service account ID \"abcdef@x\".");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/projects/-/serviceAccounts/default,",
    "DELETE, /v1/projects/demo-project/serviceAccounts/default,",
    "POST, /v1/projects/demo-project/serviceAccounts/default:getIamPolicy,",
    "GET, /v1/projects/-/serviceAccounts/default/keys,",
    "POST, /v1/projects/-/serviceAccounts/default:generateIdToken, {\"audience\":\"a\"}",
    "GET, /v1/projects/-/serviceAccounts/default/allowedLocations,"
  })
  void account_neitherEmailNorUniqueId_isRefused(
      String method, String path, @Nullable String body) {
    HttpResponse<String> response =
        admin.send(
            method,
            path,
            body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body),
            "application/json");
    assertInvalid(
        response,
        "Invalid form of account ID default. Should be [Gaia ID |Email |Unique ID |] of the account");
  }

  @Test
  void delegate_neitherEmailNorUniqueId_isRefused() {
    assertInvalid(
        admin.post(
            "/v1/" + name(SA2) + ":generateIdToken",
            "{\"audience\":\"a\",\"delegates\":[\"default\"]}"),
        "Invalid form of account ID default. Should be [Gaia ID |Email |Unique ID |] of the account");
  }

  @Test
  void name_inAWrongForm_isInvalidOverGrpc() throws IOException {
    try (var iam = Clients.admin(emulator)) {
      for (String wrong : new String[] {SA2, "projects/-", "serviceAccounts/" + SA2, name("")}) {
        assertThat(Refused.by(() -> iam.getServiceAccount(wrong)).code())
            .isEqualTo(Code.INVALID_ARGUMENT);
      }
    }
  }

  @Test
  void updateServiceAccount_changesOnlyTheDisplayName() {
    HttpResponse<String> response =
        admin.send(
            "PUT",
            "/v1/" + name(SA2),
            BodyPublishers.ofString(
                "{\"displayName\":\"two\",\"description\":\"ignored\",\"etag\":\"MDEwMjE5MjA=\"}"),
            "application/json");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .isEqualTo(
            "{\"name\":\"projects/demo-project/serviceAccounts/%1$s\",\"projectId\":\"demo-project\",\"uniqueId\":\"100000000000000000002\",\"email\":\"%1$s\",\"displayName\":\"two\",\"etag\":\"MDEwMjE5MjA=\",\"oauth2ClientId\":\"100000000000000000002\"}"
                .formatted(SA2));
    assertThat(emulator.calls().get(0))
        .returns("updateServiceAccount", EmulatorCall::method)
        .returns(name(SA2), EmulatorCall::resource);
    assertThat(
            Wire.as(emulator, Demo.member(SA2))
                .send("PUT", "/v1/" + name(SA2), BodyPublishers.ofString("{}"), "application/json")
                .statusCode())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "projects/-/serviceAccounts/sa-2@demo-project.iam.gserviceaccount.com",
        "projects/123/locations/global/workloadIdentityPools/pool",
        "locations/global/workforcePools/pool"
      })
  void getAllowedLocations_ofEveryKind_isEverywhere(String name) {
    HttpResponse<String> response = admin.get("/v1/" + name + "/allowedLocations");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"encodedLocations\":\"0x0\"}");
    assertThat(emulator.calls().get(0))
        .returns("getAllowedLocations", EmulatorCall::method)
        .returns(name, EmulatorCall::resource);
    assertThat(Wire.anonymous(emulator).get("/v1/" + name + "/allowedLocations").statusCode())
        .isEqualTo(401);
  }

  @Test
  void getAllowedLocations_unknownAccount_isNotFound() {
    String ghost = Demo.email("ghost-1");
    HttpResponse<String> response = admin.get("/v1/" + name(ghost) + "/allowedLocations");
    assertThat(response.body())
        .isEqualTo(
            "{\"error\":{\"code\":404,\"message\":\"Not found; Gaia id not found for email "
                + ghost
                + "\",\"status\":\"NOT_FOUND\"}}");
  }

  @Test
  void listKeys_sameTypeTwice_isRefused() {
    String keys = "/v1/" + name(SA2) + "/keys?keyTypes=USER_MANAGED&keyTypes=";
    assertThat(admin.get(keys + "SYSTEM_MANAGED").statusCode()).isEqualTo(200);
    assertInvalid(admin.get(keys + "USER_MANAGED"), "Duplicate key types are not allowed.");
  }

  private static void assertInvalid(HttpResponse<String> response, String message) {
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Wire.error(response).get("status").getAsString()).isEqualTo("INVALID_ARGUMENT");
    assertThat(Wire.error(response).get("message").getAsString()).isEqualTo(message);
  }
}
