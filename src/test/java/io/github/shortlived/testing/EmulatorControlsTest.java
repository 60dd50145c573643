package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.api.gax.rpc.StatusCode;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.shortlived.testing.Clients.Transport;
import io.github.shortlived.testing.EmulatorControls.QuotaGroup;
import io.github.shortlived.testing.internal.oauth.PublishedKeysTest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmulatorControlsTest {
  private static final String EMPTY_POLICY = "{\"policy\":{}}";
  private static final String GRANT =
      "{\"policy\":{\"bindings\":[{\"role\":\""
          + TOKEN_CREATOR
          + "\",\"members\":[\""
          + member(SA1)
          + "\"]}]}}";

  private final IamEmulator emulator =
      Demo.world()
          .clock(InstantSource.fixed(Instant.parse("2026-05-04T10:00:00Z")))
          .binding(SA2, TOKEN_CREATOR, member(SA1))
          .start();
  private final EmulatorControls controls = emulator.controls();
  private final Wire sa1 = Wire.as(emulator, member(SA1));
  private final Wire admin = Wire.as(emulator, ADMIN);

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void propagationDelay_revocation_isReadAtOnceAndAppliesLater() {
    controls.propagationDelay(Duration.ofMinutes(2));
    setPolicy(EMPTY_POLICY);
    assertThat(policy().has("bindings")).isFalse();
    assertThat(idToken().statusCode()).isEqualTo(200);
    emulator.clock().advance(Duration.ofSeconds(119));
    assertThat(idToken().statusCode()).isEqualTo(200);
    emulator.clock().advance(Duration.ofSeconds(1));
    assertThat(idToken().statusCode()).isEqualTo(403);
  }

  @Test
  void propagationDelay_grant_isReadAtOnceAndAppliesLater() {
    setPolicy(EMPTY_POLICY);
    controls.propagationDelay(Duration.ofMinutes(2));
    setPolicy(GRANT);
    assertThat(policy().getAsJsonArray("bindings")).hasSize(1);
    assertThat(idToken().statusCode()).isEqualTo(403);
    emulator.clock().advance(Duration.ofMinutes(2));
    assertThat(idToken().statusCode()).isEqualTo(200);
  }

  @Test
  void propagationDelay_addProjectBinding_waitsToo() {
    setPolicy(EMPTY_POLICY);
    controls.propagationDelay(Duration.ofMinutes(2));
    emulator.addProjectBinding(PROJECT, TOKEN_CREATOR, member(SA1));
    assertThat(idToken().statusCode()).isEqualTo(403);
    emulator.clock().advance(Duration.ofMinutes(2));
    assertThat(idToken().statusCode()).isEqualTo(200);
  }

  @Test
  void propagationDelay_changed_appliesToLaterChangesOnly() {
    controls.propagationDelay(Duration.ofMinutes(10));
    setPolicy(EMPTY_POLICY);
    controls.propagationDelay(Duration.ZERO);
    assertThat(idToken().statusCode()).isEqualTo(200);
    emulator.clock().advance(Duration.ofMinutes(10));
    assertThat(idToken().statusCode()).isEqualTo(403);
    setPolicy(GRANT);
    assertThat(idToken().statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void lifetimeExtension_perAccount_allowsTwelveHours(Transport transport) throws IOException {
    try (IamCredentialsClient client =
        Clients.iamCredentials(emulator, emulator.googleCredentials(member(SA1)), transport)) {
      assertThat(Refused.by(() -> longToken(client, 3601)).message())
          .contains("The access token lifetime cannot exceed 3600 seconds.");
      controls.allowLifetimeExtension(SA2);
      assertThat(longToken(client, 43200))
          .isEqualTo(Instant.parse("2026-05-04T22:00:00Z").getEpochSecond());
      assertThat(Refused.by(() -> longToken(client, 43201)).code())
          .isEqualTo(StatusCode.Code.INVALID_ARGUMENT);
      controls.forbidLifetimeExtension(SA2);
      assertThat(Refused.by(() -> longToken(client, 3601)).code())
          .isEqualTo(StatusCode.Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void lifetimeExtension_ofATargetNamedByUniqueId_applies() {
    String uniqueId = Wire.json(admin.get("/v1/" + name(SA2))).get("uniqueId").getAsString();
    assertThat(longTokenOf(uniqueId).statusCode()).isEqualTo(400);
    controls.allowLifetimeExtension(SA2);
    assertThat(longTokenOf(uniqueId).statusCode()).isEqualTo(200);
  }

  @Test
  void disableApi_ofTheCallersProject_isRefusedWithGooglesText() {
    controls.disableApi(PROJECT, "iamcredentials.googleapis.com");
    HttpResponse<String> refused = idToken();
    assertThat(refused.statusCode()).isEqualTo(403);
    JsonObject error = Wire.error(refused);
    JsonArray details = error.getAsJsonArray("details");
    JsonObject metadata = details.get(0).getAsJsonObject().getAsJsonObject("metadata");
    String consumer = metadata.get("consumer").getAsString();
    assertThat(consumer).matches("projects/\\d{12}");
    assertThat(metadata.get("service").getAsString()).isEqualTo("iamcredentials.googleapis.com");
    assertThat(error.get("message").getAsString())
        .startsWith(
            "IAM Service Account Credentials API has not been used in project "
                + consumer.substring("projects/".length())
                + " before or it is disabled. Enable it by visiting https://");
    assertThat(details.get(1).getAsJsonObject().get("@type").getAsString())
        .isEqualTo("type.googleapis.com/google.rpc.Help");
    controls.enableApi(PROJECT, "iamcredentials.googleapis.com");
    assertThat(idToken().statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void disableApi_overBothTransports_carriesItsReason(Transport transport) throws IOException {
    controls.disableApi(PROJECT, "iamcredentials.googleapis.com");
    try (IamCredentialsClient client =
        Clients.iamCredentials(emulator, emulator.googleCredentials(member(SA1)), transport)) {
      Refused refused = Refused.by(() -> client.generateIdToken(name(SA2), List.of(), "a", false));
      assertThat(refused.code()).isEqualTo(StatusCode.Code.PERMISSION_DENIED);
      assertThat(refused.reason()).isEqualTo("SERVICE_DISABLED");
    }
  }

  @Test
  void disableApi_ofOneService_doesNotAffectOtherServicesAndProjects() {
    controls.disableApi(PROJECT, "iam.googleapis.com");
    assertThat(idToken().statusCode()).isEqualTo(200);
    assertThat(admin.get("/v1/" + name(SA2)).statusCode()).isEqualTo(403);
    try (IamEmulator two =
        Demo.world().project("other").disabledApi("other", "iam.googleapis.com").start()) {
      assertThat(Wire.as(two, ADMIN).get("/v1/" + name(SA2)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void rotateKeys_signing_usesTheNewAndPublishesBoth() {
    String before = signingKey();
    controls.rotateKeys(SA2);
    String after = signingKey();
    assertThat(after).isNotEqualTo(before);
    assertThat(published("/service_accounts/v1/jwk/" + SA2)).contains(before, after).hasSize(2);
  }

  @Test
  void rotateGoogleKeys_idTokens_verifyBeforeAndAfter() throws Exception {
    JsonWebSignature before = googleSigned();
    controls.rotateGoogleKeys();
    JsonWebSignature after = googleSigned();
    assertThat(after.getHeader().getKeyId()).isNotEqualTo(before.getHeader().getKeyId());
    for (JsonWebSignature token : List.of(before, after)) {
      assertThat(token.verifySignature(PublishedKeysTest.googleKey(emulator, token))).isTrue();
    }
  }

  @Test
  void quota_exhausted_refusesUntilTheMinuteEnds() {
    controls.quota(PROJECT, QuotaGroup.GENERATE, 2);
    assertThat(idToken().statusCode()).isEqualTo(200);
    emulator.clock().advance(Duration.ofSeconds(20));
    assertThat(idToken().statusCode()).isEqualTo(200);
    HttpResponse<String> refused = idToken();
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("40");
    assertThat(refused.body()).contains("RATE_LIMIT_EXCEEDED", "google.rpc.RetryInfo");
    assertThat(signingKey()).isNotEmpty();
    emulator.clock().advance(Duration.ofSeconds(40));
    assertThat(idToken().statusCode()).isEqualTo(200);
  }

  @Test
  void quota_ofReads_doesNotLimitWrites() {
    controls.quota(PROJECT, QuotaGroup.IAM_READ, 0);
    assertThat(admin.get("/v1/" + name(SA2)).statusCode()).isEqualTo(429);
    assertThat(setPolicy(GRANT).statusCode()).isEqualTo(200);
    controls.quota(PROJECT, QuotaGroup.IAM_WRITE, 0);
    assertThat(setPolicy(GRANT).statusCode()).isEqualTo(429);
  }

  @Test
  void controls_wrongArguments_areRefusedWithTheRule() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> controls.propagationDelay(Duration.ofSeconds(-1)))
        .withMessageContaining("use zero to 365 days");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> controls.propagationDelay(Duration.ofDays(366)))
        .withMessageContaining("use zero to 365 days");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> controls.disableApi(PROJECT, "storage.googleapis.com"))
        .withMessageContaining("iamcredentials.googleapis.com");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> controls.disableApi("unknown", "iam.googleapis.com"))
        .withMessageContaining("project(..)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> controls.rotateKeys(Demo.email("ghost")))
        .withMessageContaining("serviceAccount(..)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> controls.quota(PROJECT, QuotaGroup.SIGN, -1))
        .withMessageContaining("-1");
  }

  private static long longToken(IamCredentialsClient client, long seconds) {
    return client
        .generateAccessToken(
            name(SA2),
            List.of(),
            List.of(CLOUD_PLATFORM),
            com.google.protobuf.Duration.newBuilder().setSeconds(seconds).build())
        .getExpireTime()
        .getSeconds();
  }

  private HttpResponse<String> longTokenOf(String account) {
    return sa1.with(Wire.token(emulator, member(SA1)))
        .post(
            "/v1/" + name(account) + ":generateAccessToken",
            "{\"scope\":[\"" + CLOUD_PLATFORM + "\"],\"lifetime\":\"43200s\"}");
  }

  private HttpResponse<String> idToken() {
    return sa1With("generateIdToken", "{\"audience\":\"a\"}");
  }

  private String signingKey() {
    return Wire.json(sa1With("signBlob", "{\"payload\":\"YQ==\"}")).get("keyId").getAsString();
  }

  private JsonWebSignature googleSigned() throws IOException {
    String token = Wire.json(idToken()).get("token").getAsString();
    return JsonWebSignature.parse(GsonFactory.getDefaultInstance(), token);
  }

  private HttpResponse<String> sa1With(String verb, String body) {
    return sa1.with(Wire.token(emulator, member(SA1))).post("/v1/" + name(SA2) + ":" + verb, body);
  }

  private HttpResponse<String> setPolicy(String body) {
    return admin.post("/v1/" + name(SA2) + ":setIamPolicy", body);
  }

  private JsonObject policy() {
    return Wire.json(admin.post("/v1/" + name(SA2) + ":getIamPolicy", ""));
  }

  private List<String> published(String path) {
    return Wire.json(Wire.anonymous(emulator).get(path)).getAsJsonArray("keys").asList().stream()
        .map(key -> key.getAsJsonObject().get("kid").getAsString())
        .toList();
  }
}
