package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Declarations that name service accounts, which must be declared, too. */
class WorldDeclarationTest {
  private static final String TYPO = Demo.email("typo");
  private static final String FIX =
      "\"" + TYPO + "\": declare it with serviceAccount(..), in JSON under \"serviceAccounts\"";

  /** All methods of the builder that name an account. */
  static Stream<UnaryOperator<EmulatorBuilder>> references() {
    return Stream.of(
        world -> world.binding(TYPO, TOKEN_CREATOR, member(SA1)),
        world -> world.binding(TYPO, TOKEN_CREATOR, member(SA1), "true"),
        world -> world.binding(SA1, TOKEN_CREATOR, member(TYPO)),
        world -> world.binding(SA1, TOKEN_CREATOR, member(TYPO), "true"),
        world -> world.projectBinding(PROJECT, TOKEN_CREATOR, member(TYPO)),
        world -> world.projectBinding(PROJECT, TOKEN_CREATOR, member(TYPO), "true"),
        world -> world.group("team@example.com", member(TYPO)),
        world -> world.domainWideDelegation(TYPO, "example.com", "openid"),
        world -> world.metadataServiceAccount(TYPO),
        world -> world.allowLifetimeExtension(TYPO),
        world -> world.disabledServiceAccount(TYPO));
  }

  @ParameterizedTest
  @MethodSource("references")
  void start_undeclaredAccount_isRefusedUntilItIsDeclared(
      UnaryOperator<EmulatorBuilder> reference) {
    EmulatorBuilder world = reference.apply(Demo.world());
    assertThatIllegalArgumentException().isThrownBy(world::start).withMessageContaining(FIX);
    try (IamEmulator emulator = world.serviceAccount(TYPO).start()) {
      assertThat(Wire.as(emulator, ADMIN).get("/v1/" + name(TYPO)).statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"metadataServiceAccount\": \"%1$s\"",
        "\"projects\": [{\"projectId\": \"demo-project\", \"bindings\": [{\"role\": \"roles/viewer\", \"members\": [\"serviceAccount:%1$s\"]}]}]",
        "\"groups\": [{\"email\": \"team@example.com\", \"members\": [\"serviceAccount:%1$s\"]}]"
      })
  void worldJson_undeclaredAccount_isRefused(String field) {
    String fields = field.formatted(TYPO);
    EmulatorBuilder world = Demo.world().worldJson("{" + fields + "}");
    assertThatIllegalArgumentException().isThrownBy(world::start).withMessageContaining(FIX);
    String declared = "\"serviceAccounts\": [{\"email\": \"%s\"}], %s".formatted(TYPO, fields);
    Demo.world().worldJson("{" + declared + "}").start().close();
  }

  /** Fails if the file has no field for a method, or if the field has another effect. */
  @Test
  void worldInJavaAndJson_withAllDeclarations_areEqual() {
    EmulatorBuilder java =
        IamEmulator.builder()
            .project(PROJECT)
            .customRole(PROJECT, "signer", "iam.serviceAccounts.signJwt")
            .projectBinding(PROJECT, "roles/owner", ADMIN)
            .projectBinding(PROJECT, TOKEN_CREATOR, ADMIN, "true")
            .workloadIdentityPool(PROJECT, "pool", "prov", "https://ci.example.com", "orders")
            .attributeMapping(PROJECT, "pool", "prov", Map.of("google.subject", "assertion.sub"))
            .attributeCondition(PROJECT, "pool", "prov", "assertion.ref == 'main'")
            .disabledApi(PROJECT, "compute.googleapis.com")
            .serviceAccount(SA1)
            .binding(SA1, TOKEN_CREATOR, "group:team@example.com")
            .binding(SA1, TOKEN_CREATOR, ADMIN, "false")
            .domainWideDelegation(SA1, "example.com", "openid", "email")
            .allowLifetimeExtension(SA1)
            .disabledServiceAccount(SA1)
            .group("team@example.com", ADMIN)
            .oauthScope("https://www.googleapis.com/auth/new-api")
            .instance(PROJECT, Demo.ZONE, "vm-1")
            .metadataServiceAccount(SA1);
    EmulatorBuilder json = IamEmulator.builder().worldJson(EVERYTHING);
    assertThat(json.spec()).isEqualTo(java.spec());
    assertThat(json.disabledApi(PROJECT, "iam.googleapis.com").spec()).isNotEqualTo(java.spec());
    assertThat(EmulatorBuilder.class.getMethods())
        .filteredOn(method -> method.getDeclaringClass().equals(EmulatorBuilder.class))
        .extracting(Method::getName)
        .containsOnly(
            "clock",
            "world",
            "worldJson",
            "start",
            "toString",
            "project",
            "customRole",
            "projectBinding",
            "workloadIdentityPool",
            "attributeMapping",
            "attributeCondition",
            "disabledApi",
            "serviceAccount",
            "binding",
            "domainWideDelegation",
            "allowLifetimeExtension",
            "disabledServiceAccount",
            "group",
            "oauthScope",
            "instance",
            "metadataServiceAccount");
  }

  private static final String EVERYTHING =
      """
      {
        "projects": [
          {
            "projectId": "demo-project",
            "customRoles": [
              {"roleId": "signer", "permissions": ["iam.serviceAccounts.signJwt"]}
            ],
            "bindings": [
              {"role": "roles/owner", "members": ["user:admin@example.com"]},
              {
                "role": "roles/iam.serviceAccountTokenCreator",
                "members": ["user:admin@example.com"],
                "condition": {"expression": "true"}
              }
            ],
            "workloadIdentityPools": [
              {
                "poolId": "pool",
                "providerId": "prov",
                "issuer": "https://ci.example.com",
                "audiences": ["orders"],
                "attributeMapping": {"google.subject": "assertion.sub"},
                "attributeCondition": "assertion.ref == 'main'"
              }
            ],
            "disabledApis": ["compute.googleapis.com"]
          }
        ],
        "serviceAccounts": [
          {
            "email": "sa-1@demo-project.iam.gserviceaccount.com",
            "bindings": [
              {
                "role": "roles/iam.serviceAccountTokenCreator",
                "members": ["group:team@example.com"]
              },
              {
                "role": "roles/iam.serviceAccountTokenCreator",
                "members": ["user:admin@example.com"],
                "condition": {"expression": "false"}
              }
            ],
            "domainWideDelegation": [
              {"userOrDomain": "example.com", "scopes": ["openid", "email"]}
            ],
            "allowLifetimeExtension": true,
            "disabled": true
          }
        ],
        "groups": [{"email": "team@example.com", "members": ["user:admin@example.com"]}],
        "instances": [{"project": "demo-project", "zone": "us-west1-a", "name": "vm-1"}],
        "oauthScopes": ["https://www.googleapis.com/auth/new-api"],
        "metadataServiceAccount": "sa-1@demo-project.iam.gserviceaccount.com"
      }
      """;

  @Test
  void start_memberOfAnExternalProject_isAccepted() {
    String external = "robot@elsewhere.iam.gserviceaccount.com";
    EmulatorBuilder world = Demo.world().binding(SA1, TOKEN_CREATOR, member(external));
    try (IamEmulator emulator = world.start()) {
      assertThat(Wire.as(emulator, ADMIN).post("/v1/" + name(SA1) + ":getIamPolicy", "").body())
          .contains(external);
    }
    EmulatorBuilder ours = world.project("elsewhere");
    assertThatIllegalArgumentException().isThrownBy(ours::start).withMessageContaining(external);
  }

  @Test
  void addProjectBinding_undeclaredAccount_isRefused() {
    try (IamEmulator emulator = Demo.world().start()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> emulator.addProjectBinding(PROJECT, TOKEN_CREATOR, member(TYPO)))
          .withMessageContaining(FIX);
      emulator.addProjectBinding(PROJECT, TOKEN_CREATOR, member(SA1));
    }
  }

  @Test
  void disabledAccount_declaredInJavaOrJson_cannotBeImpersonated() {
    String json =
        """
        {
          "serviceAccounts": [
            {"email": "sa-1@demo-project.iam.gserviceaccount.com", "disabled": false},
            {
              "email": "sa-2@demo-project.iam.gserviceaccount.com",
              "disabled": true,
              "bindings": [
                {
                  "role": "roles/iam.serviceAccountTokenCreator",
                  "members": ["serviceAccount:sa-1@demo-project.iam.gserviceaccount.com"]
                }
              ]
            }
          ]
        }
        """;
    EmulatorBuilder java =
        Demo.world().binding(SA2, TOKEN_CREATOR, member(SA1)).disabledServiceAccount(SA2);
    for (EmulatorBuilder world : new EmulatorBuilder[] {java, Demo.world().worldJson(json)}) {
      try (IamEmulator emulator = world.start()) {
        assertThat(Sa2Policy.tokenStatus(emulator, member(SA1), SA2)).isEqualTo(400);
        Wire admin = Wire.as(emulator, ADMIN);
        assertThat(admin.get("/v1/" + name(SA2)).body()).containsPattern("\"disabled\":\\s*true");
        assertThat(admin.post("/v1/" + name(SA2) + ":enable", "{}").statusCode()).isEqualTo(200);
        assertThat(Sa2Policy.tokenStatus(emulator, member(SA1), SA2)).isEqualTo(200);
        emulator.reset();
        assertThat(Sa2Policy.tokenStatus(emulator, member(SA1), SA2)).isEqualTo(400);
      }
    }
  }
}
