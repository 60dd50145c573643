package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.ZONE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.IdToken;
import com.google.auth.oauth2.UserCredentials;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.testing.internal.key.Jwts;
import io.github.shortlived.testing.internal.oauth.PublishedKeysTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The credentials of a signed-in user: a refresh token and the tokens issued for it. */
class UserCredentialsTest {
  private final IamEmulator emulator = Demo.world().instance(PROJECT, ZONE, "vm-1").start();
  private final String file = emulator.userCredentials("admin@example.com");

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void googleAuth_refreshed_callsAsTheUser() throws IOException {
    try (InstancesClient client = Clients.instances(emulator, credentials(file))) {
      assertThat(client.list(PROJECT, ZONE).iterateAll()).hasSize(1);
    }
    UserCredentials stranger = credentials(emulator.userCredentials("stranger@example.com"));
    try (InstancesClient client = Clients.instances(emulator, stranger)) {
      assertThat(Refused.by(() -> client.list(PROJECT, ZONE)).permission())
          .isEqualTo("compute.instances.list");
    }
  }

  @Test
  void googleAuth_idToken_hasTheOAuthClientAsAudience() throws Exception {
    UserCredentials credentials = credentials(file);
    IdToken token = credentials.idTokenWithAudience("https://ignored.example.com", List.of());
    var jwt = Jwts.parse(token.getTokenValue()).orElseThrow();
    assertThat(jwt.verifySignature(PublishedKeysTest.googleKey(emulator, jwt))).isTrue();
    assertThat(jwt.getPayload())
        .containsEntry("aud", credentials.getClientId())
        .containsEntry("email", "admin@example.com");
  }

  @Test
  void googleAuth_afterAnotherEmulatorsSignIn_isRefused() throws IOException {
    try (IamEmulator other = Demo.world().start()) {
      String otherFile = file.replace(text("refresh_token"), other(other, "refresh_token"));
      assertThatThrownBy(() -> credentials(otherFile).refresh())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("invalid_grant");
    }
  }

  @Test
  void response_hasGooglesFields() {
    JsonObject response = Wire.json(refresh(form()));
    assertThat(response.keySet())
        .containsExactlyInAnyOrder("access_token", "expires_in", "scope", "token_type", "id_token");
    assertThat(response.get("expires_in").getAsInt()).isEqualTo(3599);
    assertThat(response.get("token_type").getAsString()).isEqualTo("Bearer");
    assertThat(response.get("scope").getAsString().split(" ")).contains(CLOUD_PLATFORM, "openid");
  }

  @Test
  void scope_narrower_isGranted_andWider_isNot() {
    Map<String, String> form = form();
    form.put("scope", CLOUD_PLATFORM);
    JsonObject response = Wire.json(refresh(form));
    assertThat(response.get("scope").getAsString()).isEqualTo(CLOUD_PLATFORM);
    assertThat(response.has("id_token")).isFalse();
    form.put("scope", "https://www.googleapis.com/auth/drive");
    assertThat(OAuthError.of(refresh(form)).error()).isEqualTo("invalid_scope");
  }

  @Test
  void wrongTokenOrClient_isRefused() {
    Map<String, String> form = form();
    form.put("refresh_token", "1//0unknown");
    assertThat(OAuthError.of(refresh(form))).isEqualTo(OAuthError.invalidGrant("Bad Request"));
    form = form();
    form.put("client_secret", "wrong");
    assertThat(OAuthError.of(refresh(form)))
        .isEqualTo(new OAuthError(401, "invalid_client", "The provided client secret is invalid."));
    form.put("client_id", "unknown");
    assertThat(OAuthError.of(refresh(form)))
        .isEqualTo(new OAuthError(401, "invalid_client", "The OAuth client was not found."));
    form.remove("client_id");
    assertThat(OAuthError.of(refresh(form)).error()).isEqualTo("invalid_request");
  }

  @Test
  void userCredentials_withoutEmail_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> emulator.userCredentials("user:admin@example.com"))
        .withMessageContaining("admin@example.com");
  }

  private UserCredentials credentials(String json) throws IOException {
    return UserCredentials.fromStream(
        new ByteArrayInputStream(json.getBytes(UTF_8)), emulator.httpTransportFactory());
  }

  private Map<String, String> form() {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "refresh_token");
    for (String name : List.of("client_id", "client_secret", "refresh_token")) {
      form.put(name, text(name));
    }
    return form;
  }

  private String text(String name) {
    return JsonParser.parseString(file).getAsJsonObject().get(name).getAsString();
  }

  private static String other(IamEmulator emulator, String name) {
    String json = emulator.userCredentials("admin@example.com");
    return JsonParser.parseString(json).getAsJsonObject().get(name).getAsString();
  }

  private HttpResponse<String> refresh(Map<String, String> form) {
    return Wire.anonymous(emulator).form("/token", form);
  }
}
