package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.iam.admin.v1.CreateServiceAccountKeyRequest;
import com.google.iam.admin.v1.DisableServiceAccountKeyRequest;
import com.google.iam.admin.v1.EnableServiceAccountKeyRequest;
import com.google.iam.admin.v1.GetServiceAccountKeyRequest;
import com.google.iam.admin.v1.ListServiceAccountKeysRequest.KeyType;
import com.google.iam.admin.v1.ServiceAccountKey;
import com.google.iam.admin.v1.ServiceAccountPrivateKeyType;
import com.google.iam.admin.v1.ServiceAccountPublicKeyType;
import com.google.protobuf.util.Timestamps;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Keys of service accounts through IAMClient. sa-1 may issue tokens of sa-2. */
class AccountKeysTest {
  @AutoClose
  private final IamEmulator emulator =
      Demo.world().binding(SA2, TOKEN_CREATOR, member(SA1)).start();

  @AutoClose private final IAMClient admin = Clients.admin(emulator);

  @Test
  void createdKey_inGoogleAuth_issuesTokens() throws IOException {
    ServiceAccountKey created = create();
    assertThat(created.getPrivateKeyType())
        .isEqualTo(ServiceAccountPrivateKeyType.TYPE_GOOGLE_CREDENTIALS_FILE);
    assertThat(created.getName())
        .matches("projects/demo-project/serviceAccounts/" + SA1 + "/keys/[0-9a-f]{40}");
    ServiceAccountCredentials file = credentials(created);
    assertThat(file.getTokenServerUri()).isEqualTo(emulator.httpEndpoint().resolve("/token"));
    assertThat(file.getPrivateKeyId()).isEqualTo(id(created));
    Wire sa1 = Wire.anonymous(emulator).with(file.refreshAccessToken().getTokenValue());
    assertThat(Sa2Policy.tokenStatus(sa1, SA2)).isEqualTo(200);
  }

  @Test
  void getKey_afterwards_returnsThePublicKeyOnly() {
    ServiceAccountKey created = create();
    ServiceAccountKey shown = admin.getServiceAccountKey(reading(created.getName()));
    assertThat(shown)
        .isEqualTo(created.toBuilder().clearPrivateKeyData().clearPrivateKeyType().build());
    assertThat(Timestamps.toString(shown.getValidBeforeTime())).startsWith("9999-12-31");
    assertThat(publicKey(created, ServiceAccountPublicKeyType.TYPE_X509_PEM_FILE))
        .startsWith("-----BEGIN CERTIFICATE-----");
    assertThat(publicKey(created, ServiceAccountPublicKeyType.TYPE_RAW_PUBLIC_KEY))
        .startsWith("-----BEGIN PUBLIC KEY-----");
  }

  @Test
  void createKey_overRest_isInBase64() {
    var response = Wire.as(emulator, ADMIN).post("/v1/" + name(SA1) + "/keys", "{}");
    byte[] file =
        Base64.getDecoder().decode(Wire.json(response).get("privateKeyData").getAsString());
    assertThat(new String(file, UTF_8)).contains("\"type\": \"service_account\"");
  }

  @Test
  void listKeys_byType_returnsThatTypeOnly() {
    String userManaged = create().getName();
    assertThat(listed(KeyType.USER_MANAGED)).containsExactly(userManaged);
    assertThat(listed(KeyType.SYSTEM_MANAGED)).hasSize(1).doesNotContain(userManaged);
    assertThat(listed()).hasSize(2).contains(userManaged);
  }

  @Test
  void deletedKey_signatures_areRefused() throws IOException {
    ServiceAccountKey key = create();
    ServiceAccountCredentials file = credentials(key);
    String selfSigned = selfSigned(credentials(key));
    assertThat(Sa2Policy.tokenStatus(Wire.anonymous(emulator).with(selfSigned), SA2))
        .isEqualTo(200);
    admin.deleteServiceAccountKey(key.getName());
    assertThatThrownBy(file::refreshAccessToken).hasMessageContaining("Invalid JWT Signature.");
    assertThat(Sa2Policy.tokenStatus(Wire.anonymous(emulator).with(selfSigned), SA2))
        .isEqualTo(401);
    assertThat(Wire.anonymous(emulator).get("/service_accounts/v1/jwk/" + SA1).body())
        .doesNotContain(id(key));
    assertThat(Refused.by(() -> admin.getServiceAccountKey(reading(key.getName()))).code())
        .isEqualTo(Code.NOT_FOUND);
  }

  @Test
  void disabledKey_signatures_areRefusedUntilItIsEnabled() throws IOException {
    ServiceAccountKey key = create();
    ServiceAccountCredentials file = credentials(key);
    admin.disableServiceAccountKey(
        DisableServiceAccountKeyRequest.newBuilder().setName(key.getName()).build());
    assertThat(admin.getServiceAccountKey(reading(key.getName())).getDisabled()).isTrue();
    assertThatThrownBy(file::refreshAccessToken).hasMessageContaining("invalid_grant");
    admin.enableServiceAccountKey(
        EnableServiceAccountKeyRequest.newBuilder().setName(key.getName()).build());
    assertThat(file.refreshAccessToken().getTokenValue()).isNotEmpty();
  }

  @Test
  void createKey_afterTen_isRefusedUntilOneIsDeleted() {
    String last = "";
    for (int i = 0; i < 10; i++) {
      last = create().getName();
    }
    assertThat(Refused.by(this::create).code()).isEqualTo(Code.FAILED_PRECONDITION);
    admin.deleteServiceAccountKey(last);
    assertThat(create().getName()).isNotEqualTo(last);
  }

  @Test
  void systemManagedKey_deletion_isRefused() {
    String key = listed(KeyType.SYSTEM_MANAGED).get(0);
    assertThat(Refused.by(() -> admin.deleteServiceAccountKey(key)).code())
        .isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(listed()).containsExactly(key);
  }

  @Test
  void createKey_ofAnotherType_isNotEmulated() {
    CreateServiceAccountKeyRequest pkcs12 =
        CreateServiceAccountKeyRequest.newBuilder()
            .setName(name(SA1))
            .setPrivateKeyType(ServiceAccountPrivateKeyType.TYPE_PKCS12_FILE)
            .build();
    assertThat(Refused.by(() -> admin.createServiceAccountKey(pkcs12)).code())
        .isEqualTo(Code.UNIMPLEMENTED);
  }

  @Test
  void keys_withoutGrant_areDeniedByPermission() throws IOException {
    String key = create().getName();
    try (IAMClient sa2 = Clients.iam(emulator, emulator.googleCredentials(member(SA2)))) {
      assertThat(Refused.by(() -> sa2.getServiceAccountKey(reading(key))).permission())
          .isEqualTo("iam.serviceAccountKeys.get");
      assertThat(Refused.by(() -> sa2.deleteServiceAccountKey(key)).permission())
          .isEqualTo("iam.serviceAccountKeys.delete");
      DisableServiceAccountKeyRequest disabling =
          DisableServiceAccountKeyRequest.newBuilder().setName(key).build();
      assertThat(Refused.by(() -> sa2.disableServiceAccountKey(disabling)).permission())
          .isEqualTo("iam.serviceAccountKeys.disable");
      EnableServiceAccountKeyRequest enabling =
          EnableServiceAccountKeyRequest.newBuilder().setName(key).build();
      assertThat(Refused.by(() -> sa2.enableServiceAccountKey(enabling)).permission())
          .isEqualTo("iam.serviceAccountKeys.enable");
      assertThat(Refused.by(() -> sa2.listServiceAccountKeys(name(SA1), List.of())).permission())
          .isEqualTo("iam.serviceAccountKeys.list");
      assertThat(Refused.by(() -> sa2.createServiceAccountKey(creation())).permission())
          .isEqualTo("iam.serviceAccountKeys.create");
    }
  }

  @Test
  void keyAdmin_hasAllPermissions() throws IOException {
    emulator.addProjectBinding(Demo.PROJECT, "roles/iam.serviceAccountKeyAdmin", member(SA2));
    try (IAMClient sa2 = Clients.iam(emulator, emulator.googleCredentials(member(SA2)))) {
      String key = sa2.createServiceAccountKey(creation()).getName();
      sa2.deleteServiceAccountKey(key);
      assertThat(sa2.listServiceAccountKeys(name(SA1), List.of()).getKeysList())
          .extracting(ServiceAccountKey::getName)
          .hasSize(1)
          .doesNotContain(key);
    }
  }

  private ServiceAccountKey create() {
    return admin.createServiceAccountKey(creation());
  }

  private static CreateServiceAccountKeyRequest creation() {
    return CreateServiceAccountKeyRequest.newBuilder().setName(name(SA1)).build();
  }

  private List<String> listed(KeyType... types) {
    return admin.listServiceAccountKeys(name(SA1), List.of(types)).getKeysList().stream()
        .map(ServiceAccountKey::getName)
        .toList();
  }

  private String publicKey(ServiceAccountKey key, ServiceAccountPublicKeyType form) {
    return admin
        .getServiceAccountKey(
            GetServiceAccountKeyRequest.newBuilder()
                .setName(key.getName())
                .setPublicKeyType(form)
                .build())
        .getPublicKeyData()
        .toStringUtf8();
  }

  private ServiceAccountCredentials credentials(ServiceAccountKey key) throws IOException {
    return (ServiceAccountCredentials)
        ServiceAccountCredentials.fromStream(
                new ByteArrayInputStream(key.getPrivateKeyData().toByteArray()),
                emulator.httpTransportFactory())
            .createScoped(CLOUD_PLATFORM);
  }

  private static String selfSigned(ServiceAccountCredentials credentials) throws IOException {
    Map<String, List<String>> headers =
        credentials
            .createWithUseJwtAccessWithScope(true)
            .getRequestMetadata(URI.create("https://iamcredentials.googleapis.com/"));
    return headers.getOrDefault("Authorization", List.of()).get(0).substring("Bearer ".length());
  }

  private static GetServiceAccountKeyRequest reading(String name) {
    return GetServiceAccountKeyRequest.newBuilder().setName(name).build();
  }

  private static String id(ServiceAccountKey key) {
    return key.getName().substring(key.getName().lastIndexOf('/') + 1);
  }
}
