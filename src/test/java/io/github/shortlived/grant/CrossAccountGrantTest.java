package io.github.shortlived.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CrossAccountGrantTest {
  private static final String ROLE = "roles/iam.serviceAccountTokenCreator";
  private static final ServiceAccount CALLER = account("caller");
  private static final ServiceAccount DELEGATE1 = account("delegate1");
  private static final ServiceAccount DELEGATE2 = account("delegate2");
  private static final ServiceAccount TARGET = account("target");
  private static final ServiceAccount BY_ID = ServiceAccount.of("103456789012345678901");

  @Test
  void along_anotherRole_isGrantedOnTheTargetOnly() {
    ServiceAccount delegate = ServiceAccount.of("delegate@p.iam.gserviceaccount.com");
    ServiceAccount end = ServiceAccount.of("end@p.iam.gserviceaccount.com");
    CrossAccountGrant grant =
        CrossAccountGrant.openIdTokenCreator(Member.of("user:me@example.com"))
            .along(DelegationChain.through(delegate).to(end));
    assertThat(grant.bindings())
        .containsExactly(
            new Binding(
                delegate, CrossAccountGrant.TOKEN_CREATOR, Member.of("user:me@example.com")),
            new Binding(end, CrossAccountGrant.OPEN_ID_TOKEN_CREATOR, Member.of(delegate)));
  }

  @Test
  void of_requiredGrants_areItsBindings() {
    RequiredGrant onDelegate = new RequiredGrant(DELEGATE1, ROLE, Optional.of(Member.of(CALLER)));
    RequiredGrant end = new RequiredGrant(TARGET, ROLE, Optional.of(Member.of(DELEGATE1)));
    assertThat(CrossAccountGrant.of(List.of(onDelegate, end)))
        .isEqualTo(
            CrossAccountGrant.tokenCreator(CALLER)
                .along(DelegationChain.through(DELEGATE1).to(TARGET)));
  }

  @Test
  void of_unknownCaller_isRefused() {
    RequiredGrant unknown = new RequiredGrant(TARGET, ROLE, Optional.empty());
    assertThatThrownBy(() -> CrossAccountGrant.of(List.of(unknown)))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageContaining("the source credentials do not identify the caller. Name the caller");
    assertThatThrownBy(() -> CrossAccountGrant.of(List.of()))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageContaining("no required grant is known");
  }

  @Test
  void openIdTokenCreator_account_isItAsAMember() {
    assertThat(CrossAccountGrant.openIdTokenCreator(CALLER).on(TARGET))
        .isEqualTo(CrossAccountGrant.openIdTokenCreator(Member.of(CALLER)).on(TARGET));
  }

  @Test
  void on_account_isOneBinding() {
    assertThat(CrossAccountGrant.tokenCreator(CALLER).on(TARGET).bindings())
        .containsExactly(new Binding(TARGET, ROLE, Member.of(CALLER)));
  }

  @Test
  void on_user_isOneBinding() {
    Member user = Member.of("user:me@example.com");

    assertThat(CrossAccountGrant.tokenCreator(user).on(TARGET).bindings())
        .containsExactly(new Binding(TARGET, ROLE, user));
  }

  @Test
  void on_targetByUniqueId_accepted() {
    assertThat(CrossAccountGrant.tokenCreator(CALLER).on(BY_ID).bindings())
        .containsExactly(new Binding(BY_ID, ROLE, Member.of(CALLER)));
  }

  @Test
  void along_chain_grantsOnEachAccountToTheOneBeforeIt() {
    DelegationChain chain = DelegationChain.through(DELEGATE1, DELEGATE2).to(TARGET);

    assertThat(CrossAccountGrant.tokenCreator(CALLER).along(chain).bindings())
        .containsExactly(
            new Binding(DELEGATE1, ROLE, Member.of(CALLER)),
            new Binding(DELEGATE2, ROLE, Member.of(DELEGATE1)),
            new Binding(TARGET, ROLE, Member.of(DELEGATE2)));
  }

  @Test
  void along_targetByUniqueId_accepted() {
    DelegationChain chain = DelegationChain.through(DELEGATE1).to(BY_ID);

    assertThat(CrossAccountGrant.tokenCreator(CALLER).along(chain).bindings())
        .containsExactly(
            new Binding(DELEGATE1, ROLE, Member.of(CALLER)),
            new Binding(BY_ID, ROLE, Member.of(DELEGATE1)));
  }

  @Test
  void along_delegateByUniqueId_refused() {
    DelegationChain chain = DelegationChain.through(DELEGATE1, BY_ID).to(TARGET);

    assertThatThrownBy(() -> CrossAccountGrant.tokenCreator(CALLER).along(chain))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid member '103456789012345678901': policies name service accounts by email"
                + " address. Name the account by its email address.");
  }

  @Test
  void tokenCreator_memberByUniqueId_refused() {
    assertThatThrownBy(() -> CrossAccountGrant.tokenCreator(BY_ID))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith("Invalid member '103456789012345678901': ");
  }

  @Test
  void along_memberAmongTheDelegates_refused() {
    DelegationChain chain = DelegationChain.through(DELEGATE1, CALLER).to(TARGET);

    assertThatThrownBy(() -> CrossAccountGrant.tokenCreator(CALLER).along(chain))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid grant 'serviceAccount:caller@p.iam.gserviceaccount.com': the member starts the"
                + " chain and is not part of it. Remove it from through(...) and to(...).");
  }

  @Test
  void along_memberIsTheTarget_refused() {
    DelegationChain chain = DelegationChain.through(DELEGATE1).to(CALLER);

    assertThatThrownBy(() -> CrossAccountGrant.tokenCreator(CALLER).along(chain))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith(
            "Invalid grant 'serviceAccount:caller@p.iam.gserviceaccount.com': ");
  }

  @Test
  void new_bindingsChangedLater_keepsWhatItWasGiven() {
    Binding binding = new Binding(TARGET, ROLE, Member.of(CALLER));
    List<Binding> bindings = new ArrayList<>(List.of(binding));
    CrossAccountGrant grant = new CrossAccountGrant(bindings);
    bindings.clear();

    assertThat(grant.bindings()).containsExactly(binding);
  }

  @Test
  void toString_chain_isOneLinePerBinding() {
    DelegationChain chain = DelegationChain.through(DELEGATE1).to(TARGET);

    assertThat(CrossAccountGrant.tokenCreator(CALLER).along(chain))
        .hasToString(
            "roles/iam.serviceAccountTokenCreator on delegate1@p.iam.gserviceaccount.com for"
                + " serviceAccount:caller@p.iam.gserviceaccount.com\n"
                + "roles/iam.serviceAccountTokenCreator on target@p.iam.gserviceaccount.com for"
                + " serviceAccount:delegate1@p.iam.gserviceaccount.com");
  }

  private static ServiceAccount account(String name) {
    return ServiceAccount.of(name + "@p.iam.gserviceaccount.com");
  }
}
