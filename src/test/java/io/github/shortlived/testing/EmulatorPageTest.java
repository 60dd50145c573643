package io.github.shortlived.testing;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.Code;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.EmulatorControls.QuotaGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples of the emulator's page on worlds and controls, which the page quotes. */
class EmulatorPageTest {
  private static final Path PAGE = Path.of("src/site/markdown/emulator.md");
  private static final Path SELF =
      Path.of("src/test/java/io/github/shortlived/testing/EmulatorPageTest.java");
  private static final Pattern QUOTE =
      Pattern.compile("<!-- EmulatorPageTest: (\\w+) -->\n```\\w+\n(.*?)```", Pattern.DOTALL);

  // [START world_json]
  static final String WORLD =
      """
      {
        "projects": [
          {
            "projectId": "demo-project",
            "bindings": [{"role": "roles/owner", "members": ["user:admin@example.com"]}],
            "disabledApis": ["compute.googleapis.com"]
          }
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
  // [END world_json]

  private final ServiceAccount caller = ServiceAccount.of(SA1);
  private final ServiceAccount target = ServiceAccount.of(SA2);
  private final IamEmulator emulator = IamEmulator.builder().worldJson(WORLD).start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  static List<MatchResult> quotes() throws IOException {
    return QUOTE.matcher(Files.readString(PAGE)).results().toList();
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void page_quotedCode_equalsTheSample(MatchResult quote) throws IOException {
    assertThat(quote.group(2)).isEqualTo(region(quote.group(1)));
  }

  @Test
  void page_everySample_isQuoted() throws IOException {
    List<String> samples =
        Pattern.compile("(?m)^ *// \\[START (\\w+)]")
            .matcher(Files.readString(SELF))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(quotes())
        .extracting(quote -> quote.group(1))
        .containsExactlyInAnyOrderElementsOf(samples);
  }

  @Test
  void worldInJava_andAsAFile_areTheSame() {
    // [START world_java]
    EmulatorBuilder world =
        IamEmulator.builder()
            .projectBinding("demo-project", "roles/owner", "user:admin@example.com")
            .disabledApi("demo-project", "compute.googleapis.com")
            .serviceAccount("sa-1@demo-project.iam.gserviceaccount.com")
            .serviceAccount("sa-2@demo-project.iam.gserviceaccount.com")
            .binding(
                "sa-2@demo-project.iam.gserviceaccount.com",
                "roles/iam.serviceAccountTokenCreator",
                "serviceAccount:sa-1@demo-project.iam.gserviceaccount.com")
            .allowLifetimeExtension("sa-2@demo-project.iam.gserviceaccount.com")
            .instance("demo-project", "us-west1-a", "vm-1");
    // [END world_java]
    try (IamEmulator declared = world.start()) {
      for (IamEmulator each : List.of(declared, emulator)) {
        assertThat(Wire.as(each, ADMIN).get("/v1/" + name(SA1)).statusCode()).isEqualTo(200);
        assertThat(signs(each)).isTrue();
      }
    }
  }

  @Test
  void attributes_sample_holds() {
    // [START attributes]
    EmulatorBuilder ci =
        IamEmulator.demo()
            .workloadIdentityPool("demo-project", "ci-pool", "github", "https://ci.example.com")
            .attributeMapping(
                "demo-project",
                "ci-pool",
                "github",
                Map.of(
                    "google.subject", "assertion.sub",
                    "attribute.repository", "assertion.repository"))
            .attributeCondition(
                "demo-project", "ci-pool", "github", "assertion.ref == 'refs/heads/main'");
    // [END attributes]
    ci.start().close();
  }

  @Test
  void clock_sample_holds() {
    // [START clock]
    Instant noon = Instant.parse("2026-05-04T12:00:00Z");
    try (IamEmulator still =
            IamEmulator.builder().clock(InstantSource.fixed(noon)).worldJson(WORLD).start();
        ShortLivedCredentials credentials = still.credentialsFor(caller)) {
      AccessToken first = credentials.accessToken(target, CLOUD_PLATFORM);
      still.clock().advance(Duration.ofHours(1)); // it expires
      assertThat(credentials.accessToken(target, CLOUD_PLATFORM)).isNotEqualTo(first);
      still.clock().set(noon); // or any other instant
    }
    // [END clock]
  }

  @Test
  void propagationDelay_sample_holds() {
    // [START propagation_delay]
    emulator.controls().propagationDelay(Duration.ofMinutes(2));
    emulator.addProjectBinding(
        "demo-project", "roles/iam.serviceAccountTokenCreator", "user:admin@example.com");
    try (ShortLivedCredentials admin =
        emulator.credentialsFor(Member.of("user:admin@example.com"))) {
      assertThatThrownBy(() -> admin.signBlob(target, new byte[] {1}))
          .isInstanceOf(CredentialException.PermissionDenied.class);
      emulator.clock().advance(Duration.ofMinutes(2));
      assertThat(admin.signBlob(target, new byte[] {1})).isNotNull();
    }
    // [END propagation_delay]
  }

  @Test
  void accountPropagation_sample_holds() {
    // [START account_propagation]
    emulator.controls().accountPropagation(Duration.ofMinutes(1));
    try (ShortLivedCredentials admin =
            emulator.credentialsFor(Member.of("user:admin@example.com"));
        ServiceAccounts accounts = ServiceAccounts.using(admin);
        Grants grants = Grants.using(admin)) {
      ServiceAccount deployer = accounts.create("demo-project", "deployer").account();
      CrossAccountGrant grant = CrossAccountGrant.tokenCreator(deployer).on(target);
      assertThatThrownBy(() -> grants.apply(grant)).hasMessageContaining("does not exist");
      accounts.awaitUsable(deployer, Duration.ofMinutes(5), emulator.clock()::advance);
      assertThat(grants.apply(grant)).hasSize(1);
    }
    // [END account_propagation]
  }

  @Test
  void faults_sample_holds() {
    // [START faults]
    emulator.faults().on("setIamPolicy").times(2).fail(Code.ABORTED);
    emulator.faults().on("generateAccessToken").every(3).fail(Code.UNAVAILABLE);
    emulator.faults().on("token").fail(Code.RESOURCE_EXHAUSTED, Duration.ofSeconds(5));
    emulator.faults().on("publishedKeys").times(1).dropConnection();
    emulator.faults().on("signBlob").times(1).malformBody();
    emulator.faults().onEverything().fraction(0.1, 42).delay(Duration.ofMillis(200));
    emulator.faults().clear();
    // [END faults]
    assertThat(signs(emulator)).isTrue();
  }

  @Test
  void controls_sample_holds() {
    // [START controls]
    EmulatorControls controls = emulator.controls();
    controls.allowLifetimeExtension("sa-1@demo-project.iam.gserviceaccount.com");
    controls.disableApi("demo-project", "iamcredentials.googleapis.com");
    controls.enableApi("demo-project", "iamcredentials.googleapis.com");
    controls.rotateKeys("sa-1@demo-project.iam.gserviceaccount.com");
    controls.rotateGoogleKeys();
    controls.quota("demo-project", QuotaGroup.SIGN, 60);
    // [END controls]
    assertThat(signs(emulator)).isTrue();
  }

  @Test
  void calls_sample_holds() {
    // [START calls]
    try (ShortLivedCredentials credentials = emulator.credentialsFor(caller)) {
      credentials.signBlob(target, new byte[] {1});
    }
    EmulatorCall call = emulator.calls().get(0);
    assertThat(call.method()).isEqualTo("signBlob");
    assertThat(call.caller()).isEqualTo("serviceAccount:sa-1@demo-project.iam.gserviceaccount.com");
    assertThat(call.allowed()).isTrue();
    assertThat(call.reasons().get(0)).startsWith("iam.serviceAccounts.signBlob by roles/");
    // [END calls]
  }

  @Test
  void reset_sample_holds() {
    // [START reset]
    emulator.faults().onEverything().fail(Code.UNAVAILABLE);
    emulator.clock().advance(Duration.ofDays(1));
    emulator.reset();
    try (ShortLivedCredentials credentials = emulator.credentialsFor(caller)) {
      assertThat(credentials.signBlob(target, new byte[] {1})).isNotNull();
    }
    // [END reset]
  }

  private static boolean signs(IamEmulator emulator) {
    return Wire.as(emulator, member(SA1))
            .post("/v1/" + name(SA2) + ":signBlob", "{\"payload\":\"YQ==\"}")
            .statusCode()
        == 200;
  }

  private static String region(String name) throws IOException {
    String source = Files.readString(SELF);
    int start = source.indexOf('\n', source.indexOf("// [START " + name + "]")) + 1;
    int end = source.lastIndexOf('\n', source.indexOf("// [END " + name + "]")) + 1;
    String code = source.substring(start, end).stripTrailing().stripIndent() + "\n";
    return name.endsWith("_json") ? code.split("\"\"\"", -1)[1].stripIndent().strip() + "\n" : code;
  }
}
