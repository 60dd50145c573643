package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.GrpcTransportChannel;
import com.google.api.gax.rpc.FixedTransportChannelProvider;
import com.google.api.gax.rpc.StatusCode;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.cloud.iam.credentials.v1.IamCredentialsSettings;
import com.google.iam.v1.SetIamPolicyRequest;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.github.shortlived.testing.Clients.Transport;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmulatorFaultsTest {
  private final IamEmulator emulator =
      Demo.world().binding(SA2, TOKEN_CREATOR, member(SA1)).start();
  private final Wire sa1 = Wire.as(emulator, member(SA1));

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @EnumSource
  void fail_oneMethod_affectsOnlyThisMethodOnBothTransports(Transport transport)
      throws IOException {
    emulator.faults().on("signBlob").fail(Code.FAILED_PRECONDITION);
    try (IamCredentialsClient client =
        Clients.iamCredentials(emulator, emulator.googleCredentials(member(SA1)), transport)) {
      assertThat(Refused.by(() -> client.signBlob(name(SA2), List.of(), blob())).code())
          .isEqualTo(
              transport == Transport.GRPC
                  ? StatusCode.Code.FAILED_PRECONDITION
                  : StatusCode.Code.INVALID_ARGUMENT); // Over REST the client sees only 400.
      assertThat(client.generateIdToken(name(SA2), List.of(), "a", false).getToken()).isNotEmpty();
    }
  }

  @Test
  void fail_everything_comesBeforeAuthentication() {
    emulator.faults().onEverything().fail(Code.UNAVAILABLE);
    HttpResponse<String> response =
        Wire.anonymous(emulator).post("/v1/" + name(SA2) + ":generateIdToken", "{}");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(Wire.error(response).get("status").getAsString()).isEqualTo("UNAVAILABLE");
  }

  @Test
  void fail_withRetryAfter_isInDetailsAndHeader() {
    emulator.faults().on("generateIdToken").fail(Code.RESOURCE_EXHAUSTED, Duration.ofMillis(1500));
    HttpResponse<String> response = idToken();
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("2");
    assertThat(response.body()).contains("google.rpc.RetryInfo", "1.500s");
  }

  @Test
  void fail_policyWrites_reachesGooglesClientAndChangesNothing() throws IOException {
    emulator.faults().on("setIamPolicy").times(1).fail(Code.ABORTED);
    try (IAMClient admin = Clients.admin(emulator)) {
      SetIamPolicyRequest emptied = SetIamPolicyRequest.newBuilder().setResource(name(SA2)).build();
      assertThat(Refused.by(() -> admin.setIamPolicy(emptied)).code())
          .isEqualTo(StatusCode.Code.ABORTED);
      assertThat(idToken().statusCode()).isEqualTo(200);
      admin.setIamPolicy(emptied);
      assertThat(idToken().statusCode()).isEqualTo(403);
    }
  }

  @Test
  void times_two_affectsTheNextTwo() {
    emulator.faults().on("generateIdToken").times(2).fail(Code.UNAVAILABLE);
    assertThat(statuses(4)).containsExactly(503, 503, 200, 200);
  }

  @Test
  void every_third_affectsThirdAndSixth() {
    emulator.faults().on("generateIdToken").every(3).fail(Code.INTERNAL);
    assertThat(statuses(7)).containsExactly(200, 200, 500, 200, 200, 500, 200);
  }

  @Test
  void fraction_sameSeed_repeatsItself() {
    emulator.faults().on("generateIdToken").fraction(0.5, 7).fail(Code.UNAVAILABLE);
    List<Integer> first = statuses(20);
    emulator.faults().clear();
    emulator.faults().on("generateIdToken").fraction(0.5, 7).fail(Code.UNAVAILABLE);
    assertThat(statuses(20)).isEqualTo(first);
    assertThat(first).contains(200, 503);
  }

  @Test
  void clear_afterFault_removesIt() {
    emulator.faults().onEverything().fail(Code.UNAVAILABLE);
    assertThat(idToken().statusCode()).isEqualTo(503);
    emulator.faults().clear();
    assertThat(idToken().statusCode()).isEqualTo(200);
  }

  @Test
  void delay_anyCall_addsRealTimeAndSucceeds() {
    emulator.faults().on("generateIdToken").delay(Duration.ofMillis(300));
    long start = System.nanoTime();
    assertThat(idToken().statusCode()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(299));
  }

  @Test
  void dropConnection_overHttp_givesNoResponse() {
    emulator.faults().on("generateIdToken").times(1).dropConnection();
    assertThatThrownBy(this::idToken).hasCauseInstanceOf(IOException.class);
    assertThat(idToken().statusCode()).isEqualTo(200);
  }

  @Test
  void dropConnection_overGrpc_isUnavailable() throws IOException {
    emulator.faults().on("setIamPolicy").times(1).dropConnection();
    try (IAMClient admin = Clients.admin(emulator)) {
      SetIamPolicyRequest emptied = SetIamPolicyRequest.newBuilder().setResource(name(SA2)).build();
      assertThat(Refused.by(() -> admin.setIamPolicy(emptied)).code())
          .isEqualTo(StatusCode.Code.UNAVAILABLE);
      assertThat(admin.setIamPolicy(emptied).getBindingsCount()).isZero();
    }
  }

  @Test
  void dropConnection_overGrpc_closesTheSocketAndNoOther() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    try (GrpcTransportChannel dropped = channel();
        GrpcTransportChannel other = channel();
        IamCredentialsClient client = client(dropped);
        IamCredentialsClient neighbour = client(other)) {
      assertThat(client.signBlob(name(SA2), List.of(), blob())).isNotNull();
      assertThat(neighbour.signBlob(name(SA2), List.of(), blob())).isNotNull();
      managed(dropped).notifyWhenStateChanged(ConnectivityState.READY, gone::countDown);
      emulator.faults().on("signBlob").times(1).dropConnection();
      assertThat(Refused.by(() -> client.signBlob(name(SA2), List.of(), blob())).code())
          .isEqualTo(StatusCode.Code.UNAVAILABLE);
      assertThat(gone.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(managed(other).getState(false)).isEqualTo(ConnectivityState.READY);
      assertThat(client.signBlob(name(SA2), List.of(), blob())).isNotNull();
      assertThat(emulator.calls())
          .extracting(EmulatorCall::status)
          .containsExactly(Code.OK, Code.OK, Code.UNAVAILABLE, Code.OK);
    }
  }

  @Test
  void fail_methodOrBodyRefusedAnyway_comesFirst() {
    emulator.faults().on("generateIdToken").fail(Code.UNAVAILABLE);
    assertThat(sa1.post("/v1/" + name(SA2) + ":generateIdToken", "{").statusCode()).isEqualTo(503);
    assertThat(sa1.get("/v1/" + name(SA2) + ":generateIdToken").statusCode()).isEqualTo(503);
    emulator.faults().clear();
    assertThat(sa1.post("/v1/" + name(SA2) + ":generateIdToken", "{").statusCode()).isEqualTo(400);
    assertThat(sa1.get("/v1/" + name(SA2) + ":generateIdToken").statusCode()).isEqualTo(405);
  }

  @Test
  void malformBody_overBothTransports_givesNoReadableResponse() throws IOException {
    emulator.faults().on("generateIdToken").malformBody();
    HttpResponse<String> response = idToken();
    assertThat(response.statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> Wire.json(response)).isInstanceOf(RuntimeException.class);
    try (IamCredentialsClient client =
        Clients.iamCredentials(emulator, emulator.googleCredentials(member(SA1)), Transport.GRPC)) {
      assertThat(Refused.by(() -> client.generateIdToken(name(SA2), List.of(), "a", false)).code())
          .isEqualTo(StatusCode.Code.INTERNAL);
    }
  }

  @Test
  void fail_tokenEndpoint_isRetriedByGooglesKeyFileCredentials() throws IOException {
    String keyFile = emulator.serviceAccountKey(SA1);
    GoogleCredentials credentials =
        GoogleCredentials.fromStream(
                new ByteArrayInputStream(keyFile.getBytes(StandardCharsets.UTF_8)))
            .createScoped(CLOUD_PLATFORM);
    emulator.faults().on("token").times(1).fail(Code.UNAVAILABLE);
    assertThat(Clients.accessToken(credentials)).startsWith("ya29.");
    assertThat(emulator.calls())
        .extracting(EmulatorCall::status)
        .containsExactly(Code.UNAVAILABLE, Code.OK);
  }

  @Test
  @SuppressWarnings("NullAway") // An application may have no null checks.
  void fault_wrongArguments_areRefusedWithTheRule() {
    EmulatorFaults faults = emulator.faults();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> faults.on("GenerateToken"))
        .withMessageContainingAll("GenerateToken", "generateAccessToken", "token");
    assertThatIllegalArgumentException().isThrownBy(() -> faults.onEverything().times(0));
    assertThatIllegalArgumentException().isThrownBy(() -> faults.onEverything().every(0));
    assertThatIllegalArgumentException().isThrownBy(() -> faults.onEverything().fraction(1.1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> faults.onEverything().fail(Code.OK));
    assertThatNullPointerException()
        .isThrownBy(() -> faults.onEverything().fail(null))
        .withMessage("code");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> faults.onEverything().delay(Duration.ofSeconds(31)))
        .withMessageContaining("30 s");
    assertThatIllegalStateException().isThrownBy(() -> faults.onEverything().times(1).every(2));
  }

  private GrpcTransportChannel channel() {
    Metadata bearer = new Metadata();
    bearer.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + Wire.token(emulator, member(SA1)));
    return GrpcTransportChannel.create(
        Grpc.newChannelBuilder(
                emulator.grpcEndpoint().getAuthority(), InsecureChannelCredentials.create())
            .intercept(MetadataUtils.newAttachHeadersInterceptor(bearer))
            .build());
  }

  private static ManagedChannel managed(GrpcTransportChannel channel) {
    return (ManagedChannel) channel.getChannel();
  }

  /** Without retries, one connection is closed and the next call opens a new one. */
  private static IamCredentialsClient client(GrpcTransportChannel channel) throws IOException {
    IamCredentialsSettings.Builder settings =
        IamCredentialsSettings.newBuilder()
            .setTransportChannelProvider(FixedTransportChannelProvider.create(channel))
            .setCredentialsProvider(NoCredentialsProvider.create());
    settings.signBlobSettings().setRetryableCodes();
    return IamCredentialsClient.create(settings.build());
  }

  private List<Integer> statuses(int calls) {
    return IntStream.range(0, calls).mapToObj(call -> idToken().statusCode()).toList();
  }

  private HttpResponse<String> idToken() {
    return sa1.post("/v1/" + name(SA2) + ":generateIdToken", "{\"audience\":\"a\"}");
  }

  private static ByteString blob() {
    return ByteString.copyFromUtf8("blob");
  }
}
