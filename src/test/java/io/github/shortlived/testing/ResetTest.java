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
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.github.shortlived.testing.Clients.Transport;
import io.github.shortlived.testing.EmulatorControls.QuotaGroup;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResetTest {
  private final IamEmulator emulator =
      Demo.world().binding(SA2, TOKEN_CREATOR, member(SA1)).start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void reset_afterPolicyChange_restoresItOnBothTransports() throws IOException {
    Wire admin = Wire.as(emulator, ADMIN);
    admin.post("/v1/" + name(SA2) + ":setIamPolicy", "{\"policy\":{}}");
    assertThat(signs()).isFalse();
    emulator.reset();
    assertThat(signs()).isTrue();
    GoogleCredentials sa1 = emulator.googleCredentials(member(SA1));
    try (IamCredentialsClient client = Clients.iamCredentials(emulator, sa1, Transport.GRPC)) {
      assertThat(client.signBlob(name(SA2), List.of(), ByteString.EMPTY).getKeyId()).isNotEmpty();
    }
  }

  @Test
  void reset_createdAccount_isRemoved() {
    Wire.as(emulator, ADMIN)
        .post("/v1/projects/" + PROJECT + "/serviceAccounts", "{\"accountId\":\"created\"}");
    String created = "/v1/projects/" + PROJECT + "/serviceAccounts/" + Demo.email("created");
    assertThat(Wire.as(emulator, ADMIN).get(created).statusCode()).isEqualTo(200);
    emulator.reset();
    assertThat(Wire.as(emulator, ADMIN).get(created).statusCode()).isEqualTo(404);
    assertThat(Wire.as(emulator, ADMIN).get("/v1/" + name(SA1)).statusCode()).isEqualTo(200);
  }

  @Test
  void reset_issuedTokens_areInvalidAndCredentialsRefreshThem() throws IOException {
    GoogleCredentials credentials = emulator.googleCredentials(ADMIN);
    String before = Clients.accessToken(credentials);
    emulator.reset();
    String path = "/v1/" + name(SA1);
    assertThat(Wire.anonymous(emulator).with(before).get(path).statusCode()).isEqualTo(401);
    String after = Clients.accessToken(credentials);
    assertThat(Wire.anonymous(emulator).with(after).get(path).statusCode()).isEqualTo(200);
  }

  @Test
  void reset_keyFile_isInvalid_andItsKeySignsForNoOther() throws IOException {
    String old = emulator.serviceAccountKey(SA1);
    assertThat(Clients.accessToken(credentials(old))).startsWith("ya29.");
    emulator.reset();
    String fresh = emulator.serviceAccountKey(SA1);
    String other = emulator.serviceAccountKey(SA2);
    assertThatThrownBy(() -> Clients.accessToken(credentials(old)))
        .hasStackTraceContaining("Invalid JWT Signature.");
    for (String valid : List.of(fresh, other)) {
      assertThat(Clients.accessToken(credentials(valid))).startsWith("ya29.");
      String withOldKey = valid.replace(privateKey(valid), privateKey(old));
      assertThatThrownBy(() -> Clients.accessToken(credentials(withOldKey)))
          .hasStackTraceContaining("Invalid JWT Signature.");
    }
  }

  @Test
  void reset_afterRotation_signsWithTheFirstKeyAgain() {
    String first = keyId();
    emulator.controls().rotateKeys(SA2);
    assertThat(keyId()).isNotEqualTo(first);
    emulator.reset();
    assertThat(keyId()).isEqualTo(first);
    assertThat(
            Wire.json(Wire.anonymous(emulator).get("/service_accounts/v1/jwk/" + SA2))
                .getAsJsonArray("keys"))
        .hasSize(1);
  }

  @Test
  void reset_manyTimes_repeatsNoKey() {
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      keys.add(field(emulator.serviceAccountKey(SA1), "private_key"));
      emulator.reset();
    }
    assertThat(keys).hasSize(5);
  }

  @Test
  void reset_controls_areAsDeclared() {
    InstantSource noon = InstantSource.fixed(Instant.parse("2026-05-04T12:00:00Z"));
    try (IamEmulator turned =
        Demo.world().clock(noon).disabledApi(PROJECT, "compute.googleapis.com").start()) {
      EmulatorClock clock = turned.clock();
      clock.advance(Duration.ofDays(1));
      turned.faults().onEverything().fail(Code.UNAVAILABLE);
      turned.controls().propagationDelay(Duration.ofMinutes(7));
      turned.controls().disableApi(PROJECT, "iam.googleapis.com");
      turned.controls().enableApi(PROJECT, "compute.googleapis.com");
      turned.controls().quota(PROJECT, QuotaGroup.IAM_WRITE, 0);
      assertThat(setPolicy(turned).statusCode()).isEqualTo(503);
      turned.reset();
      assertThat(clock.instant()).isEqualTo(noon.instant());
      assertThat(turned.calls()).isEmpty();
      assertThat(setPolicy(turned).statusCode()).isEqualTo(200);
      String instances = "/compute/v1/projects/" + PROJECT + "/zones/us-west1-a/instances";
      assertThat(Wire.as(turned, ADMIN).get(instances).body()).contains("SERVICE_DISABLED");
    }
  }

  @Test
  void reset_attachedAccount_signsInTheNewWorld() {
    GoogleCredentials attached = emulator.googleCredentials(member(SA1));
    emulator.addProjectBinding(PROJECT, TOKEN_CREATOR, member(SA1));
    assertThat(signature(attached)).isNotEmpty();
    emulator.reset();
    assertThatThrownBy(() -> signature(attached))
        .isInstanceOf(ServiceAccountSigner.SigningException.class);
  }

  @Test
  void reset_signInOfUsersAndWorkloads_isAsDeclared() throws IOException {
    try (IamEmulator signIn =
        Demo.world()
            .workloadIdentityPool(PROJECT, "ci-pool", "ci-provider", "https://ci.example.com")
            .start()) {
      String user = signIn.userCredentials("alice@example.com");
      WorkloadIdentityProvider provider =
          signIn.workloadIdentityProvider(PROJECT, "ci-pool", "ci-provider");
      assertThat(Clients.accessToken(credentials(user))).startsWith("ya29.");
      assertThat(exchange(signIn, provider).statusCode()).isEqualTo(200);
      signIn.reset();
      assertThatThrownBy(() -> Clients.accessToken(credentials(user)))
          .isInstanceOf(IOException.class);
      assertThat(exchange(signIn, provider).statusCode()).isEqualTo(200);
      assertThat(signIn.calls())
          .extracting(EmulatorCall::method, EmulatorCall::caller, EmulatorCall::allowed)
          .containsExactly(
              tuple("token", "anonymous", false),
              tuple("sts.token", provider.principal("octo"), true));
    }
  }

  private static HttpResponse<String> exchange(
      IamEmulator emulator, WorkloadIdentityProvider provider) {
    return Wire.anonymous(emulator)
        .form(
            "/v1/token",
            Map.of(
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange",
                "audience",
                provider.audience(),
                "subject_token",
                provider.subjectToken("octo"),
                "subject_token_type",
                "urn:ietf:params:oauth:token-type:jwt",
                "scope",
                CLOUD_PLATFORM));
  }

  private static byte[] signature(GoogleCredentials credentials) {
    return ((ServiceAccountSigner) credentials).sign(new byte[] {1});
  }

  private static HttpResponse<String> setPolicy(IamEmulator emulator) {
    return Wire.as(emulator, ADMIN).post("/v1/" + name(SA1) + ":setIamPolicy", "{\"policy\":{}}");
  }

  private boolean signs() {
    return signBlob().statusCode() == 200;
  }

  private String keyId() {
    return Wire.json(signBlob()).get("keyId").getAsString();
  }

  private HttpResponse<String> signBlob() {
    return Wire.as(emulator, member(SA1))
        .post("/v1/" + name(SA2) + ":signBlob", "{\"payload\":\"YQ==\"}");
  }

  private static GoogleCredentials credentials(String keyFile) throws IOException {
    return GoogleCredentials.fromStream(
            new ByteArrayInputStream(keyFile.getBytes(StandardCharsets.UTF_8)))
        .createScoped(CLOUD_PLATFORM);
  }

  /** Returns the private key as it is in the file, with its escaped line breaks. */
  private static String privateKey(String keyFile) {
    return field(keyFile, "private_key").replace("\n", "\\n");
  }

  private static String field(String keyFile, String name) {
    JsonObject file = JsonParser.parseString(keyFile).getAsJsonObject();
    return file.get(name).getAsString();
  }
}
