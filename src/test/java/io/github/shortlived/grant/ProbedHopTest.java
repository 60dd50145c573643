package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.HOP_1;
import static io.github.shortlived.DemoProject.HOP_2;
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

/** The hops of a grant, with credentials that do not identify the caller. */
class ProbedHopTest {
  private static final String DELEGATOR = "projects/demo-project/roles/delegator";
  private static final Binding TO_HOP_1 = binding(HOP_1, TOKEN_CREATOR, CALLER);
  private static final Binding TO_HOP_2 = binding(HOP_2, TOKEN_CREATOR, HOP_1);

  private static Binding binding(ServiceAccount account, String role, ServiceAccount member) {
    return new Binding(account, role, Member.of(member));
  }

  private static List<ProbedHop> hops(Binding... bindings) {
    try (ShortLivedCredentials unknown =
        ShortLivedCredentials.builder()
            .source(GoogleCredentials.newBuilder().build())
            .endpoints(Endpoints.universe("googleapis.com"))
            .build()) {
      return ProbedHop.of(new CrossAccountGrant(List.of(bindings)), unknown);
    }
  }

  @Test
  void of_chain_isOnePathToTheTarget() {
    List<ProbedHop> hops = hops(TO_HOP_1, TO_HOP_2, binding(TARGET, TOKEN_CREATOR, HOP_2));
    assertThat(hops).extracting(ProbedHop::isTarget).containsExactly(false, false, true);
    assertThat(hops)
        .extracting(ProbedHop::target)
        .containsExactly(HOP_1, DelegationChain.through(HOP_1).to(HOP_2), CHAIN);
    assertThat(hops).extracting(ProbedHop::isProbed).containsOnly(true);
    assertThat(hops)
        .extracting(ProbedHop::toString)
        .containsExactly(CALLER + " -> " + HOP_1, HOP_1 + " -> " + HOP_2, HOP_2 + " -> " + TARGET);
  }

  @Test
  void of_hopWithAnUnknownRole_isProbedWithTheNextOneAlone() {
    Binding passing = binding(HOP_2, DELEGATOR, HOP_1);
    Binding last = binding(TARGET, TOKEN_CREATOR, HOP_2);
    List<ProbedHop> hops = hops(TO_HOP_1, passing, last);

    assertThat(hops).extracting(ProbedHop::isProbed).containsExactly(true, false, true);
    assertThat(hops.get(2).unverifiedBindings()).containsExactly(passing, last);
    assertThat(hops.get(2).requiredGrants()).hasSize(2);
    assertThat(hops.get(2)).hasToString(HOP_1 + " -> " + HOP_2 + " -> " + TARGET);
    assertThat(hops.get(2).otherCauses()).isEqualTo("\nOr " + DELEGATOR + " lacks the permission.");
  }

  @Test
  void of_twoRolesOnADelegate_probesBoth() {
    Binding idTokens = binding(HOP_1, OPEN_ID_TOKEN_CREATOR, CALLER);
    List<ProbedHop> hops = hops(TO_HOP_1, idTokens, TO_HOP_2);

    assertThat(hops).extracting(ProbedHop::isProbed).containsOnly(true);
    assertThat(hops).extracting(ProbedHop::isTarget).containsExactly(false, true, true);
    assertThat(hops.get(2).path()).containsExactly(TO_HOP_1, TO_HOP_2);
  }

  @Test
  void of_sameBindingTwice_isOneHop() {
    assertThat(hops(TO_HOP_1, TO_HOP_1)).hasSize(1);
  }
}
