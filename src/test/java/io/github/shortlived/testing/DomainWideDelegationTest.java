package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.ZONE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** sa-1 may impersonate every user of example.com, sa-2 none; only the boss may list instances. */
class DomainWideDelegationTest {
  private static final String BOSS = "boss@example.com";
  private static final String READ_ONLY = "https://www.googleapis.com/auth/compute.readonly";

  private final IamEmulator emulator =
      Demo.world()
          .domainWideDelegation(SA1, "example.com", CLOUD_PLATFORM)
          .domainWideDelegation(SA2, "clerk@example.com", CLOUD_PLATFORM)
          .projectBinding(PROJECT, "roles/compute.viewer", "user:" + BOSS)
          .instance(PROJECT, ZONE, "vm-1")
          .start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void delegatedKeyFile_callsAsTheUser() throws IOException {
    assertThat(instances(delegated(SA1, BOSS, CLOUD_PLATFORM))).isEqualTo("vm-1");
    GoogleCredentials clerk = delegated(SA1, "clerk@example.com", CLOUD_PLATFORM);
    assertThat(Refused.by(() -> instances(clerk)).permission()).isEqualTo("compute.instances.list");
  }

  @Test
  void delegatedKeyFile_otherUserScopeOrAccount_isUnauthorized() throws IOException {
    assertUnauthorized(delegated(SA1, "boss@elsewhere.com", CLOUD_PLATFORM));
    assertUnauthorized(delegated(SA1, "boss@notexample.com", CLOUD_PLATFORM));
    assertUnauthorized(delegated(SA1, BOSS, READ_ONLY));
    assertUnauthorized(delegated(SA1, BOSS, CLOUD_PLATFORM, READ_ONLY));
    assertUnauthorized(delegated(SA2, BOSS, CLOUD_PLATFORM));
    assertThat(Clients.accessToken(delegated(SA2, "clerk@example.com", CLOUD_PLATFORM)))
        .startsWith("ya29.a0");
  }

  @Test
  void refusal_inTheResponse_hasTheReason() {
    HandSigned jwt = jwt().with("sub", "boss@elsewhere.com").with("scope", CLOUD_PLATFORM);
    assertThat(OAuthError.of(exchange(jwt)))
        .isEqualTo(
            new OAuthError(
                401,
                "unauthorized_client",
                "Client is unauthorized to retrieve access tokens using this method, or client not"
                    + " authorized for any of the scopes requested."));
  }

  @Test
  void idToken_forAUser_isUnauthorized() {
    HandSigned jwt = jwt().with("target_audience", "orders");
    JsonObject own = Wire.json(exchange(jwt.with("sub", SA1)));
    assertThat(own.has("id_token")).isTrue();
    assertThat(exchange(jwt.with("sub", BOSS)).statusCode()).isEqualTo(401);
  }

  /** The claims of tokens for delegated users are unverified. */
  @Test
  void accessToken_forAUser_isDescribedAsOneOfTheAccount() {
    String account =
        Wire.json(Wire.as(emulator, Demo.ADMIN).get("/v1/" + Demo.name(SA1)))
            .get("uniqueId")
            .getAsString();
    JsonObject info = Wire.json(tokenInfo(userToken()));
    assertThat(info.get("azp").getAsString()).isEqualTo(account);
    assertThat(info.get("aud").getAsString()).isEqualTo(account);
    assertThat(info.get("access_type").getAsString()).isEqualTo("online");
  }

  @Test
  void accessToken_forAUser_isNotRevocable() {
    String delegated = userToken();
    HttpResponse<String> refused =
        Wire.anonymous(emulator).form("/revoke", Map.of("token", delegated));
    assertThat(OAuthError.of(refused))
        .isEqualTo(new OAuthError(400, "invalid_token", "Token is not revocable."));
    String consent =
        JsonParser.parseString(emulator.userCredentials(BOSS))
            .getAsJsonObject()
            .get("refresh_token")
            .getAsString();
    HttpResponse<String> revoked =
        Wire.anonymous(emulator).form("/revoke", Map.of("token", consent));
    assertThat(revoked.statusCode()).isEqualTo(200);
    assertThat(tokenInfo(delegated).statusCode()).as("another consent").isEqualTo(200);
  }

  /** Google's old name of the claim {@code sub}. */
  @Test
  void user_inThePrnClaim_isImpersonated() {
    HandSigned jwt = jwt().with("scope", CLOUD_PLATFORM);
    assertThat(Wire.json(exchange(jwt.with("prn", BOSS))).get("access_token").getAsString())
        .startsWith("ya29.a0");
    assertThat(exchange(jwt.with("prn", "boss@elsewhere.com")).statusCode()).isEqualTo(401);
    assertThat(exchange(jwt.with("sub", BOSS)).statusCode()).as("sub first").isEqualTo(200);
  }

  @Test
  void declaration_withoutScopeOrUser_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IamEmulator.builder().domainWideDelegation(SA1, "example.com"))
        .withMessageContaining("Invalid scopes []: pass one or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IamEmulator.builder().domainWideDelegation(SA1, " ", CLOUD_PLATFORM))
        .withMessageContaining("a domain");
  }

  private GoogleCredentials delegated(String account, String user, String... scopes)
      throws IOException {
    byte[] keyFile = emulator.serviceAccountKey(account).getBytes(UTF_8);
    return ServiceAccountCredentials.fromStream(
            new ByteArrayInputStream(keyFile), emulator.httpTransportFactory())
        .createScoped(scopes)
        .createDelegated(user);
  }

  private String instances(GoogleCredentials caller) throws IOException {
    try (InstancesClient client = Clients.instances(emulator, caller)) {
      return client.list(PROJECT, ZONE).iterateAll().iterator().next().getName();
    }
  }

  private String userToken() {
    HandSigned jwt = jwt().with("scope", CLOUD_PLATFORM).with("sub", BOSS);
    return Wire.json(exchange(jwt)).get("access_token").getAsString();
  }

  private HttpResponse<String> tokenInfo(String token) {
    return Wire.anonymous(emulator).form("/tokeninfo", Map.of("access_token", token));
  }

  private HandSigned jwt() {
    return HandSigned.by(emulator, SA1, Instant.now().getEpochSecond())
        .with("aud", "https://oauth2.googleapis.com/token");
  }

  private HttpResponse<String> exchange(HandSigned jwt) {
    return Wire.anonymous(emulator)
        .form(
            "/token",
            Map.of(
                "grant_type",
                "urn:ietf:params:oauth:grant-type:jwt-bearer",
                "assertion",
                jwt.rs256()));
  }

  /** HttpURLConnection drops the body of a 401, so Google's library knows no more. */
  private static void assertUnauthorized(GoogleCredentials credentials) {
    assertThatThrownBy(credentials::refresh)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("401 Unauthorized");
  }
}
