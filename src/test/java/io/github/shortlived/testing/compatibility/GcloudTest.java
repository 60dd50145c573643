package io.github.shortlived.testing.compatibility;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.email;
import static io.github.shortlived.testing.Demo.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.testing.ClientProcess;
import io.github.shortlived.testing.internal.key.Jwts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gcloud with the emulator's environment variables and a configuration folder of its own. */
class GcloudTest {
  private static final String AUDIENCE = "https://orders.example.com";

  private final Path folder;
  private final ClientWorld world;
  private final Map<String, String> environment = new HashMap<>();

  GcloudTest(@TempDir Path folder) {
    ClientProcess.assumeInstalled("gcloud");
    this.folder = folder;
    this.world = ClientWorld.start(folder);
    environment.putAll(world.emulator().clients().environment());
    environment.put("CLOUDSDK_CONFIG", folder.resolve("gcloud").toString());
    environment.put("CLOUDSDK_CORE_PROJECT", PROJECT);
    environment.put("CLOUDSDK_CORE_DISABLE_PROMPTS", "1");
    environment.put("CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "true");
    environment.put("CLOUDSDK_SURVEY_DISABLE_PROMPTS", "true");
    environment.put("CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "true");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void gcloud_eachCommand_isThatOfThePage() throws Exception {
    ClientReport report = ClientReport.of(RealClient.GCLOUD, version());
    asOwner(report);
    asAccount(report);
    asWorkload(report);
    report.comparedWithThePage();
  }

  private void asOwner(ClientReport report) throws IOException {
    String token = world.emulator().googleCredentials(ADMIN).refreshAccessToken().getTokenValue();
    environment.put("CLOUDSDK_AUTH_ACCESS_TOKEN", token);
    String created = email("created");
    report
        .operation(
            "iam service-accounts list",
            () ->
                assertThat(iam("list --format=value(email)").lines())
                    .containsExactly(SA1, SA2, SA3))
        .operation("iam service-accounts create", () -> iam("create created"))
        .operation(
            "iam service-accounts describe",
            () -> assertThat(iam("describe --format=value(email) " + created)).isEqualTo(created))
        .operation(
            "iam service-accounts update",
            () ->
                assertThat(iam("update --display-name=New --format=value(displayName) " + created))
                    .isEqualTo("New"))
        .operation("iam service-accounts disable", () -> iam("disable " + created))
        .operation("iam service-accounts enable", () -> iam("enable " + created))
        .operation(
            "iam service-accounts keys create",
            () -> {
              iam("keys create new-key.json --iam-account=" + created);
              assertThat(folder.resolve("new-key.json")).content().contains(created);
            })
        .operation(
            "iam service-accounts keys list",
            () ->
                assertThat(
                        iam(
                            "keys list --managed-by=user --format=value(name) --iam-account="
                                + created))
                    .isNotEmpty())
        .operation(
            "iam service-accounts add-iam-policy-binding",
            () -> iam("add-iam-policy-binding %s %s".formatted(created, binding())))
        .operation(
            "iam service-accounts get-iam-policy",
            () -> assertThat(iam("get-iam-policy " + created)).contains(member(SA1)))
        .operation(
            "iam service-accounts remove-iam-policy-binding",
            () -> iam("remove-iam-policy-binding %s %s".formatted(created, binding())))
        .operation("iam service-accounts delete", () -> iam("delete " + created))
        .operation(
            "compute instances list",
            () -> assertThat(instances("")).contains("vm-1", "vm-2", "vm-3"))
        .operation(
            "compute instances list --zones, one zone",
            () -> assertThat(instances(" --zones=europe-west4-b")).containsExactly("vm-3"))
        .operation(
            "compute instances list --zones, two zones",
            () ->
                assertThat(instances(" --zones=us-west1-a,europe-west4-b"))
                    .containsExactlyInAnyOrder("vm-1", "vm-2", "vm-3"));
    environment.remove("CLOUDSDK_AUTH_ACCESS_TOKEN");
  }

  private void asAccount(ClientReport report) {
    String asSa2 = " --impersonate-service-account=" + SA2;
    report
        .operation(
            "auth activate-service-account",
            () -> gcloud("auth activate-service-account --key-file=" + world.keyFile()))
        .operation(
            "auth print-access-token",
            () -> assertThat(gcloud("auth print-access-token")).startsWith("ya29."))
        .operation(
            "auth print-identity-token",
            () -> assertIdToken(gcloud("auth print-identity-token --audiences=" + AUDIENCE), SA1))
        .operation(
            "auth print-access-token --impersonate-service-account",
            () -> assertThat(gcloud("auth print-access-token" + asSa2)).startsWith("ya29."))
        .operation(
            "auth print-access-token --impersonate-service-account, through a delegate",
            () ->
                assertThat(
                        gcloud(
                            "auth print-access-token --impersonate-service-account=%s,%s"
                                .formatted(SA2, SA3)))
                    .startsWith("ya29."))
        .operation(
            "auth print-access-token --impersonate-service-account, without a grant: refused",
            () ->
                assertThatThrownBy(
                        () ->
                            gcloud("auth print-access-token --impersonate-service-account=" + SA3))
                    .hasMessageContaining("iam.serviceAccounts.getAccessToken"))
        .operation(
            "auth print-identity-token --impersonate-service-account",
            () ->
                assertIdToken(
                    gcloud(
                        "auth print-identity-token --include-email --audiences="
                            + AUDIENCE
                            + asSa2),
                    SA2))
        .operation("iam service-accounts sign-blob", () -> sign("sign-blob"))
        .operation("iam service-accounts sign-jwt", () -> sign("sign-jwt"));
  }

  private void asWorkload(ClientReport report) {
    report
        .operation(
            "auth login --cred-file, workload identity federation of a service account",
            () -> login(world.federation()))
        .operation(
            "auth login --cred-file, workload identity federation of the workload",
            () -> login(world.directFederation()));
  }

  /** Logs in with URLs of the emulator in place of Google's, and uses the login. */
  private void login(JsonObject configuration) throws Exception {
    String local = world.emulator().httpEndpoint().toString();
    String text =
        configuration
            .toString()
            .replace("https://sts.googleapis.com", local)
            .replace("https://iamcredentials.googleapis.com", local);
    gcloud("auth login --cred-file=" + world.write("login.json", text));
    assertThat(iam("list --format=value(email)")).contains(SA1, SA2, SA3);
  }

  private void sign(String method) throws Exception {
    Files.writeString(folder.resolve("unsigned"), "{\"sub\":\"visitor-1\"}");
    iam(method + " unsigned signed --iam-account=" + SA2);
    assertThat(folder.resolve("signed")).isNotEmptyFile();
  }

  private static void assertIdToken(String token, String account) {
    assertThat(Jwts.parse(token).orElseThrow().getPayload())
        .containsEntry("aud", AUDIENCE)
        .containsEntry("email", account);
  }

  private static String binding() {
    return "--role=%s --member=%s".formatted(TOKEN_CREATOR, member(SA1));
  }

  private Stream<String> instances(String zones) throws Exception {
    return gcloud("compute instances list --format=value(name)" + zones).lines();
  }

  private String iam(String arguments) throws Exception {
    return gcloud("iam service-accounts " + arguments);
  }

  private String gcloud(String arguments) throws Exception {
    return ClientProcess.run(folder, environment, ("gcloud " + arguments).split(" "))
        .requireSuccess();
  }

  private String version() throws Exception {
    return JsonParser.parseString(gcloud("version --format=json"))
        .getAsJsonObject()
        .get("Google Cloud SDK")
        .getAsString();
  }
}
