package io.github.shortlived.testing.internal.world;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.cloud.iam.credentials.v1.GenerateAccessTokenRequest;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.protobuf.Duration;
import io.github.shortlived.testing.Clients;
import io.github.shortlived.testing.Clients.Transport;
import io.github.shortlived.testing.Demo;
import io.github.shortlived.testing.HandSigned;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.Wire;
import io.github.shortlived.testing.internal.oauth.JwtBearerGrant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorldFileTest {
  private static final String WORLD =
      """
      {
        "projects": [
          {
            "projectId": "demo-project",
            "bindings": [{"role": "roles/owner", "members": ["user:admin@example.com"]}],
            "disabledApis": ["iam.googleapis.com"]
          },
          {"projectId": "other"}
        ],
        "serviceAccounts": [
          {"email": "sa-1@demo-project.iam.gserviceaccount.com"},
          {
            "email": "sa-2@demo-project.iam.gserviceaccount.com",
            "bindings": [
              {
                "role": "roles/iam.serviceAccountTokenCreator",
                "members": ["serviceAccount:sa-1@demo-project.iam.gserviceaccount.com"]
              }
            ],
            "allowLifetimeExtension": true
          }
        ],
        "instances": [{"project": "demo-project", "zone": "us-west1-a", "name": "vm-1"}]
      }
      """;

  @Test
  void worldJson_everyField_hasItsEffect() throws IOException {
    try (IamEmulator emulator = IamEmulator.builder().worldJson(WORLD).start();
        IamCredentialsClient sa1 =
            Clients.iamCredentials(
                emulator, emulator.googleCredentials(member(SA1)), Transport.REST)) {
      assertThat(sa1.generateAccessToken(twelveHours()).getAccessToken()).isNotEmpty();
      Wire admin = Wire.as(emulator, ADMIN);
      assertThat(admin.get("/v1/" + name(SA2)).body()).contains("SERVICE_DISABLED");
      String instances = "/compute/v1/projects/" + PROJECT + "/zones/us-west1-a/instances";
      assertThat(admin.get(instances).body()).contains("\"vm-1\"");
      emulator.addProjectBinding("other", "roles/viewer", ADMIN);
    }
  }

  @Test
  void worldJson_conditionCustomRoleAndGroup_apply() {
    String world =
        """
        {
          "projects": [
            {
              "projectId": "demo-project",
              "customRoles": [{"roleId": "signer", "permissions": ["iam.serviceAccounts.signBlob"]}]
            }
          ],
          "serviceAccounts": [
            {
              "email": "sa-2@demo-project.iam.gserviceaccount.com",
              "bindings": [
                {
                  "role": "projects/demo-project/roles/signer",
                  "members": ["group:team@example.com"],
                  "condition": {"expression": "request.time < timestamp('2026-05-04T10:00:00Z')"}
                }
              ]
            }
          ],
          "groups": [{"email": "team@example.com", "members": ["user:alice@example.com"]}]
        }
        """;
    InstantSource before = InstantSource.fixed(Instant.parse("2026-05-04T09:59:00Z"));
    try (IamEmulator emulator = IamEmulator.builder().clock(before).worldJson(world).start()) {
      assertThat(signBlob(emulator, "user:alice@example.com")).isEqualTo(200);
      assertThat(signBlob(emulator, "user:bob@example.com")).isEqualTo(403);
      emulator.clock().advance(java.time.Duration.ofMinutes(1));
      assertThat(signBlob(emulator, "user:alice@example.com")).isEqualTo(403);
    }
  }

  @Test
  void worldJson_poolDelegationAndMetadata_areDeclared() {
    String world =
        """
        {
          "projects": [
            {
              "projectId": "demo-project",
              "workloadIdentityPools": [
                {"poolId": "ci-pool", "providerId": "ci-one", "issuer": "https://ci.example.com"},
                {
                  "poolId": "ci-pool",
                  "providerId": "ci-two",
                  "issuer": "https://ci.example.com",
                  "audiences": ["orders"]
                }
              ]
            }
          ],
          "serviceAccounts": [
            {
              "email": "sa-1@demo-project.iam.gserviceaccount.com",
              "domainWideDelegation": [{"userOrDomain": "example.com", "scopes": ["openid"]}]
            }
          ],
          "metadataServiceAccount": "sa-1@demo-project.iam.gserviceaccount.com"
        }
        """;
    try (IamEmulator emulator = IamEmulator.builder().worldJson(world).start()) {
      for (String provider : List.of("ci-one", "ci-two")) {
        assertThat(emulator.workloadIdentityProvider(PROJECT, "ci-pool", provider).audience())
            .endsWith("/workloadIdentityPools/ci-pool/providers/" + provider);
      }
      assertThat(delegated(emulator, "boss@example.com")).isEqualTo(200);
      assertThat(delegated(emulator, "boss@elsewhere.com")).isEqualTo(401);
      ComputeEngineCredentials machine =
          ComputeEngineCredentials.newBuilder()
              .setHttpTransportFactory(emulator.httpTransportFactory())
              .build();
      assertThat(machine.getAccount()).isEqualTo(SA1);
    }
  }

  private static int delegated(IamEmulator emulator, String user) {
    HandSigned assertion =
        HandSigned.by(emulator, SA1, emulator.clock().instant().getEpochSecond())
            .with("aud", "https://oauth2.googleapis.com/token")
            .with("sub", user)
            .with("scope", "openid");
    return Wire.anonymous(emulator)
        .form("/token", Map.of("grant_type", JwtBearerGrant.TYPE, "assertion", assertion.rs256()))
        .statusCode();
  }

  private static int signBlob(IamEmulator emulator, String member) {
    return Wire.as(emulator, member)
        .post("/v1/" + name(SA2) + ":signBlob", "{\"payload\":\"YQ==\"}")
        .statusCode();
  }

  @Test
  void world_file_addsItsDeclarations(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("world.json"), WORLD);
    String more = Demo.email("more");
    try (IamEmulator emulator = IamEmulator.builder().serviceAccount(more).world(file).start()) {
      assertThat(emulator.serviceAccountKey(more)).contains(more);
      assertThat(emulator.serviceAccountKey(SA2)).contains(SA2);
    }
  }

  @Test
  void world_fileMissingOrWrong_isRefusedWithItsName(@TempDir Path directory) throws IOException {
    assertThatThrownBy(() -> IamEmulator.builder().world(directory))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            "Cannot read the world file " + directory + ": use a file with JSON that you may read");
    Path missing = directory.resolve("missing.json");
    assertThatThrownBy(() -> IamEmulator.builder().world(missing))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageEndingWith("missing.json does not exist: check the path");
    Path wrong = Files.writeString(directory.resolve("wrong.json"), "{\"x\": 1}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IamEmulator.builder().world(wrong))
        .withMessageContainingAll("wrong.json", "$.x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"project\": []} | $.project: unknown field: use one of [projects,",
        "[] | $: not a JSON object",
        "{\"projects\": [],} | $: not a JSON object",
        "{\"projects\": {}} | $.projects: {} must be a list",
        "{\"projects\": [\"p\"]} | $.projects[0]: \"p\" must be an object",
        "{\"projects\": [{}]} | $.projects[0].projectId: missing: add",
        "{\"projects\": [{\"projectId\": 7}]} | $.projects[0].projectId: 7 must be a string",
        "{\"projects\": [{\"projectId\": \"a/b\"}]} | $.projects[0].projectId: \"a/b\" is not a project id",
        "{\"projects\": [{\"projectId\": \"p\", \"disabledApis\": [\"x\"]}]} | $.projects[0].disabledApis[0]: \"x\" is not an API",
        "{\"projects\": [{\"projectId\": \"p\", \"workloadIdentityPools\": [{\"poolId\": \"pool\", \"providerId\": \"prov\", \"issuer\": \"https://i.example\", \"attributeMapping\": {\"google.name\": \"assertion.sub\"}}]}]} | $.projects[0].workloadIdentityPools[0].attributeMapping: \"google.name\" is not an attribute",
        "{\"projects\": [{\"projectId\": \"p\", \"workloadIdentityPools\": [{\"poolId\": \"pool\", \"providerId\": \"prov\", \"issuer\": \"https://i.example\", \"attributeMapping\": {\"google.subject\": 7}}]}]} | $.projects[0].workloadIdentityPools[0].attributeMapping.google.subject: 7 must be a string",
        "{\"serviceAccounts\": [{\"email\": \"sa-1\"}]} | $.serviceAccounts[0].email: \"sa-1\" is not the email of a service account: use NAME@",
        "{\"serviceAccounts\": [{\"email\": \"a@p.iam.gserviceaccount.com\", \"allowLifetimeExtension\": \"yes\"}]} | $.serviceAccounts[0].allowLifetimeExtension: \"yes\" must be true or false",
        "{\"projects\": [{\"projectId\": \"p\", \"bindings\": [{\"role\": \"r\", \"members\": [\"allUsers\"]}]}]} | $.projects[0].bindings[0].role: Role \"r\" is not known",
        "{\"projects\": [{\"projectId\": \"p\", \"bindings\": [{\"role\": \"roles/owner\", \"members\": [\"me\"]}]}]} | $.projects[0].bindings[0].members[0]: \"me\" is not a policy member",
        "{\"projects\": [{\"projectId\": \"p\", \"bindings\": [{\"role\": \"roles/owner\"}]}]} | $.projects[0].bindings[0].members: missing",
        "{\"projects\": [{\"projectId\": \"p\", \"bindings\": [{\"role\": \"roles/owner\", \"members\": [], \"etag\": \"x\"}]}]} | $.projects[0].bindings[0].etag: unknown field",
        "{\"projects\": [{\"projectId\": \"p\", \"bindings\": [{\"role\": \"roles/owner\", \"members\": [], \"condition\": {}}]}]} | $.projects[0].bindings[0].condition.expression: missing",
        "{\"projects\": [{\"projectId\": \"p\", \"customRoles\": [{\"roleId\": \"x\", \"permissions\": []}]}]} | $.projects[0].customRoles[0].roleId: \"projects/p/roles/x\" is not the name of a custom role",
        "{\"groups\": [{\"email\": \"team\", \"members\": []}]} | $.groups[0].email: \"team\" is not the email of a group",
        "{\"instances\": [{\"project\": \"p\", \"zone\": \"z\"}]} | $.instances[0].name: missing",
        "{\"projects\": [{\"projectId\": \"p\", \"workloadIdentityPools\": [{\"poolId\": \"x\", \"providerId\": \"prov\", \"issuer\": \"https://i.example\"}]}]} | $.projects[0].workloadIdentityPools[0].poolId: \"x\" is not a pool id",
        "{\"projects\": [{\"projectId\": \"p\", \"workloadIdentityPools\": [{\"poolId\": \"pool\", \"providerId\": \"x\", \"issuer\": \"https://i.example\"}]}]} | $.projects[0].workloadIdentityPools[0].providerId: \"x\" is not a provider id",
        "{\"projects\": [{\"projectId\": \"p\", \"workloadIdentityPools\": [{\"poolId\": \"pool\", \"providerId\": \"prov\", \"issuer\": \"ci.example.com\"}]}]} | $.projects[0].workloadIdentityPools[0].issuer: \"ci.example.com\" is not an issuer",
        "{\"projects\": [{\"projectId\": \"p\\n\"}]} | $.projects[0].projectId: \"p",
        "{\"projects\": [{\"projectId\": \"p\", \"customRoles\": [{\"roleId\": \"signer\", \"permissions\": [\"a.b.c\", \"all\"]}]}]} | $.projects[0].customRoles[0].permissions[1]: \"all\" is not a permission",
        "{\"groups\": [{\"email\": \"team@example.com\", \"members\": [\"me\"]}]} | $.groups[0].members[0]: \"me\" cannot be in a group",
        "{\"instances\": [{\"project\": \"p\", \"zone\": \"Z\", \"name\": \"vm-1\"}]} | $.instances[0].zone: \"Z\" is not a valid zone",
        "{\"instances\": [{\"project\": \"p\", \"zone\": \"z\", \"name\": \"VM\"}]} | $.instances[0].name: \"VM\" is not a valid instance name",
        "{\"instances\": [{\"project\": \"a/b\", \"zone\": \"z\", \"name\": \"vm\"}]} | $.instances[0].project: \"a/b\" is not a project id",
        "{\"serviceAccounts\": [{\"email\": \"a@p.iam.gserviceaccount.com\", \"domainWideDelegation\": [{\"userOrDomain\": \"\", \"scopes\": [\"openid\"]}]}]} | $.serviceAccounts[0].domainWideDelegation[0].userOrDomain: userOrDomain is blank",
        "{\"serviceAccounts\": [{\"email\": \"a@p.iam.gserviceaccount.com\", \"domainWideDelegation\": [{\"userOrDomain\": \"example.com\", \"scopes\": []}]}]} | $.serviceAccounts[0].domainWideDelegation[0].scopes: Invalid scopes []",
        "{\"projects\": [{\"projectId\": \"p\", \"bindings\": [{\"role\": \"roles/browser\", \"members\": [], \"condition\": {\"expression\": \"maybe\"}}]}]} | $.projects[0].bindings[0].condition.expression: The condition's expression is invalid: ",
        "{\"projects\": [{\"projectId\": \"p\", \"bindings\": [{\"role\": \"roles/browser\", \"members\": [], \"condition\": {\"expression\": \"destination.port == 22\"}}]}]} | $.projects[0].bindings[0].condition.expression: The condition attribute destination.port is not emulated.",
        "{\"projects\": [{\"projectId\": \"p\", \"workloadIdentityPools\": [{\"poolId\": \"pool\", \"providerId\": \"prov\", \"issuer\": \"https://i.example\", \"attributeMapping\": {\"google.subject\": \"maybe\"}}]}]} | $.projects[0].workloadIdentityPools[0].attributeMapping: \"maybe\" is not an expression",
        "{\"projects\": [{\"projectId\": \"p\", \"workloadIdentityPools\": [{\"poolId\": \"pool\", \"providerId\": \"prov\", \"issuer\": \"https://i.example\", \"attributeCondition\": \"maybe\"}]}]} | $.projects[0].workloadIdentityPools[0].attributeCondition: \"maybe\" is not an expression",
        "{\"projects\": [], \"projects\": []} | $.projects: the field occurs twice: keep one"
      })
  void worldJson_wrong_isRefusedWithPathRuleAndFix(String json, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IamEmulator.builder().worldJson(json))
        .withMessageStartingWith(message);
  }

  private static GenerateAccessTokenRequest twelveHours() {
    return GenerateAccessTokenRequest.newBuilder()
        .setName(name(SA2))
        .addScope(Demo.CLOUD_PLATFORM)
        .setLifetime(Duration.newBuilder().setSeconds(43200))
        .build();
  }
}
