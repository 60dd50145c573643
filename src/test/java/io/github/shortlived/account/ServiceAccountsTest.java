package io.github.shortlived.account;

import static io.github.shortlived.DemoProject.ADMIN;
import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.Code;
import io.github.shortlived.DemoProject;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.Conflict;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.EmulatorBuilder;
import io.github.shortlived.testing.IamEmulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServiceAccountsTest {
  private static final NewServiceAccount DEPLOYER =
      NewServiceAccount.of(PROJECT, "deployer")
          .withDisplayName("Deployer")
          .withDescription("Deploys the shop");
  private static final ServiceAccount UNKNOWN =
      ServiceAccount.of("unknown@demo-project.iam.gserviceaccount.com");

  private final DemoProject demo = new DemoProject();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final ServiceAccounts accounts = as(ADMIN, RetryPolicy.standard());

  private ServiceAccounts as(Member caller, RetryPolicy retries) {
    ShortLivedCredentials credentials =
        demo.listening(caller, event -> {}).retryPolicy(retries).build();
    open.add(credentials);
    ServiceAccounts client = ServiceAccounts.using(credentials);
    open.add(client);
    return client;
  }

  /** Returns a client of a caller without permissions. */
  private ServiceAccounts powerless() {
    return as(Member.of(CALLER), RetryPolicy.none());
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    demo.close();
  }

  private long calls() {
    return demo.emulator().calls().size();
  }

  @Test
  void create_newAccount_returnsItAsItIsRead() {
    ServiceAccountInfo created = accounts.create(DEPLOYER);

    assertThat(created.account()).isEqualTo(DEPLOYER.account());
    assertThat(created.uniqueId()).matches("[0-9]{21}");
    assertThat(created.projectId()).isEqualTo(PROJECT);
    assertThat(created.displayName()).isEqualTo("Deployer");
    assertThat(created.description()).isEqualTo("Deploys the shop");
    assertThat(created.disabled()).isFalse();
    assertThat(accounts.get(DEPLOYER.account())).isEqualTo(created);
    assertThat(accounts.get(ServiceAccount.of(created.uniqueId()))).isEqualTo(created);
    assertThat(created)
        .hasToString("%s (%s, \"Deployer\")".formatted(DEPLOYER.account(), created.uniqueId()));
  }

  @Test
  void create_existingAccount_returnsItUnchanged() {
    ServiceAccountInfo created = accounts.create(DEPLOYER);
    accounts.disable(created.account());

    ServiceAccountInfo existing = accounts.create(PROJECT, "deployer");

    assertThat(existing.uniqueId()).isEqualTo(created.uniqueId());
    assertThat(existing.displayName()).isEqualTo("Deployer");
    assertThat(existing.disabled()).isTrue();
    assertThat(existing.toString()).endsWith("\"Deployer\", disabled)");
  }

  @Test
  void create_afterADeletion_returnsAnotherAccount() {
    ServiceAccountInfo first = accounts.create(DEPLOYER);
    accounts.delete(first.account());

    assertThat(accounts.create(DEPLOYER).uniqueId()).isNotEqualTo(first.uniqueId());
  }

  @Test
  void create_withoutPermission_isRefusedWithTheRoleInTheProject() {
    assertThatThrownBy(() -> powerless().create(DEPLOYER))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageStartingWith("Creating " + DEPLOYER.account() + " refused: ")
        .hasMessageContaining("iam.serviceAccounts.create")
        .hasMessageContaining("gcloud projects add-iam-policy-binding demo-project")
        .hasMessageContaining("--role=roles/iam.serviceAccountCreator");
    assertThat(accounts.list(PROJECT))
        .extracting(ServiceAccountInfo::account)
        .doesNotContain(DEPLOYER.account());
  }

  @Test
  void create_idTakenByAnUnreadableAccount_isAConflictThatSaysWhatToDo() {
    accounts.create(DEPLOYER);
    demo.emulator().faults().on("getServiceAccount").fail(Code.NOT_FOUND);

    assertThatThrownBy(() -> as(ADMIN, RetryPolicy.none()).create(DEPLOYER))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("already exists within project")
        .hasMessageContaining("it was created or deleted a short time ago")
        .hasMessageContaining("undelete");
  }

  @Test
  void get_unknownEmailAddress_isNotFound() {
    assertThatThrownBy(() -> accounts.get(UNKNOWN))
        .isInstanceOf(NotFound.class)
        .hasMessageStartingWith("Reading " + UNKNOWN + " failed: ");
  }

  @Test
  void get_unknownUniqueId_isDenied() {
    assertThatThrownBy(() -> accounts.get(ServiceAccount.of("999999999999")))
        .isInstanceOf(PermissionDenied.class);
  }

  @Test
  void get_withoutPermission_isRefusedWithTheGrant() {
    assertThatThrownBy(() -> powerless().get(TARGET))
        .isInstanceOf(PermissionDenied.class)
        .extracting(
            e -> ((PermissionDenied) e).requiredGrants(),
            InstanceOfAssertFactories.list(RequiredGrant.class))
        .extracting(RequiredGrant::role)
        .containsExactly("roles/iam.serviceAccountViewer");
  }

  @Test
  void list_250Accounts_returnsThePagesInOrder() {
    EmulatorBuilder world =
        IamEmulator.builder().projectBinding(PROJECT, "roles/owner", ADMIN.id());
    List<String> emails =
        IntStream.range(0, 250)
            .mapToObj("account-%03d@demo-project.iam.gserviceaccount.com"::formatted)
            .toList();
    emails.forEach(world::serviceAccount);
    try (IamEmulator large = world.start();
        ShortLivedCredentials admin = large.credentialsFor(ADMIN);
        ServiceAccounts client = ServiceAccounts.using(admin)) {
      assertThat(client.list(PROJECT))
          .extracting(info -> info.account().id())
          .containsExactlyElementsOf(emails);
      assertThat(large.calls()).hasSize(3);
    }
  }

  @Test
  void list_withoutPermission_isRefusedWithTheRoleInTheProject() {
    assertThatThrownBy(() -> powerless().list(PROJECT))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("gcloud projects add-iam-policy-binding demo-project")
        .hasMessageContaining("--role=roles/iam.serviceAccountViewer");
  }

  @Test
  void list_notAProject_isRefusedBeforeAnyCall() {
    long before = calls();
    assertThatThrownBy(() -> accounts.list("projects/demo-project"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid project 'projects/demo-project'");
    assertThat(calls()).isEqualTo(before);
  }

  @Test
  void disable_andEnable_decideWhetherCredentialsAreIssued() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).on(TARGET));
    try (ShortLivedCredentials caller = demo.caller(false)) {
      AccessTokenRequest request = AccessTokenRequest.of(TARGET, CLOUD_PLATFORM).fresh();
      accounts.disable(TARGET);
      accounts.disable(TARGET);
      assertThat(accounts.get(TARGET).disabled()).isTrue();
      assertThatThrownBy(() -> caller.issue(request)).isInstanceOf(InvalidRequest.class);

      accounts.enable(TARGET);
      accounts.enable(TARGET);
      assertThat(accounts.get(TARGET).disabled()).isFalse();
      assertThat(caller.issue(request).token()).isNotEmpty();
    }
  }

  @Test
  void writes_withoutPermission_areRefusedWithTheGrant() {
    ServiceAccounts powerless = powerless();
    List<ThrowingCallable> writes =
        List.of(
            () -> powerless.disable(TARGET),
            () -> powerless.enable(TARGET),
            () -> powerless.delete(TARGET));
    for (ThrowingCallable write : writes) {
      assertThatThrownBy(write)
          .isInstanceOf(PermissionDenied.class)
          .hasMessageContaining("add-iam-policy-binding " + TARGET)
          .hasMessageContaining("--role=roles/iam.serviceAccountAdmin");
    }
    assertThat(accounts.get(TARGET).disabled()).isFalse();
  }

  @Test
  void delete_account_canBeUndeletedWithItsGrants() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).on(TARGET));
    ServiceAccountInfo before = accounts.get(TARGET);
    ServiceAccount byUniqueId = ServiceAccount.of(before.uniqueId());

    accounts.delete(TARGET);
    assertThatThrownBy(() -> accounts.get(TARGET)).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> accounts.delete(TARGET)).isInstanceOf(NotFound.class);

    assertThat(accounts.undelete(byUniqueId)).isEqualTo(before);
    assertThat(accounts.undelete(byUniqueId)).isEqualTo(before);
    try (ShortLivedCredentials caller = demo.caller(false)) {
      assertThat(caller.accessToken(TARGET, CLOUD_PLATFORM).token()).isNotEmpty();
    }
  }

  @Test
  void undelete_emailAddress_isRefusedBeforeAnyCall() {
    long before = calls();
    assertThatThrownBy(() -> accounts.undelete(TARGET))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid account '" + TARGET + "': ")
        .hasMessageContaining("Pass ServiceAccount.of(UNIQUE_ID)");
    assertThat(calls()).isEqualTo(before);
  }

  @Test
  void undelete_anotherAccountHasItsEmailAddress_isAConflictThatSaysWhatToDo() {
    ServiceAccount first = ServiceAccount.of(accounts.create(DEPLOYER).uniqueId());
    accounts.delete(DEPLOYER.account());
    accounts.create(DEPLOYER);

    assertThatThrownBy(() -> accounts.undelete(first))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining(
            "If another account has its email address now, use that one, or" + " delete it first.");

    accounts.delete(DEPLOYER.account());
    assertThat(accounts.undelete(first).uniqueId()).isEqualTo(first.id());
  }

  @Test
  void undelete_after30Days_isDeniedAndSaysTheRule() {
    ServiceAccount first = ServiceAccount.of(accounts.create(DEPLOYER).uniqueId());
    accounts.delete(DEPLOYER.account());
    demo.emulator().clock().advance(Duration.ofDays(30));

    assertThatThrownBy(() -> as(ADMIN, RetryPolicy.none()).undelete(first))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("An account can be undeleted for 30 days")
        .hasMessageContaining("--role=roles/iam.serviceAccountAdmin");
  }

  @Test
  void anyCall_threadInterrupted_throwsAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> accounts.create(DEPLOYER)).isInstanceOf(CredentialException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertThatThrownBy(() -> accounts.get(DEPLOYER.account())).isInstanceOf(NotFound.class);
  }

  @Test
  void anyCall_slowService_endsAtTheTotalTimeout() {
    demo.emulator().faults().on("createServiceAccount").delay(Duration.ofSeconds(2));
    RetryPolicy brief = RetryPolicy.none().withTotalTimeout(Duration.ofMillis(1));
    assertThatThrownBy(() -> as(ADMIN, brief).create(DEPLOYER)).isInstanceOf(Unavailable.class);
  }

  @Test
  void anyCall_afterClose_throwsIllegalState() {
    accounts.close();
    List<ThrowingCallable> calls =
        List.of(
            () -> accounts.create(DEPLOYER),
            () -> accounts.get(TARGET),
            () -> accounts.list(PROJECT),
            () -> accounts.disable(TARGET),
            () -> accounts.enable(TARGET),
            () -> accounts.delete(TARGET),
            () -> accounts.undelete(ServiceAccount.of("123456")),
            () -> accounts.awaitUsable(TARGET));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("These ServiceAccounts are closed");
    }
  }
}
