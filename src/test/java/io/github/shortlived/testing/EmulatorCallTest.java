package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.rpc.PermissionDeniedException;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.github.shortlived.testing.Clients.Transport;
import io.github.shortlived.testing.internal.control.CallLog;
import io.github.shortlived.testing.internal.control.CallTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmulatorCallTest {
  private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");

  private static final String AUDIENCE = "{\"audience\":\"a\"}";

  private final IamEmulator emulator =
      Demo.world()
          .clock(InstantSource.fixed(NOW))
          .binding(SA2, TOKEN_CREATOR, member(SA1))
          .binding(SA3, TOKEN_CREATOR, member(SA2))
          .start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @EnumSource
  void calls_allowedAlongAChain_nameTheBindings(Transport transport) throws IOException {
    try (IamCredentialsClient client = sa1(transport)) {
      client.signBlob(name(SA3), List.of(name(SA2)), ByteString.copyFromUtf8("payload"));
    }
    EmulatorCall call = onlyCall();
    assertThat(call.allowed()).isTrue();
    assertThat(call.time()).isEqualTo(NOW);
    assertThat(call.method()).isEqualTo("signBlob");
    assertThat(call.caller()).isEqualTo(member(SA1));
    assertThat(call.delegates()).containsExactly(name(SA2));
    assertThat(call.resource()).isEqualTo(name(SA3));
    assertThat(call.reasons())
        .containsExactly(
            "iam.serviceAccounts.implicitDelegation by roles/iam.serviceAccountTokenCreator on"
                + " projects/demo-project/serviceAccounts/"
                + SA2
                + " to "
                + member(SA1),
            "iam.serviceAccounts.signBlob by roles/iam.serviceAccountTokenCreator on"
                + " projects/demo-project/serviceAccounts/"
                + SA3
                + " to "
                + member(SA2));
  }

  @ParameterizedTest
  @EnumSource
  void calls_refused_nameTheMissingPermission(Transport transport) throws IOException {
    try (IamCredentialsClient client = sa1(transport)) {
      assertThatThrownBy(() -> client.generateIdToken(name(SA3), List.of(), "a", false))
          .isInstanceOf(PermissionDeniedException.class);
    }
    EmulatorCall call = onlyCall();
    assertThat(call.allowed()).isFalse();
    assertThat(call.status()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(call.reasons().get(0))
        .isEqualTo(
            member(SA1)
                + " lacks iam.serviceAccounts.getOpenIdToken on"
                + " projects/demo-project/serviceAccounts/"
                + SA3);
  }

  @Test
  void calls_bindingWithAFalseCondition_nameIt() {
    String hour = "request.time < timestamp('2026-05-04T11:00:00Z')";
    try (IamEmulator conditional =
        Demo.world()
            .clock(InstantSource.fixed(NOW))
            .binding(SA2, TOKEN_CREATOR, member(SA1), hour)
            .start()) {
      assertThat(idToken(conditional).allowed()).isTrue();
      conditional.clock().advance(Duration.ofHours(1));
      assertThat(idToken(conditional).reasons().get(1))
          .isEqualTo(
              "the condition of roles/iam.serviceAccountTokenCreator on"
                  + " projects/demo-project/serviceAccounts/"
                  + SA2
                  + " does not hold");
    }
  }

  @Test
  void calls_grantThatPropagates_nameIt() {
    emulator.controls().propagationDelay(Duration.ofMinutes(2));
    emulator.addProjectBinding(Demo.PROJECT, TOKEN_CREATOR, Demo.ADMIN);
    Wire.as(emulator, Demo.ADMIN).post("/v1/" + name(SA2) + ":generateIdToken", AUDIENCE);
    assertThat(onlyCall().reasons().get(1))
        .isEqualTo(
            "roles/iam.serviceAccountTokenCreator on projects/demo-project is granted but"
                + " has not taken effect yet");
  }

  @Test
  void calls_unknownBearer_areOfAnonymous() {
    Wire.anonymous(emulator).with("ya29.guessed").get("/v1/" + name(SA1));
    assertThat(onlyCall().caller()).isEqualTo("anonymous");
    assertThat(onlyCall().status()).isEqualTo(Code.UNAUTHENTICATED);
    assertThat(onlyCall().toString()).doesNotContain("guessed");
  }

  @Test
  void calls_tokenEndpoint_nameAccountAndDecision() throws IOException {
    String keyFile = emulator.serviceAccountKey(SA1);
    GoogleCredentials credentials =
        GoogleCredentials.fromStream(
                new ByteArrayInputStream(keyFile.getBytes(StandardCharsets.UTF_8)))
            .createScoped(CLOUD_PLATFORM);
    emulator.clock().set(Instant.now());
    String token = Clients.accessToken(credentials);
    Wire.anonymous(emulator).form("/token", Map.of("grant_type", "password"));
    assertThat(emulator.calls()).extracting(EmulatorCall::method).containsExactly("token", "token");
    EmulatorCall granted = emulator.calls().get(0);
    assertThat(granted.allowed()).isTrue();
    assertThat(granted.caller()).isEqualTo(member(SA1));
    assertThat(granted.toString()).doesNotContain(token);
    EmulatorCall refused = emulator.calls().get(1);
    assertThat(refused.status()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(refused.reasons())
        .containsExactly("unsupported_grant_type: Invalid grant_type: password");
  }

  @Test
  void calls_compute_nameProjectAndZone() throws IOException {
    try (InstancesClient compute =
        Clients.instances(emulator, emulator.googleCredentials(Demo.ADMIN))) {
      compute.list(Demo.PROJECT, Demo.ZONE);
    }
    assertThat(onlyCall().method()).isEqualTo("instances.list");
    assertThat(onlyCall().resource()).isEqualTo("projects/demo-project/zones/us-west1-a");
  }

  @Test
  void calls_snapshot_doesNotChange() {
    List<EmulatorCall> before = emulator.calls();
    Wire.anonymous(emulator).get("/oauth2/v3/certs");
    assertThat(before).isEmpty();
    assertThat(onlyCall().method()).isEqualTo("publishedKeys");
  }

  @Test
  void log_beyondItsCapacity_dropsTheOldest() {
    CallLog log = new CallLog(InstantSource.fixed(NOW));
    for (int i = 0; i <= CallLog.CAPACITY; i++) {
      log.open("call-" + i, new CallTarget("", List.of())).close();
    }
    assertThat(log.snapshot()).hasSize(CallLog.CAPACITY);
    assertThat(log.snapshot().get(0).method()).isEqualTo("call-1");
  }

  private static EmulatorCall idToken(IamEmulator emulator) {
    Wire.as(emulator, member(SA1)).post("/v1/" + name(SA2) + ":generateIdToken", AUDIENCE);
    List<EmulatorCall> calls = emulator.calls();
    return calls.get(calls.size() - 1);
  }

  private EmulatorCall onlyCall() {
    assertThat(emulator.calls()).hasSize(1);
    return emulator.calls().get(0);
  }

  private IamCredentialsClient sa1(Transport transport) throws IOException {
    return Clients.iamCredentials(emulator, emulator.googleCredentials(member(SA1)), transport);
  }
}
