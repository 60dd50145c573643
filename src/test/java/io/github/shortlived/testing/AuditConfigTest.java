package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.member;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The audit settings in the policies of projects and service accounts. */
class AuditConfigTest {
  private static final String PROJECT = "projects/demo-project";
  private static final String ACCOUNT =
      "projects/-/serviceAccounts/sa-2@demo-project.iam.gserviceaccount.com";
  private static final String VALID =
      "{\"service\":\"storage.googleapis.com\",\"auditLogConfigs\":[{\"logType\":\"DATA_READ\",\"exemptedMembers\":[\"%s\"]},{\"logType\":\"ADMIN_READ\"}]}";
  private static final String OWNER =
      "{\"role\":\"roles/owner\",\"members\":[\"user:admin@example.com\"]}";

  private final IamEmulator emulator = Demo.world().start();
  private final Wire admin = Wire.as(emulator, ADMIN);

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {PROJECT, ACCOUNT})
  void auditConfigs_inTheMask_areStored(String resource) {
    String valid = VALID.formatted(member(SA1));
    HttpResponse<String> stored = set(resource, valid, "bindings,etag,auditConfigs");
    assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
    assertThat(auditConfigs(admin.post("/v1/" + resource + ":getIamPolicy", "")))
        .isEqualTo("[" + valid + "]");
  }

  @Test
  void auditConfigs_absentFromTheMask_stay() {
    String valid = VALID.formatted(member(SA1));
    set(PROJECT, valid, "bindings,etag,auditConfigs");
    String other = "{\"service\":\"allServices\"}";
    assertThat(auditConfigs(set(PROJECT, other, "bindings"))).isEqualTo("[" + valid + "]");
    assertThat(auditConfigs(set(PROJECT, "", "auditConfigs"))).isEqualTo("[]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "storage.googleapis.com | `` | Invalid service '' in an audit config: use allServices or one such as storage.googleapis.com.",
        "storage.googleapis.com | storage | Invalid service 'storage' in an audit config: use allServices or one such as storage.googleapis.com.",
        "storage.googleapis.com | storage.example.com | Invalid service 'storage.example.com' in an audit config: use allServices or one such as storage.googleapis.com.",
        "ADMIN_READ | LOG_TYPE_UNSPECIFIED | Invalid log type LOG_TYPE_UNSPECIFIED in an audit config: use one of [ADMIN_READ, DATA_WRITE, DATA_READ].",
        "ADMIN_READ | ADMIN_WRITE | Invalid JSON payload received. Invalid enum value.",
        "serviceAccount:sa-1@ | sa-1@ | The member sa-1@demo-project.iam.gserviceaccount.com is of an unknown type. Please set a valid type prefix for the member.",
        "serviceAccount:sa-1@ | user:sa-1@ | Principal sa-1@demo-project.iam.gserviceaccount.com is of type \"serviceAccount\". The principal should appear as \"serviceAccount:sa-1@demo-project.iam.gserviceaccount.com\".",
        "serviceAccount:sa-1@ | serviceAccount:ghost@ | Service account ghost@demo-project.iam.gserviceaccount.com does not exist."
      })
  void auditConfigs_invalid_areRefused(String valid, String invalid, String message) {
    for (String resource : new String[] {PROJECT, ACCOUNT}) {
      HttpResponse<String> refused =
          set(
              resource,
              VALID.formatted(member(SA1)).replace(valid, invalid),
              "bindings,auditConfigs");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(Wire.error(refused).get("message").getAsString()).isEqualTo(message);
      assertThat(admin.post("/v1/" + resource + ":getIamPolicy", "").body())
          .doesNotContain("auditConfigs");
    }
  }

  @Test
  void service_withALineBreak_isRefused() {
    String broken = VALID.replace("googleapis.com", "googleapis.com\\n").formatted(member(SA1));
    assertThat(set(PROJECT, broken, "auditConfigs").statusCode()).isEqualTo(400);
  }

  @Test
  void exemptedMembers_countForTheLimitOfMembers() {
    String most =
        IntStream.range(0, 1_499)
            .mapToObj("user:u%d@example.com"::formatted)
            .collect(Collectors.joining("\",\""));
    assertThat(set(PROJECT, VALID.formatted(most), "bindings,auditConfigs").statusCode())
        .isEqualTo(200);
    HttpResponse<String> refused =
        set(PROJECT, VALID.formatted(most + "\",\"user:more@example.com"), "bindings,auditConfigs");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(Wire.error(refused).get("message").getAsString())
        .isEqualTo(
            "The policy is too large: more than 1500 members in bindings and audit configs.");
  }

  private HttpResponse<String> set(String resource, String auditConfigs, String mask) {
    return admin.post(
        "/v1/" + resource + ":setIamPolicy",
        "{\"policy\":{\"bindings\":[%s],\"auditConfigs\":[%s]},\"updateMask\":\"%s\"}"
            .formatted(resource.equals(PROJECT) ? OWNER : "", auditConfigs, mask));
  }

  private static String auditConfigs(HttpResponse<String> policy) {
    JsonObject body = Wire.json(policy);
    return String.valueOf(
        body.has("auditConfigs") ? body.getAsJsonArray("auditConfigs") : new JsonArray());
  }
}
