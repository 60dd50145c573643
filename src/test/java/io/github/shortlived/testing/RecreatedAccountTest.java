package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.world.World;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An account with the email of a deleted account is a different account, with other keys. */
class RecreatedAccountTest {
  private static final String GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final String USER = "boss@example.com";

  private final IamEmulator emulator =
      Demo.world()
          .projectBinding(PROJECT, TOKEN_CREATOR, ADMIN)
          .domainWideDelegation(SA2, "example.com", CLOUD_PLATFORM)
          .start();
  private final Wire admin = Wire.as(emulator, ADMIN);

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void jwtOfTheDeletedAccount_isInvalidForTheNewOne() {
    Wire signed = admin.with(bearer());
    assertThat(ask(signed)).isEqualTo(200);
    recreate();
    assertThat(ask(signed)).isEqualTo(401);
    assertThat(ask(admin.with(bearer()))).isEqualTo(200);
  }

  @Test
  void publishedKeys_areThoseOfTheNewAccountOnly() {
    String before = signedWith();
    assertThat(published()).containsExactly(before);
    recreate();
    String after = signedWith();
    assertThat(published()).containsExactly(after).doesNotContain(before);
  }

  @Test
  void delegation_toTheDeletedAccount_doesNotApply() {
    assertThat(delegated()).isEqualTo(200);
    String oldId = recreate();
    assertThat(delegated()).isEqualTo(401);
    delete();
    admin.post("/v1/" + name(oldId) + ":undelete", "{}");
    assertThat(delegated()).isEqualTo(200);
  }

  /** A call that began before the deletion issues its token after it. */
  @Test
  void token_issuedDuringTheDeletion_isInvalidForTheNewAccount() {
    World world = InternalEmulator.world(emulator);
    Account deleted = world.accounts().find(SA2).orElseThrow();
    assertThat(ask(admin.with(issue(world, deleted)))).isEqualTo(200);
    recreate();
    assertThat(ask(admin.with(issue(world, deleted)))).isEqualTo(401);
    Account created = world.accounts().find(SA2).orElseThrow();
    assertThat(ask(admin.with(issue(world, created)))).isEqualTo(200);
  }

  @Test
  void deletion_endingLate_revokesNoTokenOfTheNewAccount() {
    World world = InternalEmulator.world(emulator);
    Account deleted = world.accounts().find(SA2).orElseThrow();
    recreate();
    String token = issue(world, world.accounts().find(SA2).orElseThrow());
    world.tokens().revoke(deleted.principal());
    assertThat(ask(admin.with(token))).isEqualTo(200);
  }

  @Test
  void jwtOfACreatedAccount_isInvalidAfterAReset() {
    String path = "/v1/projects/" + PROJECT + "/serviceAccounts";
    String email = Demo.email("created");
    admin.post(path, "{\"accountId\":\"created\"}");
    Wire signed = admin.with(bearer(admin, email));
    assertThat(ask(signed, email)).isEqualTo(200);
    emulator.reset();
    Wire.as(emulator, ADMIN).post(path, "{\"accountId\":\"created\"}");
    assertThat(ask(signed, email)).isEqualTo(401);
    assertThat(ask(signed.with(bearer(Wire.as(emulator, ADMIN), email)), email)).isEqualTo(200);
  }

  @Test
  void reset_afterwards_restoresTheFirstKey() {
    String before = signedWith();
    recreate();
    signedWith();
    emulator.reset();
    assertThat(Wire.json(sign(Wire.as(emulator, ADMIN))).get("keyId").getAsString())
        .isEqualTo(before);
  }

  private String recreate() {
    String oldId = Wire.json(admin.get("/v1/" + name(SA2))).get("uniqueId").getAsString();
    delete();
    admin.post("/v1/projects/" + PROJECT + "/serviceAccounts", "{\"accountId\":\"sa-2\"}");
    return oldId;
  }

  private void delete() {
    admin.send("DELETE", "/v1/" + name(SA2), BodyPublishers.noBody(), "application/json");
  }

  private static String issue(World world, Account account) {
    Caller caller = new Caller(account.principal(), Set.of(CLOUD_PLATFORM));
    return world.tokens().accessToken(caller, Duration.ofHours(1)).value();
  }

  private String bearer() {
    return bearer(admin, SA2);
  }

  private static String bearer(Wire admin, String email) {
    long now = Instant.now().getEpochSecond();
    JsonObject claims = new JsonObject();
    claims.addProperty("iss", email);
    claims.addProperty("sub", email);
    claims.addProperty("aud", "https://iam.googleapis.com/");
    claims.addProperty("iat", now);
    claims.addProperty("exp", now + 600);
    JsonObject request = new JsonObject();
    request.addProperty("payload", claims.toString());
    return Wire.json(admin.post("/v1/" + name(email) + ":signJwt", request.toString()))
        .get("signedJwt")
        .getAsString();
  }

  private static int ask(Wire caller) {
    return ask(caller, SA2);
  }

  private static int ask(Wire caller, String email) {
    return caller
        .post(
            "/v1/" + name(email) + ":testIamPermissions",
            "{\"permissions\":[\"iam.serviceAccounts.get\"]}")
        .statusCode();
  }

  private String signedWith() {
    return Wire.json(sign(admin)).get("keyId").getAsString();
  }

  private static HttpResponse<String> sign(Wire caller) {
    return caller.post("/v1/" + name(SA2) + ":signBlob", "{\"payload\":\"YQ==\"}");
  }

  private List<String> published() {
    JsonArray keys = Wire.json(admin.get("/service_accounts/v1/jwk/" + SA2)).getAsJsonArray("keys");
    return StreamSupport.stream(keys.spliterator(), false)
        .map(key -> key.getAsJsonObject().get("kid").getAsString())
        .toList();
  }

  private int delegated() {
    String assertion =
        HandSigned.by(emulator, SA2, Instant.now().getEpochSecond())
            .with("aud", "https://oauth2.googleapis.com/token")
            .with("scope", CLOUD_PLATFORM)
            .with("sub", USER)
            .rs256();
    return Wire.anonymous(emulator)
        .form("/token", Map.of("grant_type", GRANT_TYPE, "assertion", assertion))
        .statusCode();
  }
}
