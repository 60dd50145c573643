package io.github.shortlived.grant;

import static io.github.shortlived.FuzzedText.accepted;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import io.github.shortlived.FuzzedText;
import io.github.shortlived.internal.policy.ForeignPolicy;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.CredentialException.Conflict;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.policy.PolicyChange;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Saved plans of any text are refused, or do what they show, or write nothing. */
class SavedPlanFuzzTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Policy POLICY =
      ForeignPolicy.everything().toBuilder().setEtag(ByteString.copyFromUtf8("1")).build();

  private static MemoryPolicies policies() {
    return new MemoryPolicies(POLICY);
  }

  @FuzzTest(maxDuration = "1m")
  void planFromJson_ofAnyText_doesWhatItShowsOrNothing(byte[] input) {
    MemoryPolicies policies = policies();
    Grants grants = policies.grants(NOW);
    String json = FuzzedText.of(input);
    accepted(() -> grants.planFromJson(json)).ifPresent(plan -> check(plan, grants, policies));
  }

  private static void check(GrantPlan plan, Grants grants, MemoryPolicies policies) {
    assertThat(grants.planFromJson(plan.toJson()).changes()).isEqualTo(plan.changes());
    assertThat(plan.toString().lines())
        .allSatisfy(
            line -> assertThat(SafeText.escape(line, hidden -> "<hidden>")).isEqualTo(line));
    long accounts =
        plan.changes().stream().map(change -> change.binding().account()).distinct().count();
    if (accounts > 1) {
      return; // The policy in memory is that of each account.
    }
    List<PolicyChange> done;
    try {
      done = plan.apply();
    } catch (Conflict | InvalidRequest e) {
      assertThat(policies.writes).isZero();
      assertThat(policies.policy).isEqualTo(POLICY);
      return;
    }
    assertThat(done).isEqualTo(plan.changes());
    plan.rollBack();
    assertThat(policies.policy.toBuilder().clearBindings().build())
        .isEqualTo(POLICY.toBuilder().clearBindings().build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"grant", "condition", "revocation", "none"})
  void planFromJson_ofAPlan_isAppliedCompletely(String seed) {
    String method = "planFromJson_ofAnyText_doesWhatItShowsOrNothing";
    GrantPlan plan =
        policies()
            .grants(NOW)
            .planFromJson(FuzzedText.of(FuzzedText.seed(getClass(), method, seed)));
    assertThat(plan.apply()).isEqualTo(plan.changes());
  }
}
