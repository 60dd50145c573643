package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.rpc.Code;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The system parameters of calls that are not methods of an API with a proto. */
class SystemParametersTest {
  private static final String CERTS = "/oauth2/v3/certs";

  private final IamEmulator emulator = Demo.world().metadataServiceAccount(SA1).start();
  private final Wire anonymous = Wire.anonymous(emulator);
  private final JsonObject user =
      JsonParser.parseString(emulator.userCredentials("boss@example.com")).getAsJsonObject();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @CsvSource({
    "alt=proto, A response other than JSON (the query parameter alt)",
    "$alt=media, A response other than JSON (the query parameter alt)",
    "callback=f, JSONP (the query parameter callback)",
    "$callback=f, JSONP (the query parameter callback)"
  })
  void otherFormat_isRefusedInTheFormOfEachEndpoint(String parameter, String what) {
    HttpResponse<String> keys = anonymous.get(CERTS + "?" + parameter);
    assertThat(keys.statusCode()).isEqualTo(422);
    assertThat(Wire.error(keys).get("message").getAsString()).isEqualTo(what + " is not emulated.");
    for (String path :
        List.of(
            "/token",
            "/v1/token",
            "/v1/introspect",
            "/v1/oauthtoken",
            "/tokeninfo",
            "/oauth2/v3/userinfo",
            "/revoke")) {
      HttpResponse<String> response = anonymous.form(path + "?" + parameter, Map.of("x", "y"));
      assertThat(response.statusCode()).as(path).isEqualTo(422);
      assertThat(response.body())
          .isEqualTo(
              "{\"error\":\"invalid_request\",\"error_description\":\"%s is not emulated.\"}"
                  .formatted(what));
    }
    assertThat(emulator.calls()).extracting(EmulatorCall::status).containsOnly(Code.UNIMPLEMENTED);
  }

  @Test
  void revocation_inAnotherFormat_hasNoEffect() {
    String access = refreshed().get("access_token").getAsString();
    Map<String, String> token = Map.of("token", access);
    assertThat(anonymous.form("/revoke?callback=f", token).statusCode()).isEqualTo(422);
    assertThat(anonymous.with(access).get("/oauth2/v3/userinfo").statusCode()).isEqualTo(200);
    assertThat(anonymous.form("/revoke?alt=json", token).statusCode()).isEqualTo(200);
    assertThat(anonymous.with(access).get("/oauth2/v3/userinfo").statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "email | {'email':'boss@example.com'}",
        "email,verified_email | {'email':'boss@example.com','verified_email':true}",
        "picture | {}"
      })
  void fields_ofUserInformation_selectsThem(String fields, String expected) {
    String access = refreshed().get("access_token").getAsString();
    for (String parameter : List.of("fields", "$fields")) {
      assertThat(
              anonymous.with(access).get("/oauth2/v2/userinfo?" + parameter + "=" + fields).body())
          .isEqualTo(expected.replace('\'', '"'));
    }
  }

  @Test
  void fields_ofKeys_selectsThemInEachItem() {
    assertThat(anonymous.get(CERTS + "?fields=keys(kty,alg)").body())
        .isEqualTo("{\"keys\":[{\"kty\":\"RSA\",\"alg\":\"RS256\"}]}");
    HttpResponse<String> malformed = anonymous.get(CERTS + "?fields=keys(");
    assertThat(malformed.statusCode()).isEqualTo(400);
    assertThat(Wire.error(malformed).get("status").getAsString()).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void fields_ofATokenResponse_selectsThem_andOfAnErrorNot() {
    assertThat(anonymous.form("/token?fields=token_type", grant()).body())
        .isEqualTo("{\"token_type\":\"Bearer\"}");
    assertThat(anonymous.form("/token?fields=token_type", Map.of()).body())
        .isEqualTo(
            "{\"error\":\"invalid_request\",\"error_description\":\"Required parameter is missing: grant_type\"}");
  }

  @Test
  void fieldMask_inTheHeader_selectsThem() {
    Wire admin = Wire.as(emulator, ADMIN);
    assertThat(admin.header("X-Goog-FieldMask", "email").get("/v1/" + name(SA2)).body())
        .isEqualTo("{\"email\":\"" + SA2 + "\"}");
    assertThat(admin.header("X-Goog-FieldMask", "nope").get("/v1/" + name(SA2)).statusCode())
        .isEqualTo(400);
    assertThat(anonymous.header("X-Goog-FieldMask", "keys.kty").get(CERTS).body())
        .isEqualTo("{\"keys\":[{\"kty\":\"RSA\"}]}");
  }

  /** The metadata server has parameters of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"", "?alt=text", "?callback=f&fields=x"})
  void parameters_ofTheMetadataServer_areItsOwn(String query) {
    assertThat(
            anonymous
                .header("Metadata-Flavor", "Google")
                .get("/computeMetadata/v1/project/project-id" + query)
                .body())
        .isEqualTo(PROJECT);
  }

  private JsonObject refreshed() {
    return Wire.json(anonymous.form("/token", grant()));
  }

  private Map<String, String> grant() {
    return Map.of(
        "grant_type", "refresh_token",
        "client_id", user.get("client_id").getAsString(),
        "client_secret", user.get("client_secret").getAsString(),
        "refresh_token", user.get("refresh_token").getAsString());
  }
}
