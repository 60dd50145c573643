package io.github.shortlived.account;

import static io.github.shortlived.DemoProject.ADMIN;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.Code;
import io.github.shortlived.DemoProject;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.EmulatorCall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Writes that are repeated. A lost response is simulated: the first attempt fails, and before the
 * next one, {@link #betweenAttempts} does what the first attempt would have done.
 */
class LostResponseTest {
  private final DemoProject demo = new DemoProject();
  private final ShortLivedCredentials quiet = demo.listening(ADMIN, event -> {}).build();
  private final ServiceAccounts other = ServiceAccounts.using(quiet);
  private final ShortLivedCredentials credentials = demo.listening(ADMIN, this::onEvent).build();
  private final ServiceAccounts accounts = ServiceAccounts.using(credentials);
  private Runnable betweenAttempts = () -> {};

  @AfterEach
  void close() {
    accounts.close();
    credentials.close();
    other.close();
    quiet.close();
    demo.close();
  }

  private void onEvent(CredentialEvent event) {
    if (event instanceof CredentialEvent.Retried) {
      Runnable lost = betweenAttempts;
      betweenAttempts = () -> {};
      lost.run();
    }
  }

  private void failOnce(String method, Code code) {
    demo.emulator().faults().on(method).times(1).fail(code);
  }

  private long calls(String method) {
    return demo.emulator().calls().stream()
        .map(EmulatorCall::method)
        .filter(method::equals)
        .count();
  }

  @Test
  void create_responseLost_returnsTheAccountOfTheFirstAttempt() {
    failOnce("createServiceAccount", Code.UNAVAILABLE);
    betweenAttempts = () -> other.create(PROJECT, "deployer");

    ServiceAccountInfo created = accounts.create(PROJECT, "deployer");

    assertThat(created).isEqualTo(other.get(created.account()));
    assertThat(calls("createServiceAccount")).isEqualTo(3);
  }

  @Test
  void create_responseLostAndAccountUnreadableForAWhile_returnsItOnceItIsReadable() {
    failOnce("createServiceAccount", Code.UNAVAILABLE);
    demo.emulator().faults().on("getServiceAccount").times(3).fail(Code.NOT_FOUND);
    betweenAttempts = () -> other.create(PROJECT, "deployer");

    assertThat(accounts.create(PROJECT, "deployer").projectId()).isEqualTo(PROJECT);
    assertThat(calls("getServiceAccount")).isEqualTo(4);
  }

  @Test
  void create_conflictWithAnotherWrite_isRepeated() {
    failOnce("createServiceAccount", Code.ABORTED);
    assertThat(accounts.create(PROJECT, "deployer").uniqueId()).isNotEmpty();
  }

  @Test
  void delete_responseLost_isDone() {
    failOnce("deleteServiceAccount", Code.UNAVAILABLE);
    betweenAttempts = () -> other.delete(TARGET);

    accounts.delete(TARGET);

    assertThat(calls("deleteServiceAccount")).isEqualTo(3);
    assertThatThrownBy(() -> other.get(TARGET)).isInstanceOf(NotFound.class);
  }

  @Test
  void delete_byUniqueIdAndResponseLost_isDone() {
    ServiceAccount byUniqueId = ServiceAccount.of(other.get(TARGET).uniqueId());
    failOnce("deleteServiceAccount", Code.UNAVAILABLE);
    betweenAttempts = () -> other.delete(TARGET);

    accounts.delete(byUniqueId);

    assertThatThrownBy(() -> other.get(TARGET)).isInstanceOf(NotFound.class);
  }

  /** The first attempt was certainly not applied, so another caller deleted the account. */
  @Test
  void delete_afterARefusedAttempt_reportsThatTheAccountIsUnknown() {
    failOnce("deleteServiceAccount", Code.ABORTED);
    betweenAttempts = () -> other.delete(TARGET);

    assertThatThrownBy(() -> accounts.delete(TARGET)).isInstanceOf(NotFound.class);
  }

  @Test
  void undelete_responseLost_returnsTheAccount() {
    ServiceAccountInfo before = other.get(TARGET);
    ServiceAccount byUniqueId = ServiceAccount.of(before.uniqueId());
    other.delete(TARGET);
    failOnce("undeleteServiceAccount", Code.UNAVAILABLE);
    betweenAttempts = () -> other.undelete(byUniqueId);

    assertThat(accounts.undelete(byUniqueId)).isEqualTo(before);
    assertThat(calls("undeleteServiceAccount")).isEqualTo(3);
  }

  @Test
  void undelete_responseLostAndAccountUnreadableForAWhile_returnsItOnceItIsReadable() {
    ServiceAccountInfo before = other.get(TARGET);
    ServiceAccount byUniqueId = ServiceAccount.of(before.uniqueId());
    other.delete(TARGET);
    long reads = calls("getServiceAccount");
    failOnce("undeleteServiceAccount", Code.UNAVAILABLE);
    demo.emulator().faults().on("getServiceAccount").times(3).fail(Code.NOT_FOUND);
    betweenAttempts = () -> other.undelete(byUniqueId);

    assertThat(accounts.undelete(byUniqueId)).isEqualTo(before);
    assertThat(calls("getServiceAccount") - reads).isEqualTo(4);
  }

  /** A policy denies a call for a unique ID that it does not know yet. */
  @Test
  void undelete_responseLostAndAccountUnknownToPolicies_isRepeated() {
    ServiceAccountInfo before = other.get(TARGET);
    other.delete(TARGET);
    failOnce("undeleteServiceAccount", Code.UNAVAILABLE);
    betweenAttempts = () -> failOnce("undeleteServiceAccount", Code.ALREADY_EXISTS);

    assertThat(accounts.undelete(ServiceAccount.of(before.uniqueId()))).isEqualTo(before);
    assertThat(calls("undeleteServiceAccount")).isEqualTo(3);
  }

  /** The first attempt was certainly not applied, so an unreadable account is no reason to wait. */
  @Test
  void undelete_afterARefusedAttempt_reportsTheRefusal() {
    ServiceAccount byUniqueId = ServiceAccount.of(other.get(TARGET).uniqueId());
    other.delete(TARGET);
    long reads = calls("getServiceAccount");
    failOnce("undeleteServiceAccount", Code.ABORTED);
    demo.emulator().faults().on("getServiceAccount").fail(Code.NOT_FOUND);
    betweenAttempts = () -> other.undelete(byUniqueId);

    assertThatThrownBy(() -> accounts.undelete(byUniqueId))
        .hasMessageContaining("An account can be undeleted for 30 days");
    assertThat(calls("getServiceAccount") - reads).isEqualTo(1);
  }

  @Test
  void disableAndEnable_conflictWithAnotherWrite_areRepeated() {
    failOnce("disableServiceAccount", Code.ABORTED);
    failOnce("enableServiceAccount", Code.ABORTED);
    accounts.disable(TARGET);
    assertThat(accounts.get(TARGET).disabled()).isTrue();
    accounts.enable(TARGET);
    assertThat(accounts.get(TARGET).disabled()).isFalse();
  }
}
