package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The REST interface: envelopes, bodies, queries and invalid requests. */
class RestWireTest {
  private static final String ID_TOKEN = "/v1/" + name(SA2) + ":generateIdToken";
  private static final String ACCESS_TOKEN = "/v1/" + name(SA2) + ":generateAccessToken";
  private static final String GET_POLICY = "/v1/" + name(SA2) + ":getIamPolicy";
  private static final String SET_POLICY = "/v1/" + name(SA2) + ":setIamPolicy";

  private final TestClock clock = TestClock.startingAt("2026-05-04T10:00:00.500Z");
  private final IamEmulator emulator =
      Demo.world().clock(clock).binding(SA2, TOKEN_CREATOR, member(SA1)).start();
  private final Wire sa1 = Wire.as(emulator, member(SA1));
  private final Wire admin = Wire.as(emulator, ADMIN);

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void anyCall_withoutCredential_isUnauthenticated() {
    HttpResponse<String> response = Wire.anonymous(emulator).post(ID_TOKEN, "{}");
    assertRefused(response, 401, "UNAUTHENTICATED");
    assertThat(message(response))
        .isEqualTo(
            "Request is missing required authentication credential. Expected OAuth 2 access token,"
                + " login cookie or other valid authentication credential. See"
                + " https://developers.google.com/identity/sign-in/web/devconsole-project.");
    assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
  }

  @Test
  void anyCall_withUnknownBearer_isUnauthenticated() {
    for (String bearer : List.of("ya29.c.b0invented", "a.b.c", "..", "eyJhbGciOiJub25lIn0.e30.")) {
      HttpResponse<String> response = Wire.anonymous(emulator).with(bearer).post(ID_TOKEN, "{}");
      assertRefused(response, 401, "UNAUTHENTICATED");
      assertThat(message(response)).startsWith("Request had invalid authentication credentials.");
    }
  }

  @Test
  void accessToken_atItsExpiry_expiresWithinTheSecond() {
    assertThat(sa1.post(ID_TOKEN, "{\"audience\":\"a\"}").statusCode()).isEqualTo(200);
    clock.advance(Duration.ofMinutes(60).minusSeconds(1));
    assertThat(sa1.post(ID_TOKEN, "{\"audience\":\"a\"}").statusCode()).isEqualTo(200);
    clock.advance(Duration.ofSeconds(1));
    assertRefused(sa1.post(ID_TOKEN, "{\"audience\":\"a\"}"), 401, "UNAUTHENTICATED");
  }

  @Test
  void generateAccessToken_expireTime_hasNoFraction() {
    HttpResponse<String> response =
        sa1.post(
            ACCESS_TOKEN,
            "{\"scope\":[\"https://www.googleapis.com/auth/iam\"],\"delegates\":null}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Wire.json(response).get("expireTime").getAsString())
        .isEqualTo("2026-05-04T11:00:00Z");
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue("application/json; charset=UTF-8");
  }

  @Test
  void permissionDenied_inTheEnvelope_hasErrorInfo() {
    HttpResponse<String> response = admin.post(ID_TOKEN, "{\"audience\":\"a\"}");
    assertRefused(response, 403, "PERMISSION_DENIED");
    JsonObject info = Wire.error(response).getAsJsonArray("details").get(0).getAsJsonObject();
    assertThat(info.get("@type").getAsString())
        .isEqualTo("type.googleapis.com/google.rpc.ErrorInfo");
    assertThat(info.get("reason").getAsString()).isEqualTo("IAM_PERMISSION_DENIED");
    assertThat(info.get("domain").getAsString()).isEqualTo("iam.googleapis.com");
  }

  @Test
  void body_malformed_isInvalid() {
    for (String bad : List.of("{", "[]", "null", "\"x\"", "{'audience':'a'}", "{} {}", "{a:1}")) {
      HttpResponse<String> response = sa1.post(ID_TOKEN, bad);
      assertRefused(response, 400, "INVALID_ARGUMENT");
      assertThat(message(response)).startsWith("Invalid JSON payload received. ");
    }
  }

  @Test
  void body_notUtf8_isInvalid() {
    byte[] bytes = {'{', '"', (byte) 0xC3, '"', ':', '1', '}'};
    assertRefused(
        sa1.send("POST", ID_TOKEN, BodyPublishers.ofByteArray(bytes), "application/json"),
        400,
        "INVALID_ARGUMENT");
  }

  @Test
  void body_unknownField_isNamed() {
    HttpResponse<String> response = sa1.post(ID_TOKEN, "{\"audiense\":\"a\"}");
    assertRefused(response, 400, "INVALID_ARGUMENT");
    assertThat(message(response))
        .isEqualTo("Invalid JSON payload received. Unknown name \"audiense\": Cannot find field.");
  }

  @Test
  void body_wrongType_isInvalid() {
    assertRefused(sa1.post(ID_TOKEN, "{\"audience\":{}}"), 400, "INVALID_ARGUMENT");
    assertRefused(sa1.post(ACCESS_TOKEN, "{\"lifetime\":\"soon\"}"), 400, "INVALID_ARGUMENT");
  }

  @Test
  void body_deeplyNested_isInvalid() {
    String deep = "[".repeat(100_000);
    assertRefused(sa1.post(SET_POLICY, "{\"policy\":" + deep), 400, "INVALID_ARGUMENT");
  }

  @Test
  void body_tooLarge_isRefusedWithEnvelope() {
    String huge = "{\"audience\":\"" + "a".repeat(3 << 20) + "\"}";
    assertRefused(sa1.post(ID_TOKEN, huge), 413, "INVALID_ARGUMENT");
  }

  @Test
  void path_unknown_isNotEmulated() {
    for (String path : List.of("/x", "/v2/x", "/v1/projects", ID_TOKEN + "/more", "//v1//")) {
      assertRefused(sa1.post(path, "{}"), 422, "UNIMPLEMENTED");
    }
  }

  @Test
  void method_wrong_isNotAllowed() {
    HttpResponse<String> response = sa1.get(ID_TOKEN);
    assertRefused(response, 405, "UNIMPLEMENTED");
    assertThat(response.headers().firstValue("Allow")).hasValue("POST");
  }

  @Test
  void method_notEmulated_isUnimplemented() {
    assertRefused(admin.post("/v1/" + name(SA2) + "/keys:upload", "{}"), 422, "UNIMPLEMENTED");
  }

  @Test
  void path_percentEncoded_isTheSame() {
    String encoded = ID_TOKEN.replace("@", "%40");
    assertThat(sa1.post(encoded, "{\"audience\":\"a\"}").statusCode()).isEqualTo(200);
  }

  @Test
  void getIamPolicy_inEveryForm_readsTheVersion() {
    storeConditional();
    for (HttpResponse<String> conditional :
        List.of(
            admin.post(GET_POLICY, "{\"options\":{\"requestedPolicyVersion\":3}}"),
            admin.post(GET_POLICY + "?options.requestedPolicyVersion=3", ""),
            admin.post(
                GET_POLICY + "?options.requested_policy_version=3&alt=json&$.xgafv=2", ""))) {
      assertThat(Wire.json(conditional).get("version").getAsInt()).isEqualTo(3);
    }
    assertThat(Wire.json(admin.post(GET_POLICY, "")).get("version").getAsInt()).isEqualTo(1);
  }

  @Test
  void query_unknownName_isInvalid() {
    HttpResponse<String> response = admin.post(GET_POLICY + "?options.version=3", "");
    assertRefused(response, 400, "INVALID_ARGUMENT");
    assertThat(message(response))
        .isEqualTo(
            "Invalid JSON payload received. Unknown name \"options.version\": Cannot bind query"
                + " parameter. Field 'options.version' could not be found in request message.");
  }

  @Test
  void query_systemParameters_areIgnored() {
    assertThat(
            sa1.post(
                    ID_TOKEN + "?alt=json&prettyPrint=false&key=k&fields=token&quotaUser=q",
                    "{\"audience\":\"a\"}")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void query_enumEncodingInt_returnsNumbers() {
    admin.post(
        SET_POLICY,
        "{\"policy\":{\"auditConfigs\":[{\"service\":\"allServices\",\"auditLogConfigs\":[{\"logType\":\"DATA_READ\"}]}]},\"updateMask\":\"auditConfigs\"}");
    assertThat(admin.post(GET_POLICY, "").body()).contains("\"DATA_READ\"");
    assertThat(admin.post(GET_POLICY + "?$alt=json;enum-encoding%3Dint", "").body())
        .contains("\"logType\":3");
  }

  @Test
  void listServiceAccounts_overRest_pages() {
    HttpResponse<String> first = admin.get("/v1/projects/demo-project/serviceAccounts?pageSize=2");
    assertThat(Wire.json(first).getAsJsonArray("accounts")).hasSize(2);
    String token = Wire.json(first).get("nextPageToken").getAsString();
    HttpResponse<String> second =
        admin.get("/v1/projects/demo-project/serviceAccounts?pageSize=2&pageToken=" + token);
    assertThat(Wire.json(second).getAsJsonArray("accounts")).hasSize(1);
    assertThat(Wire.json(second).has("nextPageToken")).isFalse();
  }

  @Test
  void staleEtag_overRest_isConflict() {
    assertRefused(
        admin.post(SET_POLICY, "{\"policy\":{\"etag\":\"BwXstale000=\"}}"), 409, "ABORTED");
  }

  private void storeConditional() {
    HttpResponse<String> stored =
        admin.post(
            SET_POLICY,
            "{\"policy\":{\"version\":3,\"bindings\":[{\"role\":\"roles/iam.serviceAccountUser\",\"members\":[\"user:a@b.c\"],"
                + "\"condition\":{\"title\":\"t\",\"expression\":\"true\"}}]}}");
    assertThat(stored.statusCode()).isEqualTo(200);
  }

  private static void assertRefused(HttpResponse<String> response, int code, String status) {
    assertThat(response.statusCode()).isEqualTo(code);
    JsonObject error = Wire.error(response);
    assertThat(error.get("code").getAsInt()).isEqualTo(code);
    assertThat(error.get("status").getAsString()).isEqualTo(status);
    assertThat(response.body()).doesNotContain("\tat ", "java.");
  }

  private static String message(HttpResponse<String> response) {
    return Wire.error(response).get("message").getAsString();
  }
}
