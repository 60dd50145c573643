package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.rpc.StatusCode;
import com.google.api.gax.rpc.UnauthenticatedException;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.compute.v1.InstancesSettings;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.cloud.iam.admin.v1.IAMSettings;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.cloud.iam.credentials.v1.IamCredentialsSettings;
import com.google.iam.admin.v1.ServiceAccount;
import com.google.protobuf.Duration;
import io.github.shortlived.model.DelegationChain;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Google's clients as an application builds them, which call the emulator by their settings. */
class EmulatorClientsTest {
  private final Path folder;
  private final IamEmulator emulator =
      IamEmulator.demo()
          .binding(SA2, TOKEN_CREATOR, member(SA1))
          .binding(SA3, TOKEN_CREATOR, member(SA2))
          .start();
  private final EmulatorClients clients = emulator.clients();

  EmulatorClientsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void stop() {
    emulator.close();
  }

  private IamCredentialsClient overGrpc(CredentialsProvider credentials) throws IOException {
    return IamCredentialsClient.create(
        IamCredentialsSettings.newBuilder()
            .setTransportChannelProvider(clients.grpcTransport())
            .setCredentialsProvider(credentials)
            .build());
  }

  private IamCredentialsClient overHttp(CredentialsProvider credentials) throws IOException {
    return IamCredentialsClient.create(
        IamCredentialsSettings.newHttpJsonBuilder()
            .setTransportChannelProvider(clients.httpTransport())
            .setCredentialsProvider(credentials)
            .build());
  }

  private IAMClient iam(CredentialsProvider credentials) throws IOException {
    return IAMClient.create(
        IAMSettings.newBuilder()
            .setTransportChannelProvider(clients.grpcTransport())
            .setCredentialsProvider(credentials)
            .build());
  }

  private InstancesClient instances(CredentialsProvider credentials) throws IOException {
    return InstancesClient.create(
        InstancesSettings.newBuilder()
            .setTransportChannelProvider(clients.httpTransport())
            .setCredentialsProvider(credentials)
            .build());
  }

  private static String token(IamCredentialsClient client, String account) {
    return client
        .generateAccessToken(
            name(account),
            List.of(),
            List.of(CLOUD_PLATFORM),
            Duration.newBuilder().setSeconds(600).build())
        .getAccessToken();
  }

  @Test
  void grpcTransport_iamCredentials_callsAsTheMember() throws IOException {
    try (IamCredentialsClient sa1 = overGrpc(clients.credentialsProvider(member(SA1)))) {
      assertThat(token(sa1, SA2)).startsWith("ya29.");
      assertThat(Refused.by(() -> token(sa1, SA3)).code())
          .isEqualTo(StatusCode.Code.PERMISSION_DENIED);
    }
  }

  @Test
  void httpTransport_iamCredentials_callsAsTheMember() throws IOException {
    try (IamCredentialsClient sa1 = overHttp(clients.credentialsProvider(member(SA1)))) {
      assertThat(token(sa1, SA2)).startsWith("ya29.");
      assertThat(Refused.by(() -> token(sa1, SA3)).code())
          .isEqualTo(StatusCode.Code.PERMISSION_DENIED);
    }
  }

  @Test
  void grpcTransport_iam_callsAsTheMember() throws IOException {
    try (IAMClient admin = iam(clients.credentialsProvider(ADMIN));
        IAMClient sa1 = iam(clients.credentialsProvider(member(SA1)))) {
      assertThat(admin.listServiceAccounts("projects/" + PROJECT).iterateAll())
          .extracting(ServiceAccount::getEmail)
          .containsExactly(SA1, SA2, SA3);
      assertThat(Refused.by(() -> sa1.listServiceAccounts("projects/" + PROJECT)).code())
          .isEqualTo(StatusCode.Code.PERMISSION_DENIED);
    }
  }

  @Test
  void httpTransport_instances_callsAsTheMember() throws IOException {
    try (InstancesClient sa1 = instances(clients.credentialsProvider(member(SA1)));
        InstancesClient sa3 = instances(clients.credentialsProvider(member(SA3)))) {
      assertThat(sa1.list(PROJECT, ZONE).iterateAll())
          .extracting(Instance::getName)
          .containsExactly("vm-1", "vm-2");
      assertThat(Refused.by(() -> sa3.list(PROJECT, ZONE)).code())
          .isEqualTo(StatusCode.Code.PERMISSION_DENIED);
    }
  }

  @Test
  void grpcTransport_credentialsOfTheApplication_areSentToo() throws IOException {
    ImpersonatedCredentials own =
        ImpersonatedCredentials.create(
            emulator.googleCredentials(member(SA1)),
            SA2,
            List.of(),
            List.of(CLOUD_PLATFORM),
            600,
            emulator.httpTransportFactory());
    try (IamCredentialsClient asSa2 = overGrpc(FixedCredentialsProvider.create(own))) {
      assertThat(token(asSa2, SA3)).startsWith("ya29.");
    }
  }

  @Test
  void grpcTransport_withoutUsableCredentials_isUnauthenticated() throws IOException {
    try (IamCredentialsClient anonymous = overGrpc(NoCredentialsProvider.create())) {
      assertThatThrownBy(() -> token(anonymous, SA2)).isInstanceOf(UnauthenticatedException.class);
    }
    try (IamCredentialsClient broken = overGrpc(FixedCredentialsProvider.create(new Broken()))) {
      assertThatThrownBy(() -> token(broken, SA2)).hasRootCauseMessage("no token today");
    }
  }

  @SuppressWarnings("serial")
  private static final class Broken extends GoogleCredentials {
    @Override
    public AccessToken refreshAccessToken() throws IOException {
      throw new IllegalStateException("no token today");
    }
  }

  @Test
  void writeKeyFile_knownAccount_isAKeyOfItsOwner() throws IOException {
    Path file = clients.writeKeyFile(SA1, folder.resolve("new"));
    assertThat(file).hasFileName("sa-1.json").exists();
    assertThat(clients.writeKeyFile(SA1, folder.resolve("new"))).isEqualTo(file);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    GoogleCredentials key = load(file);
    assertThat(Clients.accessToken(key)).startsWith("ya29.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> clients.writeKeyFile(Demo.email("ghost"), folder));
  }

  @Test
  void writeKeyFile_nameOfTwoAccounts_isTheWholeEmail() {
    String twin = "sa-1@other-project.iam.gserviceaccount.com";
    try (IamEmulator two = IamEmulator.demo().serviceAccount(twin).start()) {
      assertThat(two.clients().writeKeyFile(twin, folder)).hasFileName(twin + ".json");
      assertThat(two.clients().writeKeyFile(SA2, folder)).hasFileName("sa-2.json");
    }
  }

  @Test
  void writeAdcFile_directAndChained_impersonatesTheTarget() throws IOException {
    var sa2 = io.github.shortlived.model.ServiceAccount.of(SA2);
    var sa3 = io.github.shortlived.model.ServiceAccount.of(SA3);
    assertThat(Clients.accessToken(load(clients.writeAdcFile(SA1, sa2, folder))))
        .startsWith("ya29.");
    GoogleCredentials direct = load(clients.writeAdcFile(SA1, sa3, folder));
    assertThatThrownBy(() -> Clients.accessToken(direct)).rootCause().hasMessageContaining("403");
    DelegationChain chain = DelegationChain.through(sa2).to(sa3);
    assertThat(Clients.accessToken(load(clients.writeAdcFile(SA1, chain, folder))))
        .startsWith("ya29.");
  }

  @Test
  void environment_withAndWithoutFile_namesTheEmulator() {
    assertThat(clients.environment())
        .containsEntry(
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE", emulator.httpEndpoint() + "/compute/v1/")
        .containsEntry(
            "CLOUDSDK_AUTH_TOKEN_INTROSPECTION_ENDPOINT",
            emulator.httpEndpoint() + "/v1/introspect")
        .containsEntry("GCE_METADATA_HOST", emulator.httpEndpoint().getAuthority())
        .doesNotContainKey("GOOGLE_APPLICATION_CREDENTIALS");
    assertThat(clients.environment(folder.resolve("k.json")))
        .containsEntry("GOOGLE_APPLICATION_CREDENTIALS", folder.resolve("k.json").toString());
  }

  @Test
  void demo_asDocumented_hasNoGrantBetweenAccounts() throws IOException {
    try (IamEmulator demo = IamEmulator.demo().start();
        IamCredentialsClient sa1 =
            IamCredentialsClient.create(
                IamCredentialsSettings.newHttpJsonBuilder()
                    .setTransportChannelProvider(demo.clients().httpTransport())
                    .setCredentialsProvider(demo.clients().credentialsProvider(member(SA1)))
                    .build())) {
      assertThat(Refused.by(() -> token(sa1, SA2)).code())
          .isEqualTo(StatusCode.Code.PERMISSION_DENIED);
    }
  }

  @Test
  void demo_metadataServer_givesTokensOfSa1() throws IOException {
    try (IamEmulator demo = IamEmulator.demo().start();
        InstancesClient machine =
            InstancesClient.create(
                InstancesSettings.newBuilder()
                    .setTransportChannelProvider(demo.clients().httpTransport())
                    .setCredentialsProvider(FixedCredentialsProvider.create(attached(demo)))
                    .build())) {
      assertThat(attached(demo).getAccount()).isEqualTo(SA1);
      assertThat(machine.list(PROJECT, ZONE).iterateAll()).hasSize(2);
    }
  }

  /** Returns the credentials of a program that has {@link EmulatorClients#environment()}. */
  private static ComputeEngineCredentials attached(IamEmulator demo) {
    return ComputeEngineCredentials.newBuilder()
        .setHttpTransportFactory(demo.httpTransportFactory())
        .build();
  }

  private static GoogleCredentials load(Path file) throws IOException {
    try (InputStream json = Files.newInputStream(file)) {
      return GoogleCredentials.fromStream(json).createScoped(CLOUD_PLATFORM);
    }
  }
}
