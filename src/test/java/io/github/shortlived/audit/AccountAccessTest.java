package io.github.shortlived.audit;

import static io.github.shortlived.audit.WrittenPolicies.NOW;
import static io.github.shortlived.audit.WrittenPolicies.account;
import static io.github.shortlived.audit.WrittenPolicies.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.common.base.Ascii;
import io.github.shortlived.audit.AccountAccess.Entry;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.Member;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.TokenPermission;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountAccessTest {
  private static final String CREATOR = CrossAccountGrant.TOKEN_CREATOR;
  private static final String USER = "roles/iam.serviceAccountUser";

  private final WrittenPolicies policies = new WrittenPolicies();

  @ParameterizedTest
  @CsvSource({
    "roles/iam.serviceAccountTokenCreator, true, '[ACCESS_TOKEN, ID_TOKEN, SIGN_JWT, SIGN_BLOB, IMPLICIT_DELEGATION]'",
    "roles/iam.serviceAccountOpenIdTokenCreator, true, [ID_TOKEN]",
    "roles/iam.workloadIdentityUser, true, '[ACCESS_TOKEN, ID_TOKEN]'",
    "roles/iam.serviceAccountUser, true, []",
    "roles/iam.serviceAccountAdmin, true, []",
    "roles/owner, false, []",
    "roles/iam.serviceAccountTokenCreator_withcond_0123456789abcdef0123, false, []",
    "projects/p/roles/minter, false, []"
  })
  void entries_role_haveItsKnownPermissions(String role, boolean known, String permissions) {
    policies.bind("t", role, member("a"), null);

    Entry entry = access().entries().get(0);

    assertThat(entry.roleKnown()).isEqualTo(known);
    assertThat(entry.permissions()).hasToString(permissions);
  }

  @Test
  void entries_memberTwice_isListedOnce() {
    policies.creators("t", "a", "a", "b");

    assertThat(access().entries())
        .extracting(entry -> entry.binding().member())
        .containsExactly(member("a"), member("b"));
  }

  @Test
  void entriesFor_member_areItsOwnThoseOfItsDeletionAndEveryones() {
    policies
        .bind(
            "t",
            USER,
            Member.inPolicy("serviceAccount:" + Ascii.toUpperCase(account("a").id())),
            null)
        .bind("t", CREATOR, Member.allUsers(), Condition.until(NOW))
        .bind("t", CREATOR, Member.of("group:team@example.com"), null)
        .bind("t", CREATOR, Member.inPolicy("deleted:" + member("a") + "?uid=1"), null)
        .creators("t", "b");

    assertThat(access().entriesFor(member("a")))
        .extracting(entry -> entry.binding().role(), Entry::inEffect)
        .containsExactly(tuple(USER, true), tuple(CREATOR, false), tuple(CREATOR, false));
    assertThat(access().entriesFor(Member.of("user:me@example.com")))
        .extracting(entry -> entry.binding().member())
        .containsExactly(Member.allUsers());
  }

  @Test
  void expired_atItsEnd_isTrueAndOneSecondEarlierFalse() {
    policies
        .bind("t", CREATOR, member("a"), Condition.until(NOW))
        .bind("t", CREATOR, member("b"), Condition.until(NOW.plusSeconds(1)));

    assertThat(access().entries()).extracting(Entry::expired).containsExactly(true, false);
  }

  @Test
  void expired_someoneElsesTimeLimit_isNotEvaluated() {
    Condition past = Condition.of("past", "request.time < timestamp('2001-01-01T00:00:00Z')");
    policies.bind("t", CREATOR, member("a"), past);

    Entry entry = access().entries().get(0);

    assertThat(entry.expired()).isFalse();
    assertThat(entry.conditional()).isTrue();
  }

  @Test
  void conditional_expiryAlone_isFalseAndWithAConditionTrue() {
    policies
        .creators("t", "a")
        .bind("t", CREATOR, member("a"), Condition.until(NOW))
        .bind("t", CREATOR, member("a"), Condition.of("more", "true").withExpiry(NOW));

    assertThat(access().entries())
        .extracting(Entry::conditional)
        .containsExactly(false, false, true);
  }

  @Test
  void allowing_permission_isTheEntriesInEffectThatGiveIt() {
    Member deleted = Member.inPolicy("deleted:user:me@example.com?uid=1");
    policies
        .creators("t", "a")
        .bind("t", CrossAccountGrant.OPEN_ID_TOKEN_CREATOR, member("b"), null)
        .bind("t", CREATOR, member("c"), Condition.until(NOW))
        .bind("t", CREATOR, deleted, null)
        .bind("t", USER, member("d"), null);

    assertThat(members(TokenPermission.SIGN_JWT)).containsExactly(member("a"));
    assertThat(members(TokenPermission.ID_TOKEN)).containsExactly(member("a"), member("b"));
  }

  @Test
  void toString_manyMembers_isATreeByMember() {
    policies
        .creators("t", "a")
        .bind("t", "projects/p/roles/minter", Member.of("group:team@example.com"), null)
        .bind("t", CREATOR, Member.inPolicy("deleted:user:me@example.com?uid=1"), null)
        .bind("t", CREATOR, member("b"), Condition.of("office", "a ==\n'b'").withExpiry(NOW))
        .bind("t", USER, member("a"), null);

    assertThat(access().toString().replace("@p.iam.gserviceaccount.com", "@"))
        .isEqualTo(
            """
            t@
            +- serviceAccount:a@
            |  +- access token, ID token, sign JWT, sign blob, delegate by roles/iam.serviceAccountTokenCreator
            |  \\- no credentials by roles/iam.serviceAccountUser
            +- group:team@example.com (its members are not listed)
            |  \\- not looked up: projects/p/roles/minter
            +- deleted:user:me@example.com?uid=1 (deleted: cannot call)
            |  \\- access token, ID token, sign JWT, sign blob, delegate by roles/iam.serviceAccountTokenCreator
            +- serviceAccount:b@
            |  \\- expired: roles/iam.serviceAccountTokenCreator until 2030-01-01T00:00:00Z, if (a == 'b')
            \\- Not shown: bindings on projects, folders and the organization, which also apply""");
  }

  @Test
  void toString_emptyPolicy_showsNoMembers() {
    assertThat(access())
        .hasToString(
            account("t")
                + "\n+- No members\n"
                + "\\- Not shown: bindings on projects, folders and the organization, which also apply");
  }

  @Test
  void toString_controlCharactersInAPolicy_doNotReachTheTerminal() {
    policies.bind("t", CREATOR, Member.inPolicy("user:\u001b[2J\n@example.com"), null);

    assertThat(access().toString())
        .contains("+- user:\\u001b[2J @example.com\n")
        .doesNotContain("\u001b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u202e", "\u200b", "\u2066", "\u3164", "\u2800", "\u034f", "\u00a0"})
  void toString_hiddenCharacterInAMember_isShownAsAnEscape(String hidden) {
    policies.bind("t", CREATOR, Member.inPolicy("user:me" + hidden + "@example.com"), null);
    policies.bind("t", CREATOR, Member.inPolicy("user:me@example.com"), null);

    assertThat(access().toString())
        .contains("+- user:me\\u%04x@example.com\n".formatted((int) hidden.charAt(0)))
        .contains("+- user:me@example.com\n")
        .doesNotContain(hidden);
  }

  @Test
  void entries_changed_refused() {
    policies.creators("t", "a");
    List<Entry> entries = access().entries();
    Set<TokenPermission> permissions = entries.get(0).permissions();

    assertThatThrownBy(entries::clear).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(permissions::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void permission_everyOne_isGooglesName() {
    assertThat(TokenPermission.values())
        .extracting(TokenPermission::permission)
        .containsExactly(
            "iam.serviceAccounts.getAccessToken",
            "iam.serviceAccounts.getOpenIdToken",
            "iam.serviceAccounts.signJwt",
            "iam.serviceAccounts.signBlob",
            "iam.serviceAccounts.implicitDelegation");
  }

  private AccountAccess access() {
    return policies.access(account("t"));
  }

  private List<Member> members(TokenPermission permission) {
    return access().allowing(permission).stream().map(entry -> entry.binding().member()).toList();
  }
}
