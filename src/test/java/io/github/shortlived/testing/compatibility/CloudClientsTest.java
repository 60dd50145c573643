package io.github.shortlived.testing.compatibility;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.http.GenericUrl;
import com.google.auth.credentialaccessboundary.ClientSideCredentialAccessBoundaryFactory;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.CredentialAccessBoundary;
import com.google.auth.oauth2.CredentialAccessBoundary.AccessBoundaryRule;
import com.google.auth.oauth2.DownscopedCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenProvider.Option;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.iam.admin.v1.ServiceAccount;
import com.google.iam.admin.v1.ServiceAccountKeyAlgorithm;
import com.google.iam.admin.v1.ServiceAccountPrivateKeyType;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.github.shortlived.testing.Clients;
import io.github.shortlived.testing.Clients.Transport;
import io.github.shortlived.testing.IamEmulator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Google's libraries for Java that this project itself uses; other tests show more of them. */
class CloudClientsTest {
  private static final String AUDIENCE = "https://orders.example.com";
  private static final CredentialAccessBoundary BOUNDARY =
      CredentialAccessBoundary.newBuilder()
          .addRule(
              AccessBoundaryRule.newBuilder()
                  .setAvailableResource("//storage.googleapis.com/projects/_/buckets/bucket")
                  .addAvailablePermission("inRole:roles/storage.objectViewer")
                  .build())
          .build();

  private final ClientWorld world;
  private final IamEmulator emulator;

  CloudClientsTest(@TempDir Path folder) {
    this.world = ClientWorld.start(folder);
    this.emulator = world.emulator();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void auth_credentialsOfEachType_areThoseOfThePage() {
    ClientReport.of(RealClient.AUTH_JAVA, GoogleCredentials.class)
        .operation("key file: access token", () -> listAccounts(key()))
        .operation("key file: ID token", () -> key().idTokenWithAudience(AUDIENCE, List.of()))
        .operation(
            "key file: access token of a user (domain-wide delegation)",
            () -> listAccounts(key().createDelegated("admin@example.com")))
        .operation("user credentials: access token", () -> listAccounts(user()))
        .operation("metadata server: access token", () -> listAccounts(machine()))
        .operation(
            "metadata server: ID token",
            () -> machine().idTokenWithAudience(AUDIENCE, List.of(Option.FORMAT_FULL)))
        .operation("metadata server: signature", () -> machine().sign(new byte[] {1}))
        .operation("impersonation: access token", () -> impersonated(SA2).refresh())
        .operation(
            "impersonation through a delegate: access token",
            () -> impersonated(SA3, SA2).refresh())
        .operation(
            "impersonation: ID token",
            () -> impersonated(SA2).idTokenWithAudience(AUDIENCE, List.of(Option.INCLUDE_EMAIL)))
        .operation("impersonation: signature", () -> impersonated(SA2).sign(new byte[] {1}))
        .operation(
            "workload identity federation: access token of a service account",
            () -> listAccounts(load(world.federation().toString())))
        .operation(
            "workload identity federation: access token of the workload",
            () -> listAccounts(load(world.directFederation().toString())))
        .operation("downscoped access token", () -> downscoped().refreshAccessToken())
        .comparedWithThePage();
  }

  @Test
  void cab_downscopedTokens_areThoseOfThePage() {
    ClientReport.of(RealClient.CAB_JAVA, ClientSideCredentialAccessBoundaryFactory.class)
        .operation(
            "downscoped access token, created by the client",
            () ->
                ClientSideCredentialAccessBoundaryFactory.newBuilder()
                    .setSourceCredential(key())
                    .setHttpTransportFactory(emulator.httpTransportFactory())
                    .build()
                    .generateToken(BOUNDARY))
        .comparedWithThePage();
  }

  @Test
  void iamCredentials_allMethods_areThoseOfThePage() throws IOException {
    ClientReport report =
        ClientReport.of(RealClient.IAM_CREDENTIALS_JAVA, IamCredentialsClient.class);
    for (Transport transport : Transport.values()) {
      try (IamCredentialsClient client = Clients.iamCredentials(emulator, key(), transport)) {
        String over = transport == Transport.GRPC ? ", gRPC" : ", REST";
        report
            .operation(
                "generateAccessToken" + over,
                () ->
                    client.generateAccessToken(
                        name(SA2),
                        List.of(),
                        List.of(CLOUD_PLATFORM),
                        Duration.newBuilder().setSeconds(600).build()))
            .operation(
                "generateIdToken" + over,
                () -> client.generateIdToken(name(SA2), List.of(), AUDIENCE, true))
            .operation(
                "signBlob" + over,
                () -> client.signBlob(name(SA2), List.of(), ByteString.copyFromUtf8("blob")))
            .operation("signJwt" + over, () -> client.signJwt(name(SA2), List.of(), "{}"));
      }
    }
    report.comparedWithThePage();
  }

  @Test
  void iamAdmin_accountsAndPolicies_areThoseOfThePage() throws IOException {
    try (IAMClient admin = Clients.admin(emulator)) {
      ClientReport.of(RealClient.IAM_ADMIN_JAVA, IAMClient.class)
          .operation(
              "list of service accounts",
              () ->
                  assertThat(admin.listServiceAccounts("projects/" + PROJECT).iterateAll())
                      .extracting(ServiceAccount::getEmail)
                      .containsExactly(SA1, SA2, SA3))
          .operation(
              "new key",
              () ->
                  admin.createServiceAccountKey(
                      name(SA1),
                      ServiceAccountPrivateKeyType.TYPE_GOOGLE_CREDENTIALS_FILE,
                      ServiceAccountKeyAlgorithm.KEY_ALG_RSA_2048))
          .operation("policy: read and write", () -> copyPolicy(admin))
          .comparedWithThePage();
    }
  }

  @Test
  void compute_instances_areThoseOfThePage() throws IOException {
    try (InstancesClient client =
        Clients.instances(emulator, emulator.googleCredentials(member(SA1)))) {
      ClientReport.of(RealClient.COMPUTE_JAVA, InstancesClient.class)
          .operation(
              "instances of a zone",
              () ->
                  assertThat(client.list(PROJECT, ZONE).iterateAll())
                      .extracting(Instance::getName)
                      .containsExactly("vm-1", "vm-2"))
          .operation(
              "instances of all zones",
              () -> assertThat(client.aggregatedList(PROJECT).iterateAll()).isNotEmpty())
          .comparedWithThePage();
    }
  }

  private static void copyPolicy(IAMClient admin) {
    String account = name(SA2);
    admin.setIamPolicy(account, admin.getIamPolicy(account));
  }

  /** Uses the token of the credentials, so that the emulator must accept it. */
  private void listAccounts(GoogleCredentials credentials) throws IOException {
    String url = "https://iam.googleapis.com/v1/projects/" + PROJECT + "/serviceAccounts";
    HttpCredentialsAdapter authorized =
        new HttpCredentialsAdapter(credentials.createScoped(CLOUD_PLATFORM));
    assertThat(
            emulator
                .httpTransportFactory()
                .create()
                .createRequestFactory(authorized)
                .buildGetRequest(new GenericUrl(url))
                .execute()
                .parseAsString())
        .contains(SA1, SA2, SA3);
  }

  private ServiceAccountCredentials key() throws IOException {
    return (ServiceAccountCredentials)
        load(emulator.serviceAccountKey(SA1)).createScoped(CLOUD_PLATFORM);
  }

  private GoogleCredentials user() throws IOException {
    return load(emulator.userCredentials(ADMIN.substring("user:".length())));
  }

  private GoogleCredentials load(String json) throws IOException {
    return GoogleCredentials.fromStream(
        new ByteArrayInputStream(json.getBytes(UTF_8)), emulator.httpTransportFactory());
  }

  private ComputeEngineCredentials machine() {
    return ComputeEngineCredentials.newBuilder()
        .setHttpTransportFactory(emulator.httpTransportFactory())
        .build();
  }

  private ImpersonatedCredentials impersonated(String target, String... delegates)
      throws IOException {
    return ImpersonatedCredentials.create(
        key(),
        target,
        List.of(delegates),
        List.of(CLOUD_PLATFORM),
        600,
        emulator.httpTransportFactory());
  }

  private DownscopedCredentials downscoped() throws IOException {
    return DownscopedCredentials.newBuilder()
        .setSourceCredential(key())
        .setCredentialAccessBoundary(BOUNDARY)
        .setHttpTransportFactory(emulator.httpTransportFactory())
        .build();
  }
}
