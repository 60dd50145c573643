package io.github.shortlived;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.rpc.Code;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException.SourceCredentials;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.EmulatorBuilder;
import io.github.shortlived.testing.IamEmulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks the account of a machine's credentials, which only the metadata server knows. */
class MachineAccountTest {
  private static final RetryPolicy QUICK =
      new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMinutes(1), true);
  private static final byte[] BYTES = {1};

  private final IamEmulator emulator = world().metadataServiceAccount(CALLER.id()).start();
  private final List<CredentialEvent> events = new ArrayList<>();
  private final ShortLivedCredentials machine = machineOf(emulator, QUICK);

  private static EmulatorBuilder world() {
    return IamEmulator.builder()
        .project(PROJECT)
        .serviceAccount(CALLER.id())
        .serviceAccount(TARGET.id())
        .binding(CALLER.id(), IamRoles.TOKEN_CREATOR, Member.of(CALLER).id());
  }

  private ShortLivedCredentials machineOf(IamEmulator server, RetryPolicy policy) {
    return ShortLivedCredentials.builder()
        .source(
            ComputeEngineCredentials.newBuilder()
                .setHttpTransportFactory(server.httpTransportFactory())
                .build())
        .endpoints(server.endpoints())
        .retryPolicy(policy)
        .listener(events::add)
        .build();
  }

  @AfterEach
  void close() {
    machine.close();
    emulator.close();
  }

  @Test
  void signBlob_transientFaultOfTheMetadataServer_isSigned() {
    emulator.faults().on("metadata").times(1).fail(Code.UNAVAILABLE);
    assertThat(machine.signBlob(Target.self(), BYTES).signature()).isNotEmpty();
    assertThat(events)
        .hasAtLeastOneElementOfType(CredentialEvent.Retried.class)
        .hasAtLeastOneElementOfType(CredentialEvent.Issued.class);
  }

  @Test
  void signBlob_metadataServerUnavailable_isUnavailable() {
    try (ShortLivedCredentials impatient = machineOf(emulator, RetryPolicy.none())) {
      emulator.faults().on("metadata").fail(Code.UNAVAILABLE);
      assertThatThrownBy(() -> impatient.signBlob(Target.self(), BYTES))
          .isInstanceOf(Unavailable.class)
          .hasMessageStartingWith(
              "Identifying the caller failed because the source credentials returned no token: ")
          .hasMessageContaining("A retry may succeed.");
    }
  }

  @Test
  void signBlob_machineWithoutAccount_cannotSign() {
    try (IamEmulator bare = world().start();
        ShortLivedCredentials withoutAccount = machineOf(bare, QUICK)) {
      assertThatThrownBy(() -> withoutAccount.signBlob(Target.self(), BYTES))
          .isInstanceOf(SourceCredentials.class)
          .hasMessageStartingWith(
              "Source credentials of type ComputeEngineCredentials cannot sign bytes.");
      assertThat(withoutAccount.callerMember()).isEmpty();
    }
  }

  @Test
  void callerMember_transientFaultOfTheMetadataServer_isKnown() {
    emulator.faults().on("metadata").times(1).fail(Code.UNAVAILABLE);
    assertThat(machine.callerMember()).contains(Member.of(CALLER));
    assertThat(events).hasAtLeastOneElementOfType(CredentialEvent.Retried.class);
  }

  @Test
  void callerMember_metadataServerUnavailable_isUnavailable() {
    try (ShortLivedCredentials impatient = machineOf(emulator, RetryPolicy.none())) {
      emulator.faults().on("metadata").fail(Code.UNAVAILABLE);
      assertThatThrownBy(impatient::callerMember).isInstanceOf(Unavailable.class);
    }
  }

  @Test
  void getAccount_transientFaultOfTheMetadataServer_isKnown() {
    emulator.faults().on("metadata").times(1).fail(Code.UNAVAILABLE);
    ServiceAccountSigner signer =
        (ServiceAccountSigner) machine.googleCredentials(Target.self(), CLOUD_PLATFORM);
    assertThat(signer.getAccount()).isEqualTo(CALLER.id());
    assertThat(events).hasAtLeastOneElementOfType(CredentialEvent.Retried.class);
  }

  @Test
  void impersonatedCredentials_chain_sendsNoRequest() {
    int before = emulator.calls().size();
    DelegationChain chain = DelegationChain.through(DELEGATE_1).to(TARGET);
    machine.impersonatedCredentials(AccessTokenRequest.of(chain, CLOUD_PLATFORM));
    assertThat(emulator.calls()).hasSize(before);
  }
}
