package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static io.github.shortlived.testing.Sa2Policy.tokenStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The accounts that a project has without a user creating them. */
class DefaultAccountsTest {
  private static final String NUMBER = IamEmulator.projectNumber(PROJECT);
  private static final String COMPUTE = NUMBER + "-compute@developer.gserviceaccount.com";
  private static final String APP_ENGINE = PROJECT + "@appspot.gserviceaccount.com";
  private static final String AGENT = NUMBER + "@cloudservices.gserviceaccount.com";

  static Stream<String> emails() {
    return Stream.of(COMPUTE, APP_ENGINE, AGENT);
  }

  private static EmulatorBuilder world(String email) {
    return IamEmulator.builder()
        .serviceAccount(email)
        .metadataServiceAccount(email)
        .binding(email, TOKEN_CREATOR, member(SA2))
        .serviceAccount(SA2)
        .binding(SA2, TOKEN_CREATOR, member(email))
        .projectBinding(PROJECT, "roles/owner", ADMIN);
  }

  private static String json(String email) {
    return """
        {
          "serviceAccounts": [
            {
              "email": "%1$s",
              "bindings": [{"role": "%2$s", "members": ["serviceAccount:%3$s"]}]
            },
            {
              "email": "%3$s",
              "bindings": [{"role": "%2$s", "members": ["serviceAccount:%1$s"]}]
            }
          ],
          "projects": [
            {
              "projectId": "demo-project",
              "bindings": [{"role": "roles/owner", "members": ["user:admin@example.com"]}]
            }
          ],
          "metadataServiceAccount": "%1$s"
        }
        """
        .formatted(email, TOKEN_CREATOR, SA2);
  }

  @ParameterizedTest
  @MethodSource("emails")
  void defaultAccount_inJava_isCallerTargetAndAttached(String email) throws IOException {
    try (IamEmulator emulator = world(email).start()) {
      check(emulator, email);
    }
  }

  @ParameterizedTest
  @MethodSource("emails")
  void defaultAccount_inJson_isCallerTargetAndAttached(String email) throws IOException {
    try (IamEmulator emulator = IamEmulator.builder().worldJson(json(email)).start()) {
      check(emulator, email);
    }
  }

  private static void check(IamEmulator emulator, String email) throws IOException {
    assertThat(tokenStatus(emulator, member(email), SA2)).isEqualTo(200);
    assertThat(tokenStatus(emulator, member(SA2), email)).isEqualTo(200);
    Wire admin = Wire.as(emulator, ADMIN);
    assertThat(Wire.json(admin.get("/v1/" + name(email))).get("projectId").getAsString())
        .isEqualTo(PROJECT);
    assertThat(Wire.json(admin.get("/v1/" + name(email))).get("name").getAsString())
        .isEqualTo("projects/demo-project/serviceAccounts/" + email);
    assertThat(admin.get("/v1/projects/demo-project/serviceAccounts").body()).contains(email);
    ComputeEngineCredentials machine =
        ComputeEngineCredentials.newBuilder()
            .setHttpTransportFactory(emulator.httpTransportFactory())
            .build();
    assertThat(machine.getAccount()).isEqualTo(email);
    assertThat(machine.getProjectId()).isEqualTo(PROJECT);
    assertThat(tokenStatus(Wire.anonymous(emulator).with(Clients.accessToken(machine)), SA2))
        .isEqualTo(200);
    byte[] key = emulator.serviceAccountKey(email).getBytes(StandardCharsets.UTF_8);
    assertThat(
            ServiceAccountCredentials.fromStream(
                    new ByteArrayInputStream(key), emulator.httpTransportFactory())
                .createScoped(Demo.CLOUD_PLATFORM)
                .refreshAccessToken()
                .getTokenValue())
        .startsWith("ya29.c.");
  }

  @Test
  void appEngineAccount_declaresItsProject() {
    try (IamEmulator emulator =
        IamEmulator.builder().serviceAccount("shop@appspot.gserviceaccount.com").start()) {
      emulator.addProjectBinding("shop", "roles/owner", ADMIN);
    }
  }

  @Test
  void account_ofADomainScopedProject_isInIt() {
    String email = "shop.example.com@appspot.gserviceaccount.com";
    try (IamEmulator emulator = IamEmulator.builder().serviceAccount(email).start()) {
      emulator.addProjectBinding("example.com:shop", "roles/owner", ADMIN);
      assertThat(
              Wire.json(Wire.as(emulator, ADMIN).get("/v1/" + name(email)))
                  .get("projectId")
                  .getAsString())
          .isEqualTo("example.com:shop");
    }
  }

  @Test
  void number_ofNoProject_isRefusedWithTheNumbers() {
    EmulatorBuilder world =
        IamEmulator.builder()
            .project(PROJECT)
            .serviceAccount("5-compute@developer.gserviceaccount.com");
    assertThatIllegalArgumentException()
        .isThrownBy(world::start)
        .withMessage(
            "\"5-compute@developer.gserviceaccount.com\" has the number of no project in this"
                + " world: the numbers are {demo-project="
                + NUMBER
                + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compute@developer.gserviceaccount.com",
        "5@developer.gserviceaccount.com",
        "shop@cloudservices.gserviceaccount.com",
        "5@appspot.gserviceaccount.com",
        "a@gserviceaccount.com"
      })
  void serviceAccount_ofAnotherForm_isRefused(String email) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IamEmulator.builder().serviceAccount(email))
        .withMessage(
            "\""
                + email
                + "\" is not the email of a service account: use"
                + " NAME@PROJECT.iam.gserviceaccount.com, or that of a default account");
  }

  @ParameterizedTest
  @MethodSource("emails")
  void member_thatIsNotDeclared_isRefused(String email) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Demo.world().binding(SA2, TOKEN_CREATOR, member(email)).start())
        .withMessageContaining(email);
    try (IamEmulator emulator = Demo.world().start()) {
      String policy =
          "{\"policy\":{\"bindings\":[{\"role\":\"%s\",\"members\":[\"%s\"]}]}}"
              .formatted(TOKEN_CREATOR, member(email));
      assertThat(
              Wire.error(
                      Wire.as(emulator, ADMIN).post("/v1/" + name(SA2) + ":setIamPolicy", policy))
                  .get("message")
                  .getAsString())
          .isEqualTo("Service account " + email + " does not exist.");
    }
  }
}
