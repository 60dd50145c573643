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

import com.google.auth.oauth2.GoogleCredentials;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IamEmulatorTest {
  @Test
  void start_emptyWorld_hasNoAccount() {
    try (IamEmulator emulator = IamEmulator.start()) {
      assertThat(emulator.httpEndpoint().getHost()).isEqualTo("127.0.0.1");
      assertThat(emulator.grpcEndpoint().getPort()).isNotEqualTo(emulator.httpEndpoint().getPort());
      assertThat(
              Wire.as(emulator, ADMIN)
                  .post("/v1/" + name(SA1) + ":generateIdToken", "{\"audience\":\"a\"}")
                  .statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void close_twice_leavesNoPortAndNoThread() {
    IamEmulator emulator = Demo.world().start();
    Wire.as(emulator, ADMIN).get("/v1/projects/demo-project/serviceAccounts");
    emulator.close();
    emulator.close();
    assertThat(Demo.accepts(emulator.httpEndpoint())).isFalse();
    assertThat(Demo.accepts(emulator.grpcEndpoint())).isFalse();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("iam-emulator") || name.equals("HTTP-Dispatcher"));
  }

  @Test
  void twoEmulators_inOneJvm_areIndependent() {
    try (IamEmulator one = Demo.world().start();
        IamEmulator two = Demo.world().start()) {
      String token = Wire.token(one, ADMIN);
      String path = "/v1/" + name(SA1);
      assertThat(Wire.anonymous(one).with(token).get(path).statusCode()).isEqualTo(200);
      assertThat(Wire.anonymous(two).with(token).get(path).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void serviceAccountKey_anyAccount_isGooglesFileWithOurTokenUri() {
    try (IamEmulator emulator = Demo.world().start()) {
      JsonObject file = JsonParser.parseString(emulator.serviceAccountKey(SA1)).getAsJsonObject();
      assertThat(file.keySet())
          .containsExactly(
              "type",
              "project_id",
              "private_key_id",
              "private_key",
              "client_email",
              "client_id",
              "auth_uri",
              "token_uri",
              "auth_provider_x509_cert_url",
              "client_x509_cert_url",
              "universe_domain");
      assertThat(file.get("token_uri").getAsString()).isEqualTo(emulator.httpEndpoint() + "/token");
      assertThat(file.get("client_x509_cert_url").getAsString())
          .isEqualTo(
              "https://www.googleapis.com/robot/v1/metadata/x509/sa-1%40demo-project.iam.gserviceaccount.com");
      assertThat(file.get("private_key_id").getAsString()).matches("[0-9a-f]{40}");
    }
  }

  @Test
  void serviceAccountKey_eachTime_isAnotherKey() {
    try (IamEmulator emulator = Demo.world().start()) {
      assertThat(emulator.serviceAccountKey(SA1)).isNotEqualTo(emulator.serviceAccountKey(SA1));
    }
  }

  @Test
  void googleCredentials_expiredByTheEmulatorsClock_areRefreshed() throws IOException {
    TestClock clock = TestClock.startingAt("2126-01-01T00:00:00Z");
    try (IamEmulator emulator = Demo.world().clock(clock).start()) {
      GoogleCredentials credentials = emulator.googleCredentials(ADMIN);
      Map<String, List<String>> first = credentials.getRequestMetadata();
      assertThat(credentials.getRequestMetadata()).isEqualTo(first);
      clock.advance(Duration.ofHours(1));
      assertThat(credentials.getRequestMetadata()).isNotEqualTo(first);
      assertThat(
              Wire.anonymous(emulator)
                  .with(Clients.accessToken(credentials))
                  .get("/v1/" + name(SA1))
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void project_domainScoped_showsReversedInEmails() {
    String email = "ci@shop.example.com.iam.gserviceaccount.com";
    EmulatorBuilder world =
        IamEmulator.builder()
            .serviceAccount(email)
            .projectBinding("example.com:shop", "roles/viewer", ADMIN);
    try (IamEmulator emulator = world.start()) {
      HttpResponse<String> found =
          Wire.as(emulator, ADMIN).get("/v1/projects/example.com:shop/serviceAccounts/" + email);
      assertThat(Wire.json(found).get("projectId").getAsString()).isEqualTo("example.com:shop");
    }
  }

  @Test
  void setIamPolicy_manyWritersWithEtag_loseNoMember() throws Exception {
    try (IamEmulator emulator = Demo.world().start()) {
      Wire admin = Wire.as(emulator, ADMIN);
      ExecutorService writers = Executors.newFixedThreadPool(8);
      List<Callable<Void>> additions = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String member = "user:u" + i + "@example.com";
        additions.add(() -> addUntilAccepted(admin, member));
      }
      for (Future<Void> addition : writers.invokeAll(additions)) {
        addition.get();
      }
      writers.shutdown();
      JsonObject binding = policy(admin).getAsJsonArray("bindings").get(0).getAsJsonObject();
      assertThat(binding.getAsJsonArray("members")).hasSize(8);
    }
  }

  private static @Nullable Void addUntilAccepted(Wire admin, String member) {
    HttpResponse<String> written;
    do {
      JsonObject policy = policy(admin);
      if (!policy.has("bindings")) {
        policy.add("bindings", new JsonArray());
      }
      String binding = "{\"role\":\"roles/viewer\",\"members\":[\"" + member + "\"]}";
      policy.getAsJsonArray("bindings").add(JsonParser.parseString(binding));
      written = admin.post("/v1/" + name(SA1) + ":setIamPolicy", "{\"policy\":" + policy + "}");
    } while (written.statusCode() == 409);
    assertThat(written.statusCode()).isEqualTo(200);
    return null;
  }

  private static JsonObject policy(Wire admin) {
    return Wire.json(admin.post("/v1/" + name(SA1) + ":getIamPolicy", ""));
  }

  @Test
  void googleCredentials_ofTwoMembers_areNeverEqual() {
    try (IamEmulator emulator = Demo.world().start()) {
      assertThat(emulator.googleCredentials(ADMIN))
          .isNotEqualTo(emulator.googleCredentials("user:other@example.com"));
    }
  }

  @Test
  void addProjectBinding_onTheWholeProject_appliesToEachAccount() {
    try (IamEmulator emulator = Demo.world().start()) {
      Wire sa1 = Wire.as(emulator, member(SA1));
      String path = "/v1/" + name(SA2) + ":generateIdToken";
      assertThat(sa1.post(path, "{\"audience\":\"a\"}").statusCode()).isEqualTo(403);
      emulator.addProjectBinding(PROJECT, TOKEN_CREATOR, member(SA1));
      assertThat(sa1.post(path, "{\"audience\":\"a\"}").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void arguments_wrong_areRefusedWithTheRule() {
    EmulatorBuilder builder = IamEmulator.builder();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.serviceAccount("sa-1"))
        .withMessageContaining("NAME@PROJECT.iam.gserviceaccount.com");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.projectBinding(PROJECT, "roles/nothing", ADMIN))
        .withMessageContainingAll("roles/nothing", TOKEN_CREATOR, "customRole(..)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.instance(PROJECT, "", "vm-1"))
        .withMessageContaining("us-west1-a");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.instance(PROJECT, "us-west1-a", "VM 1"))
        .withMessageContainingAll("VM 1", "vm-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.binding(SA1, TOKEN_CREATOR, "admin@example.com"))
        .withMessageContaining("user:EMAIL");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.project(" "));
    try (IamEmulator emulator = Demo.world().start()) {
      assertThatIllegalArgumentException().isThrownBy(() -> emulator.serviceAccountKey("x@y.z"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> emulator.googleCredentials(member(Demo.email("ghost"))));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> emulator.googleCredentials("group:g@example.com"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> emulator.addProjectBinding("unknown", TOKEN_CREATOR, ADMIN));
    }
  }
}
