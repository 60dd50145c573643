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
import io.github.shortlived.policy.Expiry;
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
      Member.of("principalSet://iam.googleapis.com/projects/1/pools/ci/*");
  private static final Condition OFFICE = Condition.of("office", "request.host == 'office'");
  private static final Instant LATER = NOW.plusSeconds(3_600);
  private static final Condition UNTIL_LATER = Expiry.at(LATER, null);
  private static final Condition UNTIL_NOW = Expiry.at(NOW, null);

  private final WrittenPolicies policies = new WrittenPolicies();

  @Test
  void ways_direct_isTheTargetWithAllItMints() {
    policies.creators("t", "caller");

    Path way = onlyWay(policies.ways());

    assertThat(way.target()).isEqualTo(account("t"));
    assertThat(way.issues())
        .containsExactly(
            TokenPermission.ACCESS_TOKEN,
            TokenPermission.ID_TOKEN,
            TokenPermission.SIGN_JWT,
            TokenPermission.SIGN_BLOB);
  }

  @Test
  void ways_chain_isTheChainWithTheBindingOfEachHop() {
    policies.creators("t", "b").creators("b", "a").creators("a", "caller");

    Path way = onlyWay(policies.ways("a", "b"));

    assertThat(way.target())
        .isEqualTo(DelegationChain.through(account("a"), account("b")).to(account("t")));
    assertThat(way.hops())
        .flatExtracting(hop -> hop.bindings().stream().map(AccountAccess.Entry::binding).toList())
        .containsExactly(
            new Binding(account("a"), CREATOR, CALLER),
            new Binding(account("b"), CREATOR, member("a")),
            new Binding(account("t"), CREATOR, member("b")));
  }

  @Test
  void ways_reverseDirection_isNone() {
    policies.creators("caller", "a").creators("a", "t");

    assertThat(policies.ways("a").paths()).isEmpty();
  }

  @Test
  void ways_diamondAndDirect_areAllShortestFirst() {
    policies.creators("t", "b", "a", "caller").creators("a", "caller").creators("b", "caller");

    assertThat(targets(policies.ways("b", "a")))
        .containsExactly(
            account("t"),
            DelegationChain.through(account("a")).to(account("t")),
            DelegationChain.through(account("b")).to(account("t")));
  }

  @Test
  void ways_cycles_areGoneThroughOnce() {
    policies.creators("t", "b", "t").creators("b", "a", "b", "t").creators("a", "caller", "b", "a");

    assertThat(targets(policies.ways("a", "b", "t", "caller")))
        .containsExactly(DelegationChain.through(account("a"), account("b")).to(account("t")));
  }

  @Test
  void ways_accountThatWasNotGiven_isNotGoneThrough() {
    policies.creators("t", "a").creators("a", "caller");

    assertThat(policies.ways().paths()).isEmpty();
    assertThat(policies.ways("a").paths()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "roles/iam.serviceAccountTokenCreator, true",
    "roles/iam.serviceAccountOpenIdTokenCreator, false",
    "roles/iam.workloadIdentityUser, false",
    "roles/iam.serviceAccountUser, false",
    "roles/iam.serviceAccountAdmin, false"
  })
  void ways_roleOnADelegate_carriesOnlyIfItDelegates(String role, boolean carries) {
    policies.creators("t", "a").bind("a", role, CALLER, null);

    AccessPaths ways = policies.ways("a");

    assertThat(ways.paths()).hasSize(carries ? 1 : 0);
    assertThat(ways.undecided()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "roles/iam.serviceAccountOpenIdTokenCreator, 1",
    "roles/iam.workloadIdentityUser, 2",
    "roles/iam.serviceAccountTokenCreator, 4"
  })
  void ways_roleOnTheTarget_mintsWhatItGives(String role, int permissions) {
    policies.bind("t", role, CALLER, null);

    assertThat(onlyWay(policies.ways()).issues()).hasSize(permissions);
  }

  @ParameterizedTest
  @ValueSource(strings = {"roles/iam.serviceAccountUser", "roles/iam.serviceAccountAdmin"})
  void ways_roleOnTheTargetWithoutTokens_isNoWay(String role) {
    policies.bind("t", role, CALLER, null);

    assertThat(policies.ways().paths()).isEmpty();
  }

  @Test
  void ways_roleThatIsNotKnown_isUndecidedForThoseInPlayAlone() {
    policies
        .bind("t", CUSTOM, CALLER, null)
        .bind("t", CUSTOM, member("a"), null)
        .bind("t", CUSTOM, member("stranger"), null)
        .bind("t", CUSTOM, TEAM, null);

    AccessPaths ways = policies.ways("a");

    assertThat(ways.paths()).isEmpty();
    assertThat(ways.undecided())
        .extracting(Binding::member)
        .containsExactly(CALLER, member("a"), TEAM);
  }

  @Test
  void ways_groupsAndSets_areUndecidedWhereTheyWouldCarry() {
    policies
        .creators("t", "a")
        .bind("t", OPEN_ID, TEAM, null)
        .bind("t", "roles/iam.serviceAccountUser", TEAM, null)
        .bind("t", CREATOR, TEAM, UNTIL_NOW)
        .bind("a", OPEN_ID, TEAM, null)
        .bind("a", CREATOR, POOL, null);

    AccessPaths ways = policies.ways("a");

    assertThat(ways.paths()).isEmpty();
    assertThat(ways.undecided())
        .containsExactly(
            new Binding(account("t"), OPEN_ID, TEAM), new Binding(account("a"), CREATOR, POOL));
  }

  @Test
  void ways_forAGroupItself_areItsOwn() {
    policies.bind("t", CREATOR, TEAM, null);

    AccessPaths ways = policies.ways(TEAM);

    assertThat(ways.paths()).hasSize(1);
    assertThat(ways.undecided()).isEmpty();
  }

  @Test
  void ways_expiredLink_doesNotCarry() {
    policies.creators("t", "a").bind("a", CREATOR, CALLER, UNTIL_NOW);

    assertThat(policies.ways("a").paths()).isEmpty();
  }

  @Test
  void ways_linkThatExpires_carriesUntilThen() {
    policies.creators("t", "a").bind("a", CREATOR, CALLER, UNTIL_LATER);

    Path way = onlyWay(policies.ways("a"));

    assertThat(way.expiry(TokenPermission.SIGN_BLOB)).contains(LATER);
    assertThat(way.conditional(TokenPermission.SIGN_BLOB)).isFalse();
  }

  @Test
  void ways_severalEnds_endWithTheFirstHopToEnd() {
    policies
        .bind("t", CREATOR, member("a"), Expiry.at(LATER.plusSeconds(9), null))
        .bind("a", CREATOR, CALLER, UNTIL_LATER)
        .bind("a", CREATOR, CALLER, Expiry.at(LATER.plusSeconds(3), null));

    assertThat(onlyWay(policies.ways("a")).expiry(TokenPermission.ACCESS_TOKEN))
        .contains(LATER.plusSeconds(3));
  }

  @Test
  void ways_endlessBindingBesideOneThatEnds_hasNoEnd() {
    policies.bind("t", CREATOR, CALLER, UNTIL_LATER).creators("t", "caller");

    assertThat(onlyWay(policies.ways()).expiry(TokenPermission.ACCESS_TOKEN)).isEmpty();
  }

  @Test
  void ways_bindingsOfSeveralRoles_endPermissionByPermission() {
    policies.bind("t", CREATOR, CALLER, UNTIL_LATER).bind("t", OPEN_ID, CALLER, OFFICE);

    Path way = onlyWay(policies.ways());

    assertThat(way.expiry(TokenPermission.ACCESS_TOKEN)).contains(LATER);
    assertThat(way.expiry(TokenPermission.ID_TOKEN)).isEmpty();
    assertThat(way.conditional(TokenPermission.ACCESS_TOKEN)).isFalse();
  }

  @Test
  void ways_conditionalLink_carriesOnConditions() {
    policies.creators("t", "a").bind("a", CREATOR, CALLER, Expiry.at(LATER, OFFICE));

    Path way = onlyWay(policies.ways("a"));

    assertThat(way.conditional(TokenPermission.ACCESS_TOKEN)).isTrue();
    assertThat(way.expiry(TokenPermission.ACCESS_TOKEN)).contains(LATER);
  }

  @Test
  void expiry_permissionThatTheWayDoesNotGive_refused() {
    policies.bind("t", OPEN_ID, CALLER, null);
    Path way = onlyWay(policies.ways());

    assertThatThrownBy(() -> way.expiry(TokenPermission.SIGN_JWT))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid permission 'SIGN_JWT': this way issues nothing by it. Ask for one of"
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
    "principal://pool/subject/me, principal://pool/subject/me, true",
    "principal://pool/subject/me, principal://pool/subject/ME, false",
    "principal://pool/subject/me, principalSet://pool/*, false",
    "principal://pool/subject/me, allAuthenticatedUsers, false",
    "principal://pool/subject/me, allUsers, true"
  })
  void ways_memberOfAPolicy_carriesThoseItMeans(String caller, String bound, boolean carries) {
    policies.bind("t", CREATOR, Member.inPolicy(bound), null);

    assertThat(policies.ways(Member.of(caller)).paths()).hasSize(carries ? 1 : 0);
  }

  @Test
  void ways_forEveryone_areThoseOfEveryoneAlone() {
    policies.bind("t", CREATOR, Member.allUsers(), null).creators("t", "caller");

    assertThat(onlyWay(policies.ways(Member.allUsers())).hops().get(0).bindings()).hasSize(1);
  }

  @Test
  void ways_deletedCaller_refused() {
    Member deleted = Member.inPolicy("deleted:user:me@example.com?uid=1");

    assertThatThrownBy(() -> policies.ways(deleted)).isInstanceOf(InvalidRequest.class);
    assertThat(policies.read).isEmpty();
  }

  @Test
  void ways_policies_areReadOnceAndOnlyWhereAWayLeadsOn() {
    policies.creators("t", "a", "b").creators("a", "b").creators("b", "a").creators("x", "caller");

    policies.ways("a", "b", "x", "a", "t");

    assertThat(policies.read).containsExactly(account("t"), account("a"), account("b"));
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404})
  void ways_accountThatMayNotBeRead_isToldAndSpoilsNothing(int status) {
    policies.creators("t", "a", "b").creators("b", "caller").refuse("a", status);

    AccessPaths ways = policies.ways("a", "b");

    assertThat(targets(ways))
        .containsExactly(DelegationChain.through(account("b")).to(account("t")));
    assertThat(ways.notExamined()).extracting(NotExamined::account).containsExactly(account("a"));
    assertThat(ways.notExamined().get(0).reason())
        .startsWith("Reading the policy of " + account("a"));
  }

  @Test
  void ways_accountThatCannotBeReadNow_isAFailure() {
    policies.creators("t", "a").refuse("a", 503);

    assertThatThrownBy(() -> policies.ways("a")).isInstanceOf(Unavailable.class);
  }

  @Test
  void ways_targetThatMayNotBeRead_isAFailure() {
    assertThatThrownBy(() -> policies.refuse("t", 403).ways("a"))
        .isInstanceOf(PermissionDenied.class);
    assertThatThrownBy(() -> policies.refuse("t", 404).ways("a")).isInstanceOf(NotFound.class);
  }

  @Test
  void ways_delegateByUniqueId_isToldAndNotRead() {
    ServiceAccount byId = ServiceAccount.of("103456789012345678901");
    policies.creators("t", "caller");

    AccessPaths ways =
        new PathAudit(policies::access, CALLER, account("t"), List.of(byId)).run(NOW);

    assertThat(ways.paths()).hasSize(1);
    assertThat(ways.notExamined()).extracting(NotExamined::account).containsExactly(byId);
    assertThat(policies.read).containsExactly(account("t"));
  }

  @Test
  void ways_hundred_areAllAndOneMoreIsCutOff() {
    String[] hops = IntStream.range(0, 100).mapToObj(i -> "h" + i).toArray(String[]::new);
    policies.creators("t", hops);
    IntStream.range(0, 100).forEach(i -> policies.creators("h" + i, "caller"));
    assertThat(policies.ways(hops).paths()).hasSize(100);
    assertThat(policies.ways(hops).truncated()).isFalse();

    policies.creators("t", "caller");

    AccessPaths ways = policies.ways(hops);
    assertThat(ways.truncated()).isTrue();
    assertThat(targets(ways)).hasSize(100).startsWith(account("t"));
    assertThat(ways.toString()).contains("\n+- And more ways, left out\n");
  }

  @Test
  void toString_waysAndWhatIsOpen_isATree() {
    policies
        .bind("t", CREATOR, CALLER, UNTIL_LATER)
        .bind("t", OPEN_ID, CALLER, null)
        .creators("t", "a", "b")
        .bind("a", CREATOR, CALLER, OFFICE)
        .bind("a", CUSTOM, TEAM, null)
        .refuse("b", 403);

    assertThat(policies.ways("a", "b").toString().replace("@p.iam.gserviceaccount.com", "@"))
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
            |  \\- b@: Reading the policy of b@ failed: HTTP 403. (PERMISSION_DENIED) See troubleshooting.md#denied-outside-iam.
            \\- Not shown: bindings on projects, folders and the organization, which count too""");
  }

  @Test
  void toString_noWay_saysSo() {
    assertThat(policies.ways().toString()).contains("\n+- No way found\n");
  }

  @Test
  void new_wayWithoutHops_refused() {
    assertThatThrownBy(() -> new Path(List.of())).isInstanceOf(InvalidRequest.class);
  }

  private static Path onlyWay(AccessPaths ways) {
    assertThat(ways.paths()).hasSize(1);
    assertThat(ways.truncated()).isFalse();
    return ways.paths().get(0);
  }

  private static List<Target> targets(AccessPaths ways) {
    return ways.paths().stream().map(Path::target).toList();
  }
}
