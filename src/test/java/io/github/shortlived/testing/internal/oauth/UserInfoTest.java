package io.github.shortlived.testing.internal.oauth;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.github.shortlived.testing.Demo;
import io.github.shortlived.testing.EmulatorCall;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.Wire;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The endpoints that describe the user or account of an access token. */
class UserInfoTest {
  private static final List<String> API =
      List.of("/oauth2/v1/userinfo", "/oauth2/v2/userinfo", "/userinfo/v2/me");
  private static final List<String> OPEN_ID = List.of("/oauth2/v3/userinfo", "/v1/userinfo");

  private final IamEmulator emulator =
      Demo.world().binding(SA2, TOKEN_CREATOR, member(SA1)).start();
  private final Wire anonymous = Wire.anonymous(emulator);
  private final String id =
      Wire.json(Wire.as(emulator, ADMIN).get("/v1/" + name(SA2))).get("uniqueId").getAsString();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void account_withTheEmailScope_hasIdAndEmail() {
    String token = token("openid", "email");
    for (String path : API) {
      assertThat(anonymous.with(token).get(path).body())
          .isEqualTo("{\"id\":\"%s\",\"email\":\"%s\",\"verified_email\":true}".formatted(id, SA2));
    }
    String claims = "{\"sub\":\"%s\",\"email\":\"%s\",\"email_verified\":true}".formatted(id, SA2);
    for (String path : OPEN_ID) {
      assertThat(anonymous.with(token).get(path).body()).isEqualTo(claims);
      assertThat(anonymous.with(token).form(path, Map.of()).body()).isEqualTo(claims);
      assertThat(anonymous.get(path + "?access_token=" + token).body()).isEqualTo(claims);
    }
    EmulatorCall call = emulator.calls().get(emulator.calls().size() - 1);
    assertThat(call.method()).isEqualTo("userinfo");
    assertThat(call.caller()).isEqualTo(member(SA2));
  }

  @Test
  void account_withTheOpenIdScopeOnly_hasNoEmail() {
    String token = token("openid");
    assertThat(anonymous.with(token).get("/oauth2/v2/userinfo").body())
        .isEqualTo("{\"id\":\"%s\"}".formatted(id));
    assertThat(anonymous.with(token).get("/oauth2/v3/userinfo").body())
        .isEqualTo("{\"sub\":\"%s\"}".formatted(id));
  }

  @Test
  void token_missingOrWithoutIdentityScope_isUnauthorized() {
    String narrow = token(CLOUD_PLATFORM);
    for (Wire wire : List.of(anonymous, anonymous.with("ya29.unknown"), anonymous.with(narrow))) {
      for (String path : API) {
        HttpResponse<String> refused = wire.get(path);
        assertThat(refused.statusCode()).isEqualTo(401);
        JsonObject error = Wire.error(refused);
        assertThat(error.get("status").getAsString()).isEqualTo("UNAUTHENTICATED");
        assertThat(error.get("message").getAsString())
            .startsWith("Request had invalid authentication credentials.");
      }
      for (String path : OPEN_ID) {
        HttpResponse<String> refused = wire.get(path);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body())
            .isEqualTo(
                "{\"error\":\"invalid_request\",\"error_description\":\"Invalid Credentials\"}");
      }
    }
  }

  private String token(String... scopes) {
    String request = "{\"scope\":[\"" + String.join("\",\"", scopes) + "\"]}";
    return Wire.json(
            Wire.as(emulator, member(SA1))
                .post("/v1/" + name(SA2) + ":generateAccessToken", request))
        .get("accessToken")
        .getAsString();
  }
}
