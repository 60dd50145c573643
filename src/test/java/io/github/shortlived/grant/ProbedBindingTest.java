package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.grant.CrossAccountGrant.OPEN_ID_TOKEN_CREATOR;
import static io.github.shortlived.grant.CrossAccountGrant.TOKEN_CREATOR;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bindings of a grant, with credentials that do not identify the caller. */
class ProbedBindingTest {
  private static final String DELEGATOR = "projects/demo-project/roles/delegator";
  private static final Binding TO_DELEGATE_1 = binding(DELEGATE_1, TOKEN_CREATOR, CALLER);
  private static final Binding TO_DELEGATE_2 = binding(DELEGATE_2, TOKEN_CREATOR, DELEGATE_1);

  private static Binding binding(ServiceAccount account, String role, ServiceAccount member) {
    return new Binding(account, role, Member.of(member));
  }

  private static List<ProbedBinding> probed(Binding... bindings) {
    try (ShortLivedCredentials unknown =
        ShortLivedCredentials.builder()
            .source(GoogleCredentials.newBuilder().build())
            .endpoints(Endpoints.universe("googleapis.com"))
            .build()) {
      return ProbedBinding.of(new CrossAccountGrant(List.of(bindings)), unknown);
    }
  }

  @Test
  void of_chain_isInTheOrderOfTheChain() {
    List<ProbedBinding> bindings =
        probed(TO_DELEGATE_1, TO_DELEGATE_2, binding(TARGET, TOKEN_CREATOR, DELEGATE_2));
    assertThat(bindings).extracting(ProbedBinding::isTarget).containsExactly(false, false, true);
    assertThat(bindings)
        .extracting(ProbedBinding::target)
        .containsExactly(DELEGATE_1, DelegationChain.through(DELEGATE_1).to(DELEGATE_2), CHAIN);
    assertThat(bindings).extracting(ProbedBinding::isProbed).containsOnly(true);
    assertThat(bindings)
        .extracting(ProbedBinding::toString)
        .containsExactly(
            CALLER + " -> " + DELEGATE_1,
            DELEGATE_1 + " -> " + DELEGATE_2,
            DELEGATE_2 + " -> " + TARGET);
  }

  @Test
  void of_delegateWithAnUnknownRole_isProbedOnlyWithTheNextOne() {
    Binding passing = binding(DELEGATE_2, DELEGATOR, DELEGATE_1);
    Binding last = binding(TARGET, TOKEN_CREATOR, DELEGATE_2);
    List<ProbedBinding> bindings = probed(TO_DELEGATE_1, passing, last);

    assertThat(bindings).extracting(ProbedBinding::isProbed).containsExactly(true, false, true);
    assertThat(bindings.get(2).unverifiedBindings()).containsExactly(passing, last);
    assertThat(bindings.get(2).requiredGrants()).hasSize(2);
    assertThat(bindings.get(2)).hasToString(DELEGATE_1 + " -> " + DELEGATE_2 + " -> " + TARGET);
    assertThat(bindings.get(2).otherCauses())
        .isEqualTo("\nOr " + DELEGATOR + " lacks the permission.");
  }

  @Test
  void of_twoRolesOnADelegate_probesBoth() {
    Binding idTokens = binding(DELEGATE_1, OPEN_ID_TOKEN_CREATOR, CALLER);
    List<ProbedBinding> bindings = probed(TO_DELEGATE_1, idTokens, TO_DELEGATE_2);

    assertThat(bindings).extracting(ProbedBinding::isProbed).containsOnly(true);
    assertThat(bindings).extracting(ProbedBinding::isTarget).containsExactly(false, true, true);
    assertThat(bindings.get(2).bindingsFromCaller()).containsExactly(TO_DELEGATE_1, TO_DELEGATE_2);
  }

  @Test
  void of_sameBindingTwice_isProbedOnce() {
    assertThat(probed(TO_DELEGATE_1, TO_DELEGATE_1)).hasSize(1);
  }
}
