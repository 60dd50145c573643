package io.github.shortlived.testing.internal.oauth;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.testing.Demo;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.Wire;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The endpoint that revokes tokens. */
class TokenRevocationTest {
  private static final String REVOKED =
      "{\"error\":\"invalid_token\",\"error_description\":\"Token expired or revoked\"}";

  private final IamEmulator emulator =
      Demo.world().binding(SA2, TOKEN_CREATOR, member(SA1)).start();
  private final Wire anonymous = Wire.anonymous(emulator);
  private final JsonObject admin = signIn("admin@example.com");

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void refreshToken_isRevokedWithTheAccessTokens() {
    String access = refreshed(admin).get("access_token").getAsString();
    assertThat(call(access)).isEqualTo(200);
    assertThat(succeeded(anonymous.form("/revoke", token(text(admin, "refresh_token"))))).isTrue();
    assertThat(call(access)).isEqualTo(401);
    assertThat(refreshed(admin).get("error").getAsString()).isEqualTo("invalid_grant");
  }

  @Test
  void accessToken_isRevokedWithTheRefreshToken_onEveryPath() {
    for (String path : List.of("/revoke", "/o/oauth2/revoke")) {
      JsonObject file = signIn("admin@example.com");
      String access = refreshed(file).get("access_token").getAsString();
      assertThat(succeeded(anonymous.form(path + "?token=" + access, Map.of()))).isTrue();
      assertThat(call(access)).isEqualTo(401);
      assertThat(refreshed(file).get("error").getAsString()).isEqualTo("invalid_grant");
    }
    String access = refreshed(signIn("admin@example.com")).get("access_token").getAsString();
    assertThat(succeeded(anonymous.get("/o/oauth2/revoke?token=" + access))).isTrue();
    assertThat(call(access)).isEqualTo(401);
    assertThat(anonymous.get("/revoke?token=" + access).statusCode()).isEqualTo(405);
  }

  @Test
  void tokens_ofOtherUsers_stayValid() {
    JsonObject other = signIn("other@example.com");
    anonymous.form("/revoke", token(text(other, "refresh_token")));
    assertThat(call(refreshed(admin).get("access_token").getAsString())).isEqualTo(200);
  }

  @Test
  void token_unknownOrRevoked_isInvalid() {
    String refresh = text(admin, "refresh_token");
    anonymous.form("/revoke", token(refresh));
    for (String value : List.of(refresh, "ya29.unknown")) {
      HttpResponse<String> refused = anonymous.form("/revoke", token(value));
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).isEqualTo(REVOKED);
    }
    assertThat(anonymous.form("/revoke", Map.of()).body())
        .isEqualTo(
            "{\"error\":\"invalid_request\","
                + "\"error_description\":\"Required parameter is missing: token\"}");
  }

  @Test
  void token_ofAServiceAccount_isNotRevocable() {
    String access = accountToken();
    HttpResponse<String> refused = anonymous.form("/revoke", token(access));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body())
        .isEqualTo(
            "{\"error\":\"invalid_token\",\"error_description\":\"Token is not revocable.\"}");
    assertThat(call(access)).isEqualTo(403);
  }

  private String accountToken() {
    String request = "{\"scope\":[\"" + CLOUD_PLATFORM + "\"]}";
    HttpResponse<String> response =
        Wire.as(emulator, member(SA1)).post("/v1/" + name(SA2) + ":generateAccessToken", request);
    return text(Wire.json(response), "accessToken");
  }

  /** Returns the status of a call with a token: 401 if the token is invalid. */
  private int call(String token) {
    return anonymous.with(token).get("/v1/" + name(SA1)).statusCode();
  }

  private static boolean succeeded(HttpResponse<String> response) {
    return response.statusCode() == 200 && response.body().equals("{}");
  }

  private static Map<String, String> token(String value) {
    return Map.of("token", value);
  }

  private JsonObject signIn(String user) {
    return JsonParser.parseString(emulator.userCredentials(user)).getAsJsonObject();
  }

  private JsonObject refreshed(JsonObject file) {
    return Wire.json(
        anonymous.form(
            "/token",
            Map.of(
                "grant_type", "refresh_token",
                "client_id", text(file, "client_id"),
                "client_secret", text(file, "client_secret"),
                "refresh_token", text(file, "refresh_token"))));
  }

  private static String text(JsonObject object, String name) {
    return object.get(name).getAsString();
  }
}
