package io.github.shortlived.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.iam.v1.AuditConfig;
import com.google.iam.v1.AuditLogConfig;
import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.type.Expr;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.PolicyChange;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BindingEditsTest {
  private static final String ROLE = CrossAccountGrant.TOKEN_CREATOR;
  private static final String ME = "user:me@example.com";
  private static final String YOU = "user:you@example.com";
  private static final io.github.shortlived.policy.Binding GRANT =
      new io.github.shortlived.policy.Binding(
          ServiceAccount.of("target@p.iam.gserviceaccount.com"), ROLE, Member.of(ME));
  private static final Policy EMPTY = policy();

  private static Optional<Policy> remove(
      Policy policy, io.github.shortlived.policy.Binding unwanted) {
    return BindingEdits.edit(
        policy, PolicyEdits.of(PolicyChange.Kind.REMOVED, List.of(unwanted)).get(0));
  }

  @Test
  void add_emptyPolicy_makesTheBinding() {
    assertThat(BindingEdits.add(EMPTY, GRANT)).contains(policy(binding(ROLE, ME)));
  }

  @Test
  void add_bindingOfTheRole_joinsIt() {
    assertThat(BindingEdits.add(policy(binding(ROLE, YOU)), GRANT))
        .contains(policy(binding(ROLE, YOU, ME)));
  }

  @Test
  void add_bindingsOfOtherRoles_stayAsTheyAre() {
    Binding owner = binding("roles/owner", ME);
    Binding viewer = binding("roles/viewer", ME, ME);

    assertThat(BindingEdits.add(policy(owner, viewer), GRANT))
        .contains(policy(owner, viewer, binding(ROLE, ME)));
  }

  @Test
  void add_severalBindingsOfTheRole_joinsTheFirst() {
    assertThat(BindingEdits.add(policy(binding(ROLE, YOU), binding(ROLE)), GRANT))
        .contains(policy(binding(ROLE, YOU, ME), binding(ROLE)));
  }

  @Test
  void add_emptyBindingOfTheRole_isLeftAlone() {
    assertThat(BindingEdits.add(policy(binding(ROLE)), GRANT))
        .contains(policy(binding(ROLE), binding(ROLE, ME)));
  }

  @Test
  void add_memberThere_changesNothing() {
    assertThat(BindingEdits.add(policy(binding(ROLE, YOU, ME)), GRANT)).isEmpty();
  }

  @Test
  void add_memberInTheSecondBindingOfTheRole_changesNothing() {
    assertThat(BindingEdits.add(policy(binding(ROLE, YOU), binding(ROLE, ME)), GRANT)).isEmpty();
  }

  @Test
  void add_memberThereTwice_changesNothing() {
    assertThat(BindingEdits.add(policy(binding(ROLE, ME, ME)), GRANT)).isEmpty();
  }

  @Test
  void add_memberThereUnderACondition_addsItWithout() {
    Policy conditional = policy(conditional(ROLE, ME));

    assertThat(BindingEdits.add(conditional, GRANT))
        .contains(
            policy(conditional(ROLE, ME), binding(ROLE, ME)).toBuilder().setVersion(3).build());
  }

  @Test
  void add_applied_secondTimeChangesNothing() {
    Policy once = BindingEdits.add(everything(), GRANT).orElseThrow();

    assertThat(BindingEdits.add(once, GRANT)).isEmpty();
  }

  @Test
  void add_everythingAPolicyCanHold_keepsAllTheRestByteForByte() {
    Policy expected = everything().toBuilder().addBindings(binding(ROLE, ME)).build();

    assertThat(BindingEdits.add(everything(), GRANT).map(Policy::toByteString))
        .contains(expected.toByteString());
  }

  @Test
  void add_bindingWithUnknownFields_keepsThem() {
    Binding future = binding(ROLE, YOU).toBuilder().setUnknownFields(unknown()).build();

    assertThat(BindingEdits.add(policy(future), GRANT))
        .contains(policy(future.toBuilder().addMembers(ME).build()));
  }

  @Test
  void remove_memberThere_takesItOut() {
    assertThat(remove(policy(binding(ROLE, YOU, ME)), GRANT)).contains(policy(binding(ROLE, YOU)));
  }

  @Test
  void remove_lastMember_dropsTheBinding() {
    assertThat(remove(policy(binding("roles/owner", ME), binding(ROLE, ME)), GRANT))
        .contains(policy(binding("roles/owner", ME)));
  }

  @Test
  void remove_memberThereTwice_takesBothOut() {
    assertThat(remove(policy(binding(ROLE, ME, YOU, ME)), GRANT))
        .contains(policy(binding(ROLE, YOU)));
  }

  @Test
  void remove_memberInSeveralBindingsOfTheRole_takesItOutOfAll() {
    assertThat(remove(policy(binding(ROLE, ME), binding(ROLE, YOU, ME)), GRANT))
        .contains(policy(binding(ROLE, YOU)));
  }

  @Test
  void remove_memberNotThere_changesNothing() {
    assertThat(remove(policy(binding(ROLE, YOU)), GRANT)).isEmpty();
  }

  @Test
  void remove_memberOfAnotherRole_changesNothing() {
    assertThat(remove(policy(binding("roles/owner", ME)), GRANT)).isEmpty();
  }

  @Test
  void remove_memberUnderACondition_changesNothing() {
    assertThat(remove(policy(conditional(ROLE, ME)), GRANT)).isEmpty();
  }

  @Test
  void remove_emptyPolicy_changesNothing() {
    assertThat(remove(EMPTY, GRANT)).isEmpty();
  }

  @Test
  void remove_emptyBindingOfTheRole_isLeftAlone() {
    assertThat(remove(policy(binding(ROLE), binding(ROLE, ME)), GRANT))
        .contains(policy(binding(ROLE)));
  }

  @Test
  void remove_added_isTheFirstPolicyAgainByteForByte() {
    Policy added = BindingEdits.add(everything(), GRANT).orElseThrow();

    assertThat(remove(added, GRANT).map(Policy::toByteString))
        .contains(everything().toByteString());
  }

  @Test
  void remove_applied_secondTimeChangesNothing() {
    Policy once = remove(policy(binding(ROLE, YOU, ME)), GRANT).orElseThrow();

    assertThat(remove(once, GRANT)).isEmpty();
  }

  @Test
  void remove_bindingWithUnknownFields_keepsThem() {
    Binding future = binding(ROLE, YOU, ME).toBuilder().setUnknownFields(unknown()).build();

    assertThat(remove(policy(future), GRANT))
        .contains(policy(binding(ROLE, YOU).toBuilder().setUnknownFields(unknown()).build()));
  }

  @Test
  void add_noConditions_keepsTheVersion() {
    assertThat(BindingEdits.add(EMPTY, GRANT).map(Policy::getVersion)).contains(1);
  }

  @Test
  void add_conditionElsewhere_isWrittenAsVersion3() {
    Policy policy = policy(conditional("roles/owner", YOU));

    assertThat(BindingEdits.add(policy, GRANT).map(Policy::getVersion)).contains(3);
  }

  @Test
  void remove_noConditions_keepsTheVersion() {
    assertThat(remove(policy(binding(ROLE, ME)), GRANT).map(Policy::getVersion)).contains(1);
  }

  @Test
  void remove_conditionElsewhere_isWrittenAsVersion3() {
    Policy policy = policy(conditional("roles/owner", YOU), binding(ROLE, ME));

    assertThat(remove(policy, GRANT).map(Policy::getVersion)).contains(3);
  }

  @Test
  void toExpr_condition_hasItsThreeTexts() {
    Condition condition = new Condition("night shift", "22 to 6", "request.time.getHours() >= 22");
    Expr expr =
        Expr.newBuilder()
            .setTitle("night shift")
            .setDescription("22 to 6")
            .setExpression("request.time.getHours() >= 22")
            .build();

    assertThat(BindingEdits.toExpr(condition)).isEqualTo(expr);
    assertThat(BindingEdits.conditionOf(Binding.newBuilder().setCondition(expr).build()))
        .contains(condition);
  }

  private static Policy policy(Binding... bindings) {
    Policy.Builder policy =
        Policy.newBuilder().setVersion(1).setEtag(ByteString.copyFromUtf8("BwX"));
    for (Binding binding : bindings) {
      policy.addBindings(binding);
    }
    return policy.build();
  }

  private static Binding binding(String role, String... members) {
    Binding.Builder binding = Binding.newBuilder().setRole(role);
    for (String member : members) {
      binding.addMembers(member);
    }
    return binding.build();
  }

  private static Binding conditional(String role, String... members) {
    return binding(role, members).toBuilder()
        .setCondition(
            Expr.newBuilder()
                .setTitle("until new year")
                .setExpression("request.time < timestamp('2030-01-01T00:00:00Z')"))
        .build();
  }

  /** A policy with all that one can hold, and a field of the future. */
  private static Policy everything() {
    return policy(
            binding("roles/owner", YOU, ME),
            conditional(ROLE, ME, YOU),
            binding("deleted", "deleted:" + ME + "?uid=1"))
        .toBuilder()
        .setVersion(3)
        .addAuditConfigs(
            AuditConfig.newBuilder()
                .setService("allServices")
                .addAuditLogConfigs(AuditLogConfig.newBuilder().addExemptedMembers(ME)))
        .setUnknownFields(unknown())
        .build();
  }

  private static UnknownFieldSet unknown() {
    return UnknownFieldSet.newBuilder()
        .addField(777, UnknownFieldSet.Field.newBuilder().addVarint(42).build())
        .build();
  }
}
