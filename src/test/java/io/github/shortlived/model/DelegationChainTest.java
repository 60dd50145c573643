package io.github.shortlived.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelegationChainTest {
  private static final ServiceAccount DELEGATE1 =
      ServiceAccount.of("delegate1@p.iam.gserviceaccount.com");
  private static final ServiceAccount DELEGATE2 =
      ServiceAccount.of("delegate2@p.iam.gserviceaccount.com");
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");

  @Test
  void through_severalDelegates_keepsTheirOrder() {
    DelegationChain chain = DelegationChain.through(DELEGATE1, DELEGATE2).to(TARGET);

    assertThat(chain.delegates()).containsExactly(DELEGATE1, DELEGATE2);
  }

  @Test
  void accounts_severalDelegates_endAtTheTarget() {
    DelegationChain chain = DelegationChain.through(DELEGATE1, DELEGATE2).to(TARGET);

    assertThat(chain.accounts()).containsExactly(DELEGATE1, DELEGATE2, TARGET);
  }

  @Test
  void toString_severalDelegates_readsInTheOrderOfTheChain() {
    assertThat(DelegationChain.through(DELEGATE1, DELEGATE2).to(TARGET))
        .hasToString(
            "delegate1@p.iam.gserviceaccount.com -> delegate2@p.iam.gserviceaccount.com ->"
                + " target@p.iam.gserviceaccount.com");
  }

  @Test
  void through_listChangedLater_keepsItsDelegates() {
    List<ServiceAccount> delegates = new ArrayList<>(List.of(DELEGATE1));
    DelegationChain.Through through = DelegationChain.through(delegates);
    delegates.add(DELEGATE2);

    assertThat(through.to(TARGET).delegates()).containsExactly(DELEGATE1);
  }

  @Test
  void delegates_changed_refused() {
    List<ServiceAccount> delegates = DelegationChain.through(DELEGATE1).to(TARGET).delegates();

    assertThatThrownBy(() -> delegates.add(DELEGATE2))
        .isInstanceOf(UnsupportedOperationException.class);
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
    assertThatThrownBy(() -> DelegationChain.through(DELEGATE1, TARGET).to(TARGET))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid delegation chain 'target@p.iam.gserviceaccount.com': the target is not a "
                + "delegate. Pass it only to to(...).");
  }

  @Test
  void to_delegateTwice_refused() {
    assertThatThrownBy(() -> DelegationChain.through(DELEGATE1, DELEGATE2, DELEGATE1).to(TARGET))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid delegation chain 'delegate1@p.iam.gserviceaccount.com': no account appears twice. "
                + "Name each delegate once, in the order of the chain.");
  }
}
