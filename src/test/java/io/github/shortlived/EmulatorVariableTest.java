package io.github.shortlived;

import static io.github.shortlived.DemoProject.ADMIN;
import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.javanet.NetHttpTransport;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.diagnosis.Diagnostics;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.UserTokenRequest;
import io.github.shortlived.testing.IamEmulator;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials in a process whose environment names an emulator. */
class EmulatorVariableTest {
  private static final String VARIABLE = "SHORTLIVED_IAM_EMULATOR_HOST";

  private final IamEmulator emulator =
      IamEmulator.builder()
          .serviceAccount(CALLER.id())
          .serviceAccount(TARGET.id())
          .projectBinding(DemoProject.PROJECT, "roles/owner", ADMIN.id())
          .binding(TARGET.id(), "roles/iam.serviceAccountTokenCreator", Member.of(CALLER).id())
          .domainWideDelegation(TARGET.id(), "me@example.com", CLOUD_PLATFORM)
          .instance(DemoProject.PROJECT, "us-west1-a", "vm-1")
          .metadataServiceAccount(CALLER.id())
          .start();
  private final List<CredentialEvent> events = new CopyOnWriteArrayList<>();
  private final Path folder;

  EmulatorVariableTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void stop() {
    emulator.close();
  }

  private String host() {
    return emulator.httpEndpoint().getAuthority();
  }

  /** Returns a builder in an environment without a credential file of gcloud. */
  private ShortLivedCredentials.Builder builder(Map<String, String> more) {
    Map<String, String> base = Map.of(VARIABLE, host(), "CLOUDSDK_CONFIG", folder.toString());
    return ShortLivedCredentials.builder()
        .environment(name -> more.getOrDefault(name, base.get(name)))
        .listener(events::add);
  }

  private Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("credentials.json"), json);
  }

  @Test
  void build_variableAlone_callsAsTheAccountOfTheMetadataServer() {
    try (ShortLivedCredentials credentials = builder(Map.of()).build()) {
      assertThat(credentials.callerMember()).contains(Member.of(CALLER));
      assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM).token()).startsWith("ya29.");
      assertThat(credentials.idToken(Target.self(), "orders").token()).isNotBlank();
      assertThat(credentials.endpoints()).isEqualTo(emulator.endpoints());
      assertThat(credentials.toString())
          .startsWith("ShortLivedCredentials[caller=" + CALLER)
          .endsWith("%s=%s]".formatted(VARIABLE, host()));
    }
    assertThat(events).startsWith(new CredentialEvent.EmulatorUsed(emulator.httpEndpoint()));
  }

  @Test
  void build_keyOfTheEmulator_issuesOverBothTransports() throws Exception {
    Path key = write(emulator.serviceAccountKey(CALLER.id()));
    for (ShortLivedCredentials.Builder builder :
        List.of(
            builder(Map.of("GOOGLE_APPLICATION_CREDENTIALS", key.toString())),
            builder(Map.of()).keyFile(key),
            builder(Map.of()).keyFile(key).grpc(),
            builder(Map.of()).keyJson(Files.readString(key)))) {
      try (ShortLivedCredentials credentials = builder.build()) {
        assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM).token()).startsWith("ya29.");
        assertThat(credentials.issue(UserTokenRequest.of(TARGET, "me@example.com", CLOUD_PLATFORM)))
            .isNotNull();
        assertThat(credentials.signBlob(TARGET, new byte[] {1})).isNotNull();
        assertThat(
                credentials
                    .impersonatedCredentials(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM))
                    .refreshAccessToken())
            .isNotNull();
      }
    }
  }

  @Test
  void build_userOfTheEmulator_worksInAllClientsAboveIt() throws Exception {
    Path user = write(emulator.userCredentials("admin@example.com"));
    try (ShortLivedCredentials admin =
            builder(Map.of("GOOGLE_APPLICATION_CREDENTIALS", user.toString())).build();
        Grants grants = Grants.using(admin);
        ServiceAccounts accounts = ServiceAccounts.using(admin);
        ComputeInstances instances = ComputeInstances.using(admin, Target.self())) {
      CrossAccountGrant grant = CrossAccountGrant.tokenCreator(ADMIN).on(TARGET);
      assertThat(grants.apply(grant)).hasSize(1);
      assertThat(accounts.get(TARGET).account()).isEqualTo(TARGET);
      assertThat(instances.list(DemoProject.PROJECT, "us-west1-a")).hasSize(1);
      assertThat(Diagnostics.using(admin).diagnose(TARGET).toString())
          .contains("access token: works");
      assertThat(admin.accessToken(TARGET, CLOUD_PLATFORM).token()).startsWith("ya29.");
    }
  }

  @Test
  void build_blankVariable_isAsWithout() {
    FakeHttp http = new FakeHttp();
    try (ShortLivedCredentials credentials =
        builder(Map.of(VARIABLE, " "))
            .source(TestKeys.source(http))
            .httpTransportFactory(http)
            .build()) {
      assertThat(credentials.endpoints()).isEqualTo(Endpoints.google());
      assertThat(credentials.toString()).doesNotContain(VARIABLE);
    }
    assertThat(events).isEmpty();
  }

  @Test
  void build_invalidVariable_isRefusedBeforeAnyCall() {
    FakeHttp http = new FakeHttp();
    ShortLivedCredentials.Builder builder =
        builder(Map.of(VARIABLE, "127.0.0.1.evil.com:80")).httpTransportFactory(http);
    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessageContaining("'127.0.0.1.evil.com:80'");
    assertThat(http.requests()).isEmpty();
  }

  @Test
  void build_credentialsOfGoogle_areRefusedBeforeAnyCall() throws Exception {
    FakeHttp http = new FakeHttp();
    String key = emulator.serviceAccountKey(CALLER.id());
    Path ofGoogle =
        write(
            key.replace(emulator.httpEndpoint() + "/token", "https://oauth2.googleapis.com/token"));
    Stream.of(
            builder(Map.of("GOOGLE_APPLICATION_CREDENTIALS", ofGoogle.toString())),
            builder(Map.of()).keyFile(ofGoogle),
            builder(Map.of()).keyJson(Files.readString(ofGoogle)),
            builder(Map.of()).source(TestKeys.source(http)))
        .forEach(
            builder ->
                assertThatThrownBy(builder.httpTransportFactory(http)::build)
                    .isInstanceOf(CredentialException.SourceCredentials.class)
                    .hasMessageContaining("SHORTLIVED_IAM_EMULATOR_HOST"));
    assertThat(http.requests()).isEmpty();
    assertThat(events).noneMatch(CredentialEvent.EmulatorUsed.class::isInstance);
    assertThat(emulator.calls()).isEmpty();
  }

  @Test
  void build_endpointsOfTheBuilder_havePrecedence() {
    try (IamEmulator other = IamEmulator.demo().start();
        ShortLivedCredentials credentials =
            builder(Map.of())
                .source(other.googleCredentials("user:admin@example.com"))
                .endpoints(other.endpoints())
                .build()) {
      assertThat(credentials.endpoints()).isEqualTo(other.endpoints());
      assertThat(events).isEmpty();
    }
  }

  /** The emulator gets each request, whatever the host in its URL. */
  @Test
  void build_transportOfTheBuilder_connectsToTheEmulatorOnly() {
    List<String> hosts = new CopyOnWriteArrayList<>();
    NetHttpTransport.Builder recording =
        new NetHttpTransport.Builder()
            .setConnectionFactory(
                url -> {
                  hosts.add(url.getAuthority());
                  return (HttpURLConnection) url.openConnection();
                });
    try (ShortLivedCredentials credentials =
        builder(Map.of()).httpTransportFactory(recording::build).build()) {
      assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM)).isNotNull();
    }
    assertThat(hosts).hasSizeGreaterThan(2).containsOnly(host());
  }
}
