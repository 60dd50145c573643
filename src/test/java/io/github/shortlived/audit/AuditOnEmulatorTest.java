package io.github.shortlived.audit;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.DemoProject;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.audit.AccessPaths.NotExamined;
import io.github.shortlived.audit.AccessPaths.Path;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.TokenPermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the reports of an audit with the behavior of the service. */
class AuditOnEmulatorTest {
  private static final List<ServiceAccount> ACCOUNTS =
      List.of(CALLER, DELEGATE_1, DELEGATE_2, TARGET);

  private final DemoProject demo = new DemoProject();

  @AfterEach
  void close() {
    demo.close();
  }

  /** Tries each target, chain and type of credential. */
  @ParameterizedTest
  @MethodSource("accounts")
  void findAccessPaths_allChains_issueWhatTheAuditReportsAndNothingElse(ServiceAccount caller) {
    grant(CrossAccountGrant.TOKEN_CREATOR, CALLER, DELEGATE_1);
    grant(CrossAccountGrant.TOKEN_CREATOR, DELEGATE_1, DELEGATE_2);
    grant(CrossAccountGrant.TOKEN_CREATOR, DELEGATE_2, DELEGATE_1);
    grant(CrossAccountGrant.OPEN_ID_TOKEN_CREATOR, CALLER, DELEGATE_2);
    grant(CrossAccountGrant.WORKLOAD_IDENTITY_USER, DELEGATE_1, TARGET);
    grant(CrossAccountGrant.TOKEN_CREATOR, DELEGATE_2, TARGET);
    grant("roles/iam.serviceAccountAdmin", CALLER, TARGET);
    grant("roles/iam.serviceAccountUser", TARGET, CALLER);
    try (ShortLivedCredentials credentials = demo.emulator().credentialsFor(caller)) {
      for (ServiceAccount target : others(caller)) {
        AccessPaths paths = demo.audit().findAccessPaths(Member.of(caller), target, ACCOUNTS);
        for (Target every : everyPath(caller, target)) {
          assertThat(issued(credentials, every))
              .as("%s for %s", every, caller)
              .isEqualTo(reported(paths, every));
        }
        assertThat(everyPath(caller, target))
            .containsAll(paths.paths().stream().map(Path::target).toList());
      }
    }
  }

  @Test
  void findAccessPaths_chain_isFoundWithItsExpiry() {
    demo.grants()
        .apply(CrossAccountGrant.tokenCreator(CALLER).along(CHAIN).expiringIn(Duration.ofHours(1)));
    AccessPaths before = audit();
    assertThat(before.paths()).extracting(Path::target).containsExactly(CHAIN);
    assertThat(before.paths().get(0).expiry(TokenPermission.SIGN_JWT))
        .hasValueSatisfying(end -> assertThat(end).isAfter(before.at()));

    demo.emulator().clock().advance(Duration.ofHours(1));

    assertThat(audit().paths()).isEmpty();
    try (ShortLivedCredentials caller = demo.emulator().credentialsFor(CALLER)) {
      assertThatThrownBy(() -> caller.accessToken(CHAIN, CLOUD_PLATFORM))
          .isInstanceOf(PermissionDenied.class);
    }
  }

  @Test
  void audit_expiredGrant_isReportedAsExpired() {
    demo.grants()
        .apply(CrossAccountGrant.tokenCreator(CALLER).on(TARGET).expiringIn(Duration.ofMinutes(5)));
    assertThat(demo.audit().audit(TARGET).allowing(TokenPermission.SIGN_BLOB)).hasSize(1);

    demo.emulator().clock().advance(Duration.ofMinutes(5));

    assertThat(demo.audit().audit(TARGET).allowing(TokenPermission.SIGN_BLOB)).isEmpty();
    assertThat(demo.audit().audit(TARGET).entries()).hasSize(1);
  }

  @Test
  void findAccessPaths_withoutPermissionOnADelegate_reportsTheGrantAndFindsTheRest() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).along(CHAIN));
    demo.grants()
        .apply(
            CrossAccountGrant.tokenCreator(CALLER)
                .along(DelegationChain.through(DELEGATE_1).to(TARGET)));
    grant("roles/iam.serviceAccountAdmin", CALLER, TARGET);
    grant("roles/iam.serviceAccountAdmin", CALLER, DELEGATE_1);

    AccessPaths paths;
    try (ShortLivedCredentials caller = demo.emulator().credentialsFor(CALLER);
        AccessAudit audit = AccessAudit.using(caller)) {
      paths = audit.findAccessPaths(Member.of(CALLER), TARGET, ACCOUNTS);
      assertThatThrownBy(() -> audit.findAccessPaths(Member.of(CALLER), DELEGATE_2, ACCOUNTS))
          .isInstanceOf(PermissionDenied.class);
    }

    assertThat(paths.paths())
        .extracting(Path::target)
        .containsExactly(DelegationChain.through(DELEGATE_1).to(TARGET));
    assertThat(paths.notExamined()).extracting(NotExamined::account).containsExactly(DELEGATE_2);
    assertThat(paths.notExamined().get(0).reason())
        .contains("iam.serviceAccounts.getIamPolicy", "roles/iam.serviceAccountViewer");
  }

  @Test
  void findAccessPaths_deletedAccount_isReported() {
    ServiceAccount gone = ServiceAccount.of("gone@demo-project.iam.gserviceaccount.com");
    demo.grants().apply(CrossAccountGrant.tokenCreator(Member.allUsers()).on(TARGET));

    AccessPaths paths =
        demo.audit()
            .findAccessPaths(Member.of(CALLER), TARGET, List.of(gone, DELEGATE_1, DELEGATE_2));

    assertThat(paths.paths()).extracting(Path::target).containsExactly(TARGET);
    assertThat(paths.notExamined()).extracting(NotExamined::account).containsExactly(gone);
  }

  @Test
  void findAccessPaths_bindingOfTheProject_appliesAndIsNotShown() {
    demo.emulator()
        .addProjectBinding(PROJECT, CrossAccountGrant.TOKEN_CREATOR, Member.of(CALLER).id());

    assertThat(audit().paths()).isEmpty();
    assertThat(audit().toString()).endsWith(AccountAccess.NOT_SHOWN);
    try (ShortLivedCredentials caller = demo.emulator().credentialsFor(CALLER)) {
      assertThat(caller.accessToken(TARGET, CLOUD_PLATFORM)).isNotNull();
    }
  }

  @Test
  void audit_writesNothing() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).along(CHAIN));
    long before = writes();

    audit();
    demo.audit().audit(TARGET);

    assertThat(before).isEqualTo(CHAIN.accounts().size());
    assertThat(writes()).isEqualTo(before);
  }

  static Stream<ServiceAccount> accounts() {
    return ACCOUNTS.stream();
  }

  private AccessPaths audit() {
    return demo.audit().findAccessPaths(Member.of(CALLER), TARGET, ACCOUNTS);
  }

  private long writes() {
    return demo.emulator().calls().stream()
        .filter(call -> call.method().equals("setIamPolicy"))
        .count();
  }

  private void grant(String role, ServiceAccount member, ServiceAccount on) {
    demo.grants().apply(new CrossAccountGrant(List.of(new Binding(on, role, Member.of(member)))));
  }

  private static List<ServiceAccount> others(ServiceAccount... without) {
    return ACCOUNTS.stream().filter(Predicate.not(List.of(without)::contains)).toList();
  }

  private static List<Target> everyPath(ServiceAccount caller, ServiceAccount target) {
    List<Target> paths = new ArrayList<>(List.of(target));
    for (ServiceAccount first : others(caller, target)) {
      paths.add(DelegationChain.through(first).to(target));
      for (ServiceAccount second : others(caller, target, first)) {
        paths.add(DelegationChain.through(first, second).to(target));
      }
    }
    return paths;
  }

  private static Set<TokenPermission> reported(AccessPaths paths, Target target) {
    return paths.paths().stream()
        .filter(path -> path.target().equals(target))
        .findFirst()
        .map(Path::issues)
        .orElse(Set.of());
  }

  private static Set<TokenPermission> issued(ShortLivedCredentials caller, Target target) {
    Set<TokenPermission> issued = EnumSet.noneOf(TokenPermission.class);
    for (TokenPermission permission : TokenPermission.values()) {
      try {
        if (permission.issuesCredentials()) {
          issue(caller, target, permission);
          issued.add(permission);
        }
      } catch (PermissionDenied refused) {
        assertThat(refused.permission()).isPresent();
      }
    }
    return issued;
  }

  private static void issue(
      ShortLivedCredentials caller, Target target, TokenPermission permission) {
    switch (permission) {
      case ACCESS_TOKEN -> caller.accessToken(target, CLOUD_PLATFORM);
      case ID_TOKEN -> caller.idToken(target, "orders");
      case SIGN_JWT -> caller.signJwt(target, JwtClaims.expiringIn(Duration.ofMinutes(1)));
      case SIGN_BLOB -> caller.signBlob(target, new byte[1]);
      case IMPLICIT_DELEGATION -> throw new AssertionError("Issues nothing");
    }
  }
}
