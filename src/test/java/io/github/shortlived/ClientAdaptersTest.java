package io.github.shortlived;

import static io.github.shortlived.AdapterWorld.DELEGATE;
import static io.github.shortlived.AdapterWorld.PROJECT;
import static io.github.shortlived.AdapterWorld.STRANGER;
import static io.github.shortlived.AdapterWorld.TARGET;
import static io.github.shortlived.AdapterWorld.ZONE;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpResponseException;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.GrpcCallContext;
import com.google.api.gax.rpc.PermissionDeniedException;
import com.google.api.gax.rpc.UnauthenticatedException;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.compute.v1.InstancesSettings;
import com.google.cloud.iam.credentials.v1.GenerateIdTokenRequest;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.cloud.iam.credentials.v1.IamCredentialsSettings;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.grpc.CallOptions;
import io.grpc.auth.MoreCallCredentials;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks that Google's unmodified clients accept the GoogleCredentials of this library. */
class ClientAdaptersTest {
  private static final String DATASET =
      "{\"kind\":\"bigquery#dataset\",\"datasetReference\":{\"projectId\":\"%s\",\"datasetId\":\"d\"}}"
          .formatted(PROJECT);

  private final AdapterWorld world = new AdapterWorld();
  private final GoogleCredentials target = google(TARGET);

  @AfterEach
  void close() {
    world.close();
  }

  private GoogleCredentials google(Target account) {
    return world.caller().googleCredentials(account, CLOUD_PLATFORM);
  }

  private static Storage storage(GoogleCredentials credentials, String host) {
    return StorageOptions.http()
        .setProjectId(PROJECT)
        .setHost(host)
        .setCredentials(credentials)
        .build()
        .getService();
  }

  @Test
  void storage_call_carriesTokenAndQuotaProject() throws Exception {
    try (Receiver receiver = Receiver.returning("{\"kind\":\"storage#bucket\",\"name\":\"b\"}")) {
      Storage storage =
          storage(target.createWithQuotaProject("billing-project"), receiver.uri().toString());
      assertThat(storage.get("b").getName()).isEqualTo("b");
      assertThat(receiver.last("Authorization")).startsWith("Bearer ya29.");
      assertThat(receiver.last("x-goog-user-project")).isEqualTo("billing-project");
    }
  }

  private static BigQuery bigQuery(GoogleCredentials credentials, Receiver receiver) {
    return BigQueryOptions.newBuilder()
        .setProjectId(PROJECT)
        .setHost(receiver.uri().toString())
        .setCredentials(credentials)
        .build()
        .getService();
  }

  @Test
  void bigQuery_call_carriesTokenAndQuotaProject() throws Exception {
    try (Receiver receiver = Receiver.returning(DATASET)) {
      BigQuery query = bigQuery(target.createWithQuotaProject("billing-project"), receiver);
      assertThat(query.getDataset("d").getDatasetId().getDataset()).isEqualTo("d");
      assertThat(receiver.last("Authorization")).startsWith("Bearer ya29.");
      assertThat(receiver.last("x-goog-user-project")).isEqualTo("billing-project");
    }
  }

  @Test
  void bigQuery_callWithoutGrant_namesTheGrant() throws Exception {
    try (Receiver receiver = Receiver.returning(DATASET)) {
      assertThatThrownBy(() -> bigQuery(google(STRANGER), receiver).getDataset("d"))
          .isInstanceOf(BigQueryException.class)
          .hasMessageContaining("add-iam-policy-binding " + STRANGER);
      assertThat(receiver.last("Authorization")).isEmpty();
    }
  }

  private InstancesClient instances(GoogleCredentials credentials) throws IOException {
    return InstancesClient.create(
        InstancesSettings.newBuilder()
            .setEndpoint(world.emulator().httpEndpoint().toString())
            .setCredentialsProvider(FixedCredentialsProvider.create(credentials))
            .build());
  }

  @Test
  void compute_credentialsProvider_callsAsTheTarget() throws IOException {
    try (InstancesClient allowed = instances(target);
        InstancesClient refused = instances(google(DELEGATE))) {
      assertThat(allowed.list(PROJECT, ZONE).iterateAll())
          .extracting(Instance::getName)
          .containsExactly("vm-1");
      assertThatThrownBy(() -> refused.list(PROJECT, ZONE))
          .isInstanceOf(PermissionDeniedException.class);
    }
  }

  private IamCredentialsClient overGrpc(com.google.api.gax.core.CredentialsProvider provider)
      throws IOException {
    return IamCredentialsClient.create(
        IamCredentialsSettings.newBuilder()
            .setTransportChannelProvider(world.emulator().clients().grpcTransport())
            .setCredentialsProvider(provider)
            .build());
  }

  private static GenerateIdTokenRequest idTokenOf(ServiceAccount account) {
    return GenerateIdTokenRequest.newBuilder()
        .setName(account.resourceName())
        .setAudience("orders")
        .build();
  }

  @Test
  void gapic_credentialsProvider_callsAsTheTarget() throws IOException {
    try (IamCredentialsClient asDelegate =
        overGrpc(FixedCredentialsProvider.create(google(DELEGATE)))) {
      assertThat(asDelegate.generateIdToken(idTokenOf(TARGET)).getToken()).startsWith("ey");
      assertThatThrownBy(() -> asDelegate.generateIdToken(idTokenOf(STRANGER)))
          .isInstanceOf(PermissionDeniedException.class);
    }
  }

  @Test
  void gapic_withoutGrant_failsAtOnceAndNamesTheGrant() throws IOException {
    try (IamCredentialsClient refused =
        overGrpc(FixedCredentialsProvider.create(google(STRANGER)))) {
      assertThatThrownBy(() -> refused.generateIdToken(idTokenOf(TARGET)))
          .isInstanceOf(UnauthenticatedException.class)
          .hasStackTraceContaining("add-iam-policy-binding " + STRANGER);
    }
    assertThat(world.calls("generateAccessToken")).isOne();
  }

  @Test
  void grpc_callCredentials_callAsTheTarget() throws IOException {
    GrpcCallContext asDelegate =
        GrpcCallContext.createDefault()
            .withCallOptions(
                CallOptions.DEFAULT.withCallCredentials(
                    MoreCallCredentials.from(google(DELEGATE))));
    try (IamCredentialsClient client = overGrpc(NoCredentialsProvider.create())) {
      assertThat(client.generateIdTokenCallable().call(idTokenOf(TARGET), asDelegate).getToken())
          .startsWith("ey");
      assertThatThrownBy(() -> client.generateIdToken(idTokenOf(TARGET)))
          .isInstanceOf(UnauthenticatedException.class);
    }
  }

  @Test
  void httpClient_initializer_callsAsTheTarget() throws IOException {
    HttpRequestFactory requests =
        new NetHttpTransport().createRequestFactory(new HttpCredentialsAdapter(target));
    GenericUrl instances = new GenericUrl(world.instances());
    assertThat(requests.buildGetRequest(instances).execute().parseAsString()).contains("vm-1");
  }

  @Test
  void httpClient_initializer_fetchesAnotherTokenAfter401() throws IOException {
    HttpRequestFactory requests =
        new NetHttpTransport().createRequestFactory(new HttpCredentialsAdapter(target));
    try (Receiver receiver = Receiver.refusingTheFirstToken("welcome")) {
      GenericUrl url = new GenericUrl(receiver.uri());
      assertThat(requests.buildGetRequest(url).execute().parseAsString()).isEqualTo("welcome");
    }
    assertThat(world.calls("generateAccessToken")).isEqualTo(2);
  }

  @Test
  void httpClient_initializerOfAnotherAccount_refused() {
    HttpRequestFactory requests =
        new NetHttpTransport().createRequestFactory(new HttpCredentialsAdapter(google(DELEGATE)));
    assertThatThrownBy(() -> requests.buildGetRequest(new GenericUrl(world.instances())).execute())
        .isInstanceOfSatisfying(
            HttpResponseException.class, e -> assertThat(e.getStatusCode()).isEqualTo(403));
  }

  private int status(RequestHeaders headers) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(world.instances()).headers(headers.get()).build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void javaNetHttp_headers_carryTheTargetsToken() throws Exception {
    RequestHeaders headers = RequestHeaders.of(target);
    assertThat(status(headers)).isEqualTo(200);
    assertThat(status(RequestHeaders.of(google(DELEGATE)))).isEqualTo(403);

    world.emulator().clock().advance(Duration.ofHours(2));
    assertThat(status(headers)).isEqualTo(200);
  }

  @Test
  void javaNetHttp_tokenRejected_getsAnotherByRefresh() throws Exception {
    RequestHeaders headers = RequestHeaders.of(target);
    String[] refused = headers.get();
    target.refresh();
    assertThat(headers.get()).hasSameSizeAs(refused).isNotEqualTo(refused);
    assertThat(status(headers)).isEqualTo(200);
  }

  @Test
  void javaNetHttp_quotaProject_isAHeader() {
    assertThat(List.of(RequestHeaders.of(target.createWithQuotaProject("billing")).get()))
        .hasSize(4)
        .containsSubsequence("x-goog-user-project", "billing")
        .contains("Authorization");
    assertThat(RequestHeaders.of(target).get()).hasSize(2);
  }

  @Test
  void javaNetHttp_withoutGrant_namesTheGrant() {
    RequestHeaders headers = RequestHeaders.of(google(STRANGER));
    assertThatThrownBy(headers::get).isInstanceOf(CredentialException.PermissionDenied.class);
    assertThat(headers).hasToString("RequestHeaders[SigningGoogleCredentials]");
  }
}
