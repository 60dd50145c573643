package io.github.shortlived.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrantValidationTest {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final Member ME = Member.of("user:me@example.com");
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Condition CONDITION = Condition.of("t", "a");

  private static CrossAccountGrant grant() {
    return CrossAccountGrant.tokenCreator(ME).on(TARGET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "roles/iam.serviceAccountTokenCreator",
        "projects/my-project/roles/minter",
        "projects/example.com:my-project/roles/minter_2",
        "organizations/1234/roles/Minter"
      })
  void role_ofAnyKind_isGranted(String role) {
    assertThat(CrossAccountGrant.role(role, ME).on(TARGET).bindings())
        .containsExactly(new Binding(TARGET, role, ME));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "minter", "roles/", "roles/a/b", "Roles/a", "roles/a b", "roles/a\n"})
  void role_malformed_refused(String role) {
    assertThatThrownBy(() -> CrossAccountGrant.role(role, ME))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid role '%s': a role is roles/ROLE, projects/PROJECT/roles/ROLE or organizations/ORGANIZATION/roles/ROLE. List custom roles with: gcloud iam roles list --project=PROJECT."
                .formatted(role.replace('\n', '?')));
  }

  @Test
  void role_conditionHash_refused() {
    assertThatThrownBy(() -> CrossAccountGrant.role("roles/a_withcond_0123456789abcdef0123", ME))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid role 'roles/a_withcond_0123456789abcdef0123': it stands for a role with a"
                + " condition, in a policy that was not read as version 3. Grant the role without"
                + " _withcond_… and pass the condition to onlyIf(...).");
    assertThatCode(() -> CrossAccountGrant.role("roles/a_withcond_0123", ME))
        .doesNotThrowAnyException();
  }

  @Test
  void member_ofAKindThatCannotBeGranted_refused() {
    Member deleted = Member.inPolicy("deleted:user:me@example.com?uid=1");

    assertThatThrownBy(() -> CrossAccountGrant.tokenCreator(deleted))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid member 'deleted:user:me@example.com?uid=1': ");
  }

  @Test
  void member_everyone_isANamedCall() {
    assertThat(CrossAccountGrant.tokenCreator(Member.allUsers()).on(TARGET))
        .hasToString("roles/iam.serviceAccountTokenCreator on " + TARGET + " for allUsers");
    assertThatThrownBy(() -> Member.of("allUsers")).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void check_everyoneWithACondition_refused() {
    CrossAccountGrant conditional =
        CrossAccountGrant.tokenCreator(Member.allUsers()).on(TARGET).onlyIf(CONDITION);

    assertThatThrownBy(() -> GrantValidation.check(conditional.bindings().get(0), NOW))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid member 'allUsers': a grant to everyone supports no condition and no expiry."
                + " Grant it to specific members.");
  }

  @Test
  void check_basicRoleWithACondition_refused() {
    CrossAccountGrant conditional =
        CrossAccountGrant.role("roles/owner", ME).on(TARGET).onlyIf(CONDITION);

    assertThatThrownBy(() -> GrantValidation.check(conditional.bindings().get(0), NOW))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid role 'roles/owner': basic roles support no condition and no expiry. Grant a"
                + " narrower role.");
  }

  @Test
  void check_malformedBinding_refused() {
    Binding binding = new Binding(TARGET, "minter", ME);

    assertThatThrownBy(() -> GrantValidation.check(binding, NOW))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid role 'minter': ");
  }

  @Test
  void check_expiresNow_refused() {
    Binding now = grant().until(NOW).bindings().get(0);
    Binding later = grant().until(NOW.plusSeconds(1)).bindings().get(0);

    assertThatThrownBy(() -> GrantValidation.check(now, NOW))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid expiry '2026-11-22T12:00:00Z': it must be after now, 2026-11-22T12:00:00Z, and before the year 10000. Pass another instant to until(...), or grant without an"
                + " expiry.");
    assertThatCode(() -> GrantValidation.check(later, NOW)).doesNotThrowAnyException();
  }

  @Test
  void expiringIn_lessThanASecond_refused() {
    assertThatThrownBy(() -> grant().expiringIn(Duration.ofMillis(999)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid lifetime '999 ms': it must be at least 1 s. Pass a longer duration to"
                + " expiringIn(...).");
    assertThat(grant().expiringIn(Duration.ofSeconds(1)).lifetime())
        .contains(Duration.ofSeconds(1));
  }

  @Test
  void expiringIn_hasAnExpiry_refused() {
    for (CrossAccountGrant ending : List.of(grant().until(NOW), hour(grant()))) {
      assertThatThrownBy(() -> hour(ending))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("': it has an expiry already")
          .hasMessageEndingWith(". Call expiringIn(...) or until(...) once.");
      assertThatThrownBy(() -> ending.until(NOW)).isInstanceOf(InvalidRequest.class);
    }
  }

  private static CrossAccountGrant hour(CrossAccountGrant grant) {
    return grant.expiringIn(Duration.ofHours(1));
  }

  @Test
  void onlyIf_twice_refused() {
    for (CrossAccountGrant conditional :
        List.of(grant().onlyIf(CONDITION), grant().onlyIf(CONDITION).until(NOW))) {
      assertThatThrownBy(() -> conditional.onlyIf(CONDITION))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageEndingWith(
              "it has a condition already. Call onlyIf(...) once, with && between two"
                  + " expressions.");
    }
  }

  @Test
  void onlyIf_beforeOrAfterTheExpiry_isTheSame() {
    assertThat(grant().until(NOW).onlyIf(CONDITION))
        .isEqualTo(grant().onlyIf(CONDITION).until(NOW));
  }

  @Test
  void onlyIf_asLongAsAllowed_accepted() {
    Condition condition = new Condition("t".repeat(100), "d".repeat(256), "e".repeat(4_096));

    assertThat(grant().onlyIf(condition).bindings().get(0).condition())
        .isEqualTo(Optional.of(condition));
  }

  @Test
  void onlyIf_aCharacterMore_refused() {
    refused(new Condition("t".repeat(101), "", "a"), "condition title", "1 to 100 ", "101");
    refused(new Condition(" ", "", "a"), "condition title", "1 to 100 ", "1");
    refused(new Condition("t", "d".repeat(257), "a"), "condition description", "0 to 256 ", "257");
    refused(new Condition("t", "", "e".repeat(4_097)), "condition expression", "4096 ", "4097");
    refused(new Condition("t", "", ""), "condition expression", "1 to 4096 ", "0");
  }

  private static void refused(Condition condition, String what, String rule, String length) {
    assertThatThrownBy(() -> grant().onlyIf(condition))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid " + what + " '")
        .hasMessageContaining(
            rule + "characters, including those that an expiry adds, but has " + length);
  }

  @Test
  void onlyIf_twelveOperators_acceptedAndNotOneMore() {
    String twelve =
        "!a && b != '&& || !' || !c && d || \"\\\" && \" == e && f && g && h && i && j && k";

    assertThatCode(() -> grant().onlyIf(Condition.of("t", twelve))).doesNotThrowAnyException();
    assertThatThrownBy(() -> grant().onlyIf(Condition.of("t", twelve + " || l")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("at most 12 logical operators (&&, ||, !)");
  }

  @Test
  void onlyIf_closesTheBracketOfTheExpiry_refused() {
    assertThatThrownBy(() -> grant().onlyIf(Condition.of("t", "true) || (true")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid condition expression 'true) || (true': ");
    assertThatCode(() -> grant().onlyIf(Condition.of("t", "(true) || (true)")))
        .doesNotThrowAnyException();
  }

  @Test
  void check_commentHidesTheBracketOfTheExpiry_refused() {
    CrossAccountGrant commented = grant().onlyIf(Condition.of("t", "a // why"));
    Binding endless = commented.bindings().get(0);
    Binding ending = commented.until(NOW).bindings().get(0);

    assertThatCode(() -> GrantValidation.check(endless, Instant.EPOCH)).doesNotThrowAnyException();
    assertThatThrownBy(() -> GrantValidation.check(ending, Instant.EPOCH))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("end a comment with a line break");
  }

  @Test
  void check_expiresAfterTheYear9999_refused() {
    Instant last = Instant.parse("9999-12-31T23:59:59Z");
    Binding lasting = grant().until(last).bindings().get(0);
    Binding endless = grant().until(last.plusSeconds(1)).bindings().get(0);
    Binding atTheEnd = grant().until(Instant.MAX).bindings().get(0);

    assertThatCode(() -> GrantValidation.check(lasting, NOW)).doesNotThrowAnyException();
    assertThatThrownBy(() -> GrantValidation.check(endless, NOW))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid expiry '+10000-01-01T00:00:00Z': ");
    assertThatThrownBy(() -> GrantValidation.check(atTheEnd, NOW))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("before the year 10000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT70129752H", "PT2562047788015215H30M7S"})
  void resolvedAt_expiresAfterTheYear9999_refused(Duration lifetime) {
    assertThat(
            grant().expiringIn(Duration.ofDays(36_525)).resolvedAt(NOW).bindings().get(0).expiry())
        .contains(NOW.plus(Duration.ofDays(36_525)));
    assertThatThrownBy(() -> grant().expiringIn(lifetime).resolvedAt(NOW))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid lifetime '" + Phrases.exact(lifetime) + "': ");
  }

  @Test
  void check_expiryMakesAThirteenthOperator_refused() {
    String twelve = "a" + " && a".repeat(12);
    Binding binding = grant().onlyIf(Condition.of("t", twelve)).until(NOW).bindings().get(0);

    assertThatThrownBy(() -> GrantValidation.check(binding, Instant.EPOCH))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("including the one that an expiry adds");
  }

  @Test
  void toString_relativeExpiry_isIncluded() {
    assertThat(hour(grant()))
        .hasToString(
            "roles/iam.serviceAccountTokenCreator on target@p.iam.gserviceaccount.com for"
                + " user:me@example.com, for 1 h");
  }

  @Test
  void check_longTextWithHiddenCharacters_isShownInOneShortLine() {
    Condition condition = Condition.of("t", "(\u202e\u2028" + "\ud83d\udd11".repeat(198));
    assertThatThrownBy(() -> GrantValidation.check(condition))
        .hasMessageStartingWith(
            "Invalid condition expression '(??" + "\ud83d\udd11".repeat(97) + "…': ");
  }
}
