package io.github.shortlived.audit;

import static io.github.shortlived.audit.WrittenPolicies.NOW;
import static io.github.shortlived.audit.WrittenPolicies.account;
import static io.github.shortlived.audit.WrittenPolicies.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.audit.AccessPaths.NotExamined;
import io.github.shortlived.audit.AccessPaths.Path;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.TokenPermission;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessPathsTest {
  private static final String CREATOR = CrossAccountGrant.TOKEN_CREATOR;
  private static final String OPEN_ID = CrossAccountGrant.OPEN_ID_TOKEN_CREATOR;
  private static final String CUSTOM = "projects/p/roles/minter";
  private static final Member CALLER = member("caller");
  private static final Member TEAM = Member.of("group:team@example.com");
  private static final Member POOL =
      Member.of(
          "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/*");
  private static final Condition OFFICE = Condition.of("office", "request.host == 'office'");
  private static final Instant LATER = NOW.plusSeconds(3_600);
  private static final Condition UNTIL_LATER = Condition.until(LATER);
  private static final Condition UNTIL_NOW = Condition.until(NOW);

  private final WrittenPolicies policies = new WrittenPolicies();

  @Test
  void find_direct_isTheTargetWithAllItsCredentials() {
    policies.creators("t", "caller");

    Path path = onlyPath(policies.find());

    assertThat(path.target()).isEqualTo(account("t"));
    assertThat(path.issues())
        .containsExactly(
            TokenPermission.ACCESS_TOKEN,
            TokenPermission.ID_TOKEN,
            TokenPermission.SIGN_JWT,
            TokenPermission.SIGN_BLOB);
  }

  @Test
  void find_chain_isTheChainWithTheBindingOfEachAccount() {
    policies.creators("t", "b").creators("b", "a").creators("a", "caller");

    Path path = onlyPath(policies.find("a", "b"));

    assertThat(path.target())
        .isEqualTo(DelegationChain.through(account("a"), account("b")).to(account("t")));
    assertThat(path.accounts())
        .flatExtracting(each -> each.bindings().stream().map(AccountAccess.Entry::binding).toList())
        .containsExactly(
            new Binding(account("a"), CREATOR, CALLER),
            new Binding(account("b"), CREATOR, member("a")),
            new Binding(account("t"), CREATOR, member("b")));
  }

  @Test
  void find_reverseDirection_isNone() {
    policies.creators("caller", "a").creators("a", "t");

    assertThat(policies.find("a").paths()).isEmpty();
  }

  @Test
  void find_diamondAndDirect_areAllShortestFirst() {
    policies.creators("t", "b", "a", "caller").creators("a", "caller").creators("b", "caller");

    assertThat(targets(policies.find("b", "a")))
        .containsExactly(
            account("t"),
            DelegationChain.through(account("a")).to(account("t")),
            DelegationChain.through(account("b")).to(account("t")));
  }

  @Test
  void find_cycles_arePassedOnce() {
    policies.creators("t", "b", "t").creators("b", "a", "b", "t").creators("a", "caller", "b", "a");

    assertThat(targets(policies.find("a", "b", "t", "caller")))
        .containsExactly(DelegationChain.through(account("a"), account("b")).to(account("t")));
  }

  @Test
  void find_accountThatWasNotPassed_isNotOnAPath() {
    policies.creators("t", "a").creators("a", "caller");

    assertThat(policies.find().paths()).isEmpty();
    assertThat(policies.find("a").paths()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "roles/iam.serviceAccountTokenCreator, true",
    "roles/iam.serviceAccountOpenIdTokenCreator, false",
    "roles/iam.workloadIdentityUser, false",
    "roles/iam.serviceAccountUser, false",
    "roles/iam.serviceAccountAdmin, false"
  })
  void find_roleOnADelegate_allowsOnlyIfItDelegates(String role, boolean allowed) {
    policies.creators("t", "a").bind("a", role, CALLER, null);

    AccessPaths paths = policies.find("a");

    assertThat(paths.paths()).hasSize(allowed ? 1 : 0);
    assertThat(paths.undecided()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "roles/iam.serviceAccountOpenIdTokenCreator, 1",
    "roles/iam.workloadIdentityUser, 2",
    "roles/iam.serviceAccountTokenCreator, 4"
  })
  void find_roleOnTheTarget_issuesWhatItAllows(String role, int permissions) {
    policies.bind("t", role, CALLER, null);

    assertThat(onlyPath(policies.find()).issues()).hasSize(permissions);
  }

  @ParameterizedTest
  @ValueSource(strings = {"roles/iam.serviceAccountUser", "roles/iam.serviceAccountAdmin"})
  void find_roleOnTheTargetWithoutTokens_isNoPath(String role) {
    policies.bind("t", role, CALLER, null);

    assertThat(policies.find().paths()).isEmpty();
  }

  @Test
  void find_unknownRole_isUndecidedForTheAccountsOfTheAuditOnly() {
    policies
        .bind("t", CUSTOM, CALLER, null)
        .bind("t", CUSTOM, member("a"), null)
        .bind("t", CUSTOM, member("stranger"), null)
        .bind("t", CUSTOM, TEAM, null);

    AccessPaths paths = policies.find("a");

    assertThat(paths.paths()).isEmpty();
    assertThat(paths.undecided())
        .extracting(Binding::member)
        .containsExactly(CALLER, member("a"), TEAM);
  }

  @Test
  void find_groupsAndSets_areUndecidedIfTheirRoleAllows() {
    policies
        .creators("t", "a")
        .bind("t", OPEN_ID, TEAM, null)
        .bind("t", "roles/iam.serviceAccountUser", TEAM, null)
        .bind("t", CREATOR, TEAM, UNTIL_NOW)
        .bind("a", OPEN_ID, TEAM, null)
        .bind("a", CREATOR, POOL, null);

    AccessPaths paths = policies.find("a");

    assertThat(paths.paths()).isEmpty();
    assertThat(paths.undecided())
        .containsExactly(
            new Binding(account("t"), OPEN_ID, TEAM), new Binding(account("a"), CREATOR, POOL));
  }

  @Test
  void find_forAGroupItself_areItsOwn() {
    policies.bind("t", CREATOR, TEAM, null);

    AccessPaths paths = policies.find(TEAM);

    assertThat(paths.paths()).hasSize(1);
    assertThat(paths.undecided()).isEmpty();
  }

  @Test
  void find_expiredGrant_isNoPath() {
    policies.creators("t", "a").bind("a", CREATOR, CALLER, UNTIL_NOW);

    assertThat(policies.find("a").paths()).isEmpty();
  }

  @Test
  void find_grantWithExpiry_isAPathWithExpiry() {
    policies.creators("t", "a").bind("a", CREATOR, CALLER, UNTIL_LATER);

    Path path = onlyPath(policies.find("a"));

    assertThat(path.expiry(TokenPermission.SIGN_BLOB)).contains(LATER);
    assertThat(path.conditional(TokenPermission.SIGN_BLOB)).isFalse();
  }

  @Test
  void find_severalExpiries_expireWithTheFirstAccount() {
    policies
        .bind("t", CREATOR, member("a"), Condition.until(LATER.plusSeconds(9)))
        .bind("a", CREATOR, CALLER, UNTIL_LATER)
        .bind("a", CREATOR, CALLER, Condition.until(LATER.plusSeconds(3)));

    assertThat(onlyPath(policies.find("a")).expiry(TokenPermission.ACCESS_TOKEN))
        .contains(LATER.plusSeconds(3));
  }

  @Test
  void find_bindingsWithAndWithoutExpiry_haveNoExpiry() {
    policies.bind("t", CREATOR, CALLER, UNTIL_LATER).creators("t", "caller");

    assertThat(onlyPath(policies.find()).expiry(TokenPermission.ACCESS_TOKEN)).isEmpty();
  }

  @Test
  void find_bindingsOfSeveralRoles_expirePerPermission() {
    policies.bind("t", CREATOR, CALLER, UNTIL_LATER).bind("t", OPEN_ID, CALLER, OFFICE);

    Path path = onlyPath(policies.find());

    assertThat(path.expiry(TokenPermission.ACCESS_TOKEN)).contains(LATER);
    assertThat(path.expiry(TokenPermission.ID_TOKEN)).isEmpty();
    assertThat(path.conditional(TokenPermission.ACCESS_TOKEN)).isFalse();
  }

  @Test
  void find_conditionalGrant_isAConditionalPath() {
    policies.creators("t", "a").bind("a", CREATOR, CALLER, OFFICE.withExpiry(LATER));

    Path path = onlyPath(policies.find("a"));

    assertThat(path.conditional(TokenPermission.ACCESS_TOKEN)).isTrue();
    assertThat(path.expiry(TokenPermission.ACCESS_TOKEN)).contains(LATER);
  }

  @Test
  void expiry_permissionThatThePathDoesNotIssue_refused() {
    policies.bind("t", OPEN_ID, CALLER, null);
    Path path = onlyPath(policies.find());

    assertThatThrownBy(() -> path.expiry(TokenPermission.SIGN_JWT))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid permission 'SIGN_JWT': this path issues nothing by it. Use one of"
                + " [ID_TOKEN].");
  }

  @ParameterizedTest
  @CsvSource({
    "user:me@example.com, user:ME@example.com, true",
    "user:me@example.com, domain:Example.com, true",
    "user:me@example.com, domain:ample.com, false",
    "user:me@example.com, user:you@example.com, false",
    "user:me@example.com, serviceAccount:me@example.com, false",
    "user:me@example.com, allUsers, true",
    "user:me@example.com, allAuthenticatedUsers, true",
    "user:me@example.com, deleted:user:me@example.com?uid=1, false",
    "serviceAccount:a@p.iam.gserviceaccount.com, allAuthenticatedUsers, true",
    "serviceAccount:a@p.iam.gserviceaccount.com, domain:p.iam.gserviceaccount.com, false",
    "serviceAccount:p.svc.id.goog[ns/ksa], serviceAccount:p.svc.id.goog[ns/ksa], true",
    "serviceAccount:p.svc.id.goog[ns/ksa], allAuthenticatedUsers, false",
    "principal://pool.id.goog/me, principal://pool.id.goog/me, true",
    "principal://pool.id.goog/me, principal://pool.id.goog/ME, false",
    "principal://pool.id.goog/me, principalSet://pool.id.goog/*, false",
    "principal://pool.id.goog/me, allAuthenticatedUsers, false",
    "principal://pool.id.goog/me, allUsers, true"
  })
  void find_memberOfAPolicy_allowsThePrincipalsItIncludes(
      String caller, String bound, boolean allowed) {
    policies.bind("t", CREATOR, Member.inPolicy(bound), null);

    assertThat(policies.find(Member.of(caller)).paths()).hasSize(allowed ? 1 : 0);
  }

  @Test
  void find_forEveryone_hasTheBindingsOfEveryoneOnly() {
    policies.bind("t", CREATOR, Member.allUsers(), null).creators("t", "caller");

    assertThat(onlyPath(policies.find(Member.allUsers())).accounts().get(0).bindings()).hasSize(1);
  }

  @Test
  void find_deletedCaller_refused() {
    Member deleted = Member.inPolicy("deleted:user:me@example.com?uid=1");

    assertThatThrownBy(() -> policies.find(deleted)).isInstanceOf(InvalidRequest.class);
    assertThat(policies.read).isEmpty();
  }

  @Test
  void find_policies_areReadOnceAndOnlyBackwardsFromTheTarget() {
    policies.creators("t", "a", "b").creators("a", "b").creators("b", "a").creators("x", "caller");

    policies.find("a", "b", "x", "a", "t");

    assertThat(policies.read).containsExactly(account("t"), account("a"), account("b"));
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404})
  void find_unreadableAccount_isReportedAndOtherPathsAreFound(int status) {
    policies.creators("t", "a", "b").creators("b", "caller").refuse("a", status);

    AccessPaths paths = policies.find("a", "b");

    assertThat(targets(paths))
        .containsExactly(DelegationChain.through(account("b")).to(account("t")));
    assertThat(paths.notExamined()).extracting(NotExamined::account).containsExactly(account("a"));
    assertThat(paths.notExamined().get(0).reason())
        .startsWith("Reading the policy of " + account("a"));
  }

  @Test
  void find_unavailableAccount_fails() {
    policies.creators("t", "a").refuse("a", 503);

    assertThatThrownBy(() -> policies.find("a")).isInstanceOf(Unavailable.class);
  }

  @Test
  void find_unreadableTarget_fails() {
    assertThatThrownBy(() -> policies.refuse("t", 403).find("a"))
        .isInstanceOf(PermissionDenied.class);
    assertThatThrownBy(() -> policies.refuse("t", 404).find("a")).isInstanceOf(NotFound.class);
  }

  @Test
  void find_delegateByUniqueId_isReportedAndNotRead() {
    ServiceAccount byId = ServiceAccount.of("103456789012345678901");
    policies.creators("t", "caller");

    AccessPaths paths =
        new PathAudit(policies::access, CALLER, account("t"), List.of(byId)).run(NOW);

    assertThat(paths.paths()).hasSize(1);
    assertThat(paths.notExamined()).extracting(NotExamined::account).containsExactly(byId);
    assertThat(policies.read).containsExactly(account("t"));
  }

  @Test
  void find_hundredPaths_areAllAndOneMoreIsTruncated() {
    String[] delegates = IntStream.range(0, 100).mapToObj(i -> "h" + i).toArray(String[]::new);
    policies.creators("t", delegates);
    IntStream.range(0, 100).forEach(i -> policies.creators("h" + i, "caller"));
    assertThat(policies.find(delegates).paths()).hasSize(100);
    assertThat(policies.find(delegates).truncated()).isFalse();

    policies.creators("t", "caller");

    AccessPaths paths = policies.find(delegates);
    assertThat(paths.truncated()).isTrue();
    assertThat(targets(paths)).hasSize(100).startsWith(account("t"));
    assertThat(paths.toString()).contains("\n+- And more paths, not listed\n");
  }

  @Test
  void toString_pathsAndUndecided_isATree() {
    policies
        .bind("t", CREATOR, CALLER, UNTIL_LATER)
        .bind("t", OPEN_ID, CALLER, null)
        .creators("t", "a", "b")
        .bind("a", CREATOR, CALLER, OFFICE)
        .bind("a", CUSTOM, TEAM, null)
        .refuse("b", 403);

    assertThat(policies.find("a", "b").toString().replace("@p.iam.gserviceaccount.com", "@"))
        .isEqualTo(
            """
            From serviceAccount:caller@ to t@
            +- directly: access token, sign JWT, sign blob until 2030-01-01T01:00:00Z; ID token
            |  +- roles/iam.serviceAccountTokenCreator on t@ for serviceAccount:caller@ until 2030-01-01T01:00:00Z
            |  \\- roles/iam.serviceAccountOpenIdTokenCreator on t@ for serviceAccount:caller@
            +- a@ -> t@: access token, ID token, sign JWT, sign blob on conditions
            |  +- roles/iam.serviceAccountTokenCreator on a@ for serviceAccount:caller@ if request.host == 'office'
            |  \\- roles/iam.serviceAccountTokenCreator on t@ for serviceAccount:a@
            +- Undecided: members not expanded, or role not looked up
            |  \\- projects/p/roles/minter on a@ for group:team@example.com
            +- Not examined
            |  \\- b@: Reading the policy of b@ failed: HTTP 403. (PERMISSION_DENIED) See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#denied-outside-iam.
            \\- Not shown: bindings on projects, folders and the organization, which also apply""");
  }

  @Test
  void toString_noPath_saysSo() {
    assertThat(policies.find().toString()).contains("\n+- No path found\n");
  }

  @Test
  void new_pathWithoutAccounts_refused() {
    assertThatThrownBy(() -> new Path(List.of())).isInstanceOf(InvalidRequest.class);
  }

  private static Path onlyPath(AccessPaths paths) {
    assertThat(paths.paths()).hasSize(1);
    assertThat(paths.truncated()).isFalse();
    return paths.paths().get(0);
  }

  private static List<Target> targets(AccessPaths paths) {
    return paths.paths().stream().map(Path::target).toList();
  }
}
