package io.github.shortlived.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelegationChainTest {
  private static final ServiceAccount HOP1 = ServiceAccount.of("hop1@p.iam.gserviceaccount.com");
  private static final ServiceAccount HOP2 = ServiceAccount.of("hop2@p.iam.gserviceaccount.com");
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");

  @Test
  void through_severalHops_keepsTravelOrder() {
    DelegationChain chain = DelegationChain.through(HOP1, HOP2).to(TARGET);

    assertThat(chain.delegates()).containsExactly(HOP1, HOP2);
  }

  @Test
  void hops_severalHops_endAtTheTarget() {
    DelegationChain chain = DelegationChain.through(HOP1, HOP2).to(TARGET);

    assertThat(chain.hops()).containsExactly(HOP1, HOP2, TARGET);
  }

  @Test
  void toString_severalHops_readsInTravelOrder() {
    assertThat(DelegationChain.through(HOP1, HOP2).to(TARGET))
        .hasToString(
            "hop1@p.iam.gserviceaccount.com -> hop2@p.iam.gserviceaccount.com ->"
                + " target@p.iam.gserviceaccount.com");
  }

  @Test
  void through_listChangedLater_keepsItsDelegates() {
    List<ServiceAccount> delegates = new ArrayList<>(List.of(HOP1));
    DelegationChain.Through through = DelegationChain.through(delegates);
    delegates.add(HOP2);

    assertThat(through.to(TARGET).delegates()).containsExactly(HOP1);
  }

  @Test
  void delegates_changed_refused() {
    List<ServiceAccount> delegates = DelegationChain.through(HOP1).to(TARGET).delegates();

    assertThatThrownBy(() -> delegates.add(HOP2)).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void to_noDelegate_refused() {
    assertThatThrownBy(() -> DelegationChain.through(List.of()).to(TARGET))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid delegation chain 'target@p.iam.gserviceaccount.com': a chain needs at least one delegate. For a direct request use the service account itself as target.");
  }

  @Test
  void to_targetAmongDelegates_refused() {
    assertThatThrownBy(() -> DelegationChain.through(HOP1, TARGET).to(TARGET))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid delegation chain 'target@p.iam.gserviceaccount.com': the target is not a "
                + "delegate. Pass it only to to(...).");
  }

  @Test
  void to_delegateTwice_refused() {
    assertThatThrownBy(() -> DelegationChain.through(HOP1, HOP2, HOP1).to(TARGET))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid delegation chain 'hop1@p.iam.gserviceaccount.com': no account appears twice. "
                + "Name each delegate once, in the order of the path.");
  }
}
