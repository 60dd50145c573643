package io.github.shortlived.testing.internal.metadata;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.ServiceAccountSigner.SigningException;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.IdToken;
import com.google.auth.oauth2.IdTokenProvider.Option;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.testing.Clients;
import io.github.shortlived.testing.Demo;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.Refused;
import io.github.shortlived.testing.Wire;
import io.github.shortlived.testing.internal.key.Jwts;
import io.github.shortlived.testing.internal.oauth.PublishedKeysTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** sa-1, attached to vm-1. */
class MetadataServerTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String V1 = "/computeMetadata/v1/";
  private static final String ACCOUNTS = V1 + "instance/service-accounts/";
  private static final String AUDIENCE = "https://orders.example.com";
  private static final Map<String, String> FLAVOR = Map.of("Metadata-Flavor", "Google");
  private static final String NUMBER = IamEmulator.projectNumber(PROJECT);

  private final IamEmulator emulator =
      Demo.world()
          .metadataServiceAccount(SA1)
          .projectBinding(PROJECT, "roles/compute.viewer", member(SA1))
          .instance(PROJECT, ZONE, "vm-1")
          .start();
  private final ComputeEngineCredentials machine =
      ComputeEngineCredentials.newBuilder()
          .setHttpTransportFactory(emulator.httpTransportFactory())
          .build();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void googleAuth_accessToken_isOfTheAccount() throws IOException {
    assertThat(machine.getAccount()).isEqualTo(SA1);
    assertThat(machine.getProjectId()).isEqualTo(PROJECT);
    assertThat(machine.getUniverseDomain()).isEqualTo("googleapis.com");
    try (InstancesClient client = Clients.instances(emulator, machine)) {
      assertThat(client.list(PROJECT, ZONE).iterateAll()).hasSize(1);
    }
  }

  @Test
  void googleAuth_scoped_hasTheseScopesOnly() throws IOException {
    var scoped = machine.createScoped("https://www.googleapis.com/auth/devstorage.read_only");
    try (InstancesClient client = Clients.instances(emulator, scoped)) {
      assertThat(Refused.by(() -> client.list(PROJECT, ZONE)).reason())
          .isEqualTo("ACCESS_TOKEN_SCOPE_INSUFFICIENT");
    }
  }

  @Test
  void googleAuth_idToken_hasTheClaimsOfTheFormat() throws Exception {
    var standard = Jwts.parse(idToken(List.of())).orElseThrow();
    assertThat(standard.verifySignature(PublishedKeysTest.googleKey(emulator, standard))).isTrue();
    assertThat(standard.getPayload()).containsEntry("aud", AUDIENCE).doesNotContainKey("email");
    var full = Jwts.parse(idToken(List.of(Option.FORMAT_FULL))).orElseThrow().getPayload();
    assertThat(full).containsEntry("email", SA1).containsKey("google");
    assertThat(full.get("google")).asString().contains("vm-1", ZONE).doesNotContain("license_id");
    var licensed =
        Jwts.parse(idToken(List.of(Option.FORMAT_FULL, Option.LICENSES_TRUE))).orElseThrow();
    assertThat(licensed.getPayload().get("google")).asString().contains("license_id");
  }

  @Test
  void googleAuth_signing_needsTheGrantOnItself() {
    assertThatThrownBy(() -> machine.sign(new byte[] {1})).isInstanceOf(SigningException.class);
    emulator.addProjectBinding(PROJECT, TOKEN_CREATOR, member(SA1));
    assertThat(machine.sign(new byte[] {1})).isNotEmpty();
  }

  @Test
  void googleAuth_withoutAttachedAccount_getsNoToken() {
    try (IamEmulator bare = Demo.world().start()) {
      ComputeEngineCredentials none =
          ComputeEngineCredentials.newBuilder()
              .setHttpTransportFactory(bare.httpTransportFactory())
              .build();
      assertThatThrownBy(none::refresh).isInstanceOf(IOException.class).hasMessageContaining("404");
    }
  }

  @Test
  void values_areText() {
    assertThat(body(V1 + "project/project-id")).isEqualTo(PROJECT);
    assertThat(body(V1 + "project/numeric-project-id")).isEqualTo(NUMBER).matches("[0-9]{12}");
    assertThat(body(V1 + "universe/universe-domain")).isEqualTo("googleapis.com");
    assertThat(body(V1 + "universe/universe_domain")).isEqualTo("googleapis.com");
    assertThat(body(V1 + "instance/zone")).isEqualTo("projects/" + NUMBER + "/zones/" + ZONE);
    assertThat(body(V1 + "instance/name")).isEqualTo("vm-1");
    assertThat(body(V1 + "instance/id")).matches("[0-9]+");
    assertThat(body(V1 + "instance/name?alt=json")).isEqualTo("\"vm-1\"");
  }

  @Test
  void accounts_areListed_byNameAndAsDefault() {
    assertThat(body(ACCOUNTS)).isEqualTo("default/\n" + SA1 + "/\n");
    for (String account : List.of("default", SA1, SA1.replace("@", "%40"))) {
      assertThat(body(ACCOUNTS + account + "/email")).isEqualTo(SA1);
      assertThat(body(ACCOUNTS + account + "/aliases")).isEqualTo("default\n");
      assertThat(body(ACCOUNTS + account + "/scopes")).isEqualTo(CLOUD_PLATFORM + "\n");
      assertThat(body(ACCOUNTS + account + "/"))
          .isEqualTo("aliases\nemail\nidentity\nscopes\ntoken\n");
    }
    assertThat(get(ACCOUNTS + Demo.email("sa-2") + "/email", FLAVOR).statusCode()).isEqualTo(404);
  }

  @Test
  void recursive_isJson_withoutTokens() {
    JsonObject accounts =
        JsonParser.parseString(body(ACCOUNTS + "?recursive=true")).getAsJsonObject();
    assertThat(accounts.keySet()).containsExactly("default", SA1);
    assertThat(accounts.getAsJsonObject("default").keySet())
        .containsExactlyInAnyOrder("aliases", "email", "scopes");
    JsonObject all = JsonParser.parseString(body(V1 + "?recursive=true")).getAsJsonObject();
    assertThat(all.getAsJsonObject("project").get("numericProjectId").getAsString())
        .isEqualTo(NUMBER);
    assertThat(all.getAsJsonObject("instance").getAsJsonObject("serviceAccounts"))
        .isEqualTo(accounts);
  }

  @Test
  void token_withScopes_isServed_andWithoutAudience_isNot() {
    JsonObject token = JsonParser.parseString(body(ACCOUNTS + "default/token")).getAsJsonObject();
    assertThat(token.keySet())
        .containsExactlyInAnyOrder("access_token", "expires_in", "token_type");
    assertThat(token.get("expires_in").getAsInt()).isEqualTo(3599);
    assertThat(get(ACCOUNTS + "default/token?scopes=nonsense", FLAVOR).statusCode()).isEqualTo(400);
    assertThat(get(ACCOUNTS + "default/identity", FLAVOR).statusCode()).isEqualTo(400);
    assertThat(get(ACCOUNTS + "default/identity?audience=a", FLAVOR).statusCode()).isEqualTo(200);
  }

  @Test
  void header_missingOrForwarded_isForbidden() {
    String path = ACCOUNTS + "default/token";
    assertThat(get(path, FLAVOR).statusCode()).isEqualTo(200);
    assertThat(get(path, Map.of()).statusCode()).isEqualTo(403);
    assertThat(get(path, Map.of("Metadata-Flavor", "Other")).statusCode()).isEqualTo(403);
    Map<String, String> forwarded = Map.of("Metadata-Flavor", "Google", "X-Forwarded-For", "::1");
    assertThat(get(path, forwarded).statusCode()).isEqualTo(403);
    assertThat(get("/", forwarded).statusCode()).isEqualTo(403);
  }

  @Test
  void everyResponse_hasTheMetadataFlavor() {
    for (String path : List.of("/", V1, ACCOUNTS, V1 + "nothing")) {
      assertThat(get(path, FLAVOR).headers().firstValue("Metadata-Flavor")).hasValue("Google");
    }
    assertThat(get("/", Map.of()).body()).isEqualTo("computeMetadata/\n");
  }

  @Test
  void paths_withWrongSlash_redirectOrAreNotFound() {
    HttpResponse<String> moved = get(V1 + "instance", FLAVOR);
    assertThat(moved.statusCode()).isEqualTo(301);
    assertThat(moved.headers().firstValue("Location")).hasValue(V1 + "instance/");
    for (String path : List.of("nothing", "instance/name/", "instance/name/more")) {
      HttpResponse<String> response = get(V1 + path, FLAVOR);
      assertThat(response.statusCode()).as(path).isEqualTo(404);
    }
    for (String path : List.of("/", V1 + "instance/name")) {
      assertThat(Wire.anonymous(emulator).post(path, "").statusCode()).isEqualTo(405);
    }
  }

  private String idToken(List<Option> options) throws IOException {
    IdToken token = machine.idTokenWithAudience(AUDIENCE, options);
    return Objects.requireNonNull(token).getTokenValue();
  }

  private String body(String path) {
    HttpResponse<String> response = get(path, FLAVOR);
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    return response.body();
  }

  private HttpResponse<String> get(String path, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(emulator.httpEndpoint() + path));
    headers.forEach(request::header);
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
