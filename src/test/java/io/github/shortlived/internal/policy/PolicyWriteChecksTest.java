package io.github.shortlived.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Policies that are not written, at each limit and one beyond it. */
class PolicyWriteChecksTest {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final String ROLE = CrossAccountGrant.TOKEN_CREATOR;

  private static CrossAccountGrant grant(String member) {
    return CrossAccountGrant.tokenCreator(Member.of(member)).on(TARGET);
  }

  private static ReadModifyWrite.Edited edit(Kind kind, Policy policy, CrossAccountGrant grant) {
    return ReadModifyWrite.edit(TARGET, policy, PolicyEdits.of(kind, grant.bindings()));
  }

  private static Policy members(String pattern, int count) {
    List<String> members = IntStream.range(0, count).mapToObj(pattern::formatted).toList();
    return Policy.newBuilder()
        .addBindings(Binding.newBuilder().setRole(ROLE).addAllMembers(members))
        .build();
  }

  @Test
  void add_upTo1500Principals_andNotOneMore() {
    CrossAccountGrant one = grant("user:me@example.com");

    assertThatCode(() -> edit(Kind.ADDED, members("user:u%d@example.com", 1_499), one))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> edit(Kind.ADDED, members("user:u%d@example.com", 1_500), one))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "The policy of target@p.iam.gserviceaccount.com is not edited: it would contain"
                + " 1501 principals in all bindings, and Google's limit is 1500. Remove bindings"
                + " that are no longer needed, such as expired grants with planSweep(...), or"
                + " grant to a group.");
  }

  @Test
  void add_upTo250Groups_andNotOneMore() {
    CrossAccountGrant one = grant("group:us@example.com");

    assertThatCode(() -> edit(Kind.ADDED, members("group:g%d@example.com", 249), one))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> edit(Kind.ADDED, members("group:g%d@example.com", 250), one))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("251 groups and domains in all bindings");
    assertThatThrownBy(() -> edit(Kind.ADDED, members("domain:d%d.example.com", 250), one))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("251 groups and domains in all bindings");
  }

  @Test
  void add_groupThatIsInAnotherBinding_countsOnce() {
    Policy full =
        members("group:g%d@example.com", 250).toBuilder()
            .addBindings(Binding.newBuilder().setRole("roles/x").addMembers("user:a@example.com"))
            .build();
    CrossAccountGrant again =
        CrossAccountGrant.role("roles/x", Member.of("group:g0@example.com")).on(TARGET);

    assertThatCode(() -> edit(Kind.ADDED, full, again)).doesNotThrowAnyException();
  }

  @Test
  void add_upTo20ConditionsOfOneGrant_andNotOneMore() {
    CrossAccountGrant me = grant("user:me@example.com");
    Policy policy = Policy.getDefaultInstance();
    for (int i = 0; i < 20; i++) {
      policy = edit(Kind.ADDED, policy, me.until(Instant.ofEpochSecond(i))).policy();
    }
    Policy full = policy;

    assertThat(full.getBindingsCount()).isEqualTo(20);
    assertThatThrownBy(() -> edit(Kind.ADDED, full, me.until(Instant.ofEpochSecond(20))))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("21 bindings of the same role and member with different conditions");
    assertThatCode(() -> edit(Kind.ADDED, full, me)).doesNotThrowAnyException();
  }

  @Test
  void remove_fromAPolicyOverItsLimit_isAllowed() {
    Policy over = members("user:u%d@example.com", 1_600);

    assertThat(edit(Kind.REMOVED, over, grant("user:u7@example.com")).changed()).isTrue();
  }

  @Test
  void edit_conditionHash_refused() {
    Policy shownAtVersion1 =
        Policy.newBuilder()
            .setVersion(1)
            .addBindings(
                Binding.newBuilder()
                    .setRole(ROLE + "_withcond_0123456789abcdef0123")
                    .addMembers("user:you@example.com"))
            .build();

    assertThatThrownBy(() -> edit(Kind.ADDED, shownAtVersion1, grant("user:me@example.com")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "The policy of target@p.iam.gserviceaccount.com is not edited: its role"
                + " 'roles/iam.serviceAccountTokenCreator_withcond_0123456789abcdef0123' is a"
                + " placeholder for a condition that was lost or is not shown, and grants nothing."
                + " Find out which member it was for, remove that binding, and grant again with the"
                + " condition.");
  }

  @Test
  void edit_conditionHashWithHiddenCharacters_isShownInOneLine() {
    Policy hidden =
        Policy.newBuilder()
            .addBindings(
                Binding.newBuilder()
                    .setRole("roles/x\u202e_withcond_0123456789abcdef0123")
                    .addMembers("user:you@example.com"))
            .build();

    assertThatThrownBy(() -> edit(Kind.ADDED, hidden, grant("user:me@example.com")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining(
            "its role 'roles/x _withcond_0123456789abcdef0123' is a placeholder for");
  }

  @Test
  void edit_conditionsReadBelowVersion3_refused() {
    Policy conditional =
        edit(
                Kind.ADDED,
                Policy.getDefaultInstance(),
                grant("user:you@example.com").until(Instant.EPOCH))
            .policy();

    assertThat(conditional.getVersion()).isEqualTo(3);
    assertThatThrownBy(
            () ->
                edit(
                    Kind.ADDED,
                    conditional.toBuilder().setVersion(1).build(),
                    grant("user:me@example.com")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "The policy of target@p.iam.gserviceaccount.com is not edited: it contains conditions"
                + " but was read as version 1, and writing it back may delete them. Read it as"
                + " version 3, without an intermediary that rewrites responses.");
    assertThatCode(() -> edit(Kind.ADDED, conditional, grant("user:me@example.com")))
        .doesNotThrowAnyException();
  }
}
