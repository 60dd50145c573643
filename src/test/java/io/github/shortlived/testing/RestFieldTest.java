package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fields that only the REST API has; sa-1 calls generateIdToken for sa-2. */
class RestFieldTest {
  private static final String PATH = "/v1/" + name(SA2) + ":generateIdToken";

  private final IamEmulator emulator =
      Demo.world()
          .clock(TestClock.startingAt("2026-05-04T10:00:00Z"))
          .binding(SA2, TOKEN_CREATOR, member(SA1))
          .start();
  private final Wire sa1 = Wire.as(emulator, member(SA1));
  private final String id =
      Wire.json(Wire.as(emulator, ADMIN).get("/v1/" + name(SA2))).get("uniqueId").getAsString();

  @AfterEach
  void stop() {
    emulator.close();
  }

  /** Node's google-auth-library sends the boolean, Python's the string. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"delegates\":[],\"audience\":\"orders\",\"includeEmail\":true,\"useEmailAzp\":true}",
        "{\"audience\":\"orders\",\"includeEmail\":\"true\",\"useEmailAzp\":\"true\"}",
        "{\"audience\":\"orders\",\"include_email\":true,\"use_email_azp\":true}"
      })
  void useEmailAzp_inEveryForm_makesTheEmailTheAzp(String request) {
    assertThat(claims(sa1.post(PATH, request)))
        .isEqualTo(
            json(
                """
                {"aud": "orders", "azp": "%1$s", "email": "%1$s", "email_verified": true,
                 "sub": "%2$s", "exp": 1777892400, "iat": 1777888800,
                 "iss": "https://accounts.google.com"}
                """
                    .formatted(SA2, id)));
  }

  @Test
  void useEmailAzp_inTheQuery_isRead() {
    JsonObject claims =
        claims(sa1.post(PATH + "?useEmailAzp=true&audience=orders&includeEmail=false", ""));
    assertThat(claims.get("azp").getAsString()).isEqualTo(SA2);
    assertThat(claims.has("email")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "\"false\"", "null"})
  void useEmailAzp_notSet_leavesTheUniqueId(String value) {
    JsonObject claims =
        claims(sa1.post(PATH, "{\"audience\":\"orders\",\"useEmailAzp\":" + value + "}"));
    assertThat(claims.get("azp").getAsString()).isEqualTo(id);
  }

  /** The number is null because a world has no organization. */
  @Test
  void organizationNumberIncluded_addsTheClaim() {
    assertThat(
            claims(sa1.post(PATH, "{\"audience\":\"orders\",\"organizationNumberIncluded\":true}")))
        .isEqualTo(
            json(
                """
                {"aud": "orders", "azp": "%1$s", "sub": "%1$s",
                 "google": {"organization_number": null}, "exp": 1777892400, "iat": 1777888800,
                 "iss": "https://accounts.google.com"}
                """
                    .formatted(id)));
  }

  /** The reason and the message have no effect; the key is disabled. */
  @Test
  void disableKey_withAReason_isServed() {
    Wire admin = Wire.as(emulator, ADMIN);
    String keyId =
        JsonParser.parseString(emulator.serviceAccountKey(SA2))
            .getAsJsonObject()
            .get("private_key_id")
            .getAsString();
    String path = "/v1/" + name(SA2) + "/keys/" + keyId;
    HttpResponse<String> response =
        admin.post(
            path + ":disable",
            "{\"serviceAccountKeyDisableReason\":\"SERVICE_ACCOUNT_KEY_DISABLE_REASON_EXPOSED\","
                + "\"extendedStatusMessage\":\"found in a repository\"}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{}");
    assertThat(Wire.json(admin.get(path)).get("disabled").getAsBoolean()).isTrue();
  }

  @Test
  void otherNamesAndTypes_areRefused() {
    for (String request :
        List.of(
            "{\"audience\":\"orders\",\"useEmailAsp\":true}",
            "{\"audience\":\"orders\",\"useEmailAzp\":\"yes\"}",
            "{\"audience\":\"orders\",\"useEmailAzp\":{}}")) {
      HttpResponse<String> refused = sa1.post(PATH, request);
      assertThat(refused.statusCode()).as(request).isEqualTo(400);
      assertThat(Wire.error(refused).get("message").getAsString())
          .startsWith("Invalid JSON payload received. ");
    }
    HttpResponse<String> accessToken =
        sa1.post(PATH.replace("generateIdToken", "generateAccessToken"), "{\"useEmailAzp\":true}");
    assertThat(Wire.error(accessToken).get("message").getAsString())
        .isEqualTo(
            "Invalid JSON payload received. Unknown name \"useEmailAzp\": Cannot find field.");
  }

  private static JsonObject claims(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    String token = Wire.json(response).get("token").getAsString();
    byte[] payload = Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
    return json(new String(payload, StandardCharsets.UTF_8));
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }
}
