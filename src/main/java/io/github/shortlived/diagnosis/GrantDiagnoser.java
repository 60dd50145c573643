package io.github.shortlived.diagnosis;

import static io.github.shortlived.diagnosis.Fact.Evidence.INFERRED;
import static io.github.shortlived.diagnosis.Fact.Evidence.OBSERVED;

import io.github.shortlived.audit.AccountAccess.Entry;
import io.github.shortlived.diagnosis.Diagnosis.Step;
import io.github.shortlived.diagnosis.Diagnosis.Step.Status;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.diagnosis.PolicyReader.View;
import io.github.shortlived.diagnosis.PolicyReader.View.Read;
import io.github.shortlived.diagnosis.PolicyReader.View.Unreadable;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.TokenPermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out from policies why an account refuses, or whether a grant seems to work. */
final class GrantDiagnoser {
  private final PolicyReader policies;

  GrantDiagnoser(PolicyReader policies) {
    this.policies = policies;
  }

  /** Diagnoses an account that refused a request. */
  Step refused(Stage.Grant grant, CredentialException refusal) {
    boolean byPolicy =
        refusal instanceof CredentialException.PermissionDenied denied
            && !denied.requiredGrants().isEmpty();
    if (!byPolicy) {
      return Step.fails(grant, refusal, GrantFindings.accountState(grant.account(), refusal));
    }
    List<Fact> facts = new ArrayList<>(List.of(Fact.of(refusal)));
    Finding finding = examine(grant, facts).orElseGet(() -> new GrantFindings(grant).propagating());
    // An unknown role may allow delegation, but not the access token of the probe.
    boolean uncertain =
        grant.permission() == TokenPermission.IMPLICIT_DELEGATION
            && finding.kind() == Kind.ROLE_UNKNOWN;
    return Step.fails(grant, uncertain ? INFERRED : OBSERVED, facts, finding);
  }

  /** Diagnoses a grant by the policy alone: no request showed whether it works. */
  Step byPolicyAlone(Stage.Grant grant, List<Fact> observed) {
    List<Fact> facts = new ArrayList<>(observed);
    Optional<Finding> finding = examine(grant, facts);
    Status status = finding.map(GrantDiagnoser::status).orElse(Status.WORKS);
    return new Step(
        grant,
        status,
        INFERRED,
        facts,
        finding.filter(found -> found.kind() != Kind.ACCESS_DENIED));
  }

  /** Returns whether the policy allows the grant's member now, without a condition to evaluate. */
  boolean allows(Stage.Grant grant) {
    return policies.read(grant.account()) instanceof Read read
        && grant
            .member()
            .filter(m -> new GrantBindings(read.access(), m, grant.permission()).isAllowed())
            .isPresent();
  }

  private static Status status(Finding finding) {
    return switch (finding.kind()) {
      case CONDITION_NOT_MET, NOT_A_MEMBER, ROLE_UNKNOWN, ACCESS_DENIED -> Status.UNKNOWN;
      default -> Status.FAILS;
    };
  }

  /** Returns the step of a grant whose account does not exist or does not work. */
  static Step accountState(Stage.Grant grant, CredentialException failure) {
    Finding finding = GrantFindings.likelyAccountState(grant.account(), failure);
    return Step.fails(grant, finding.evidence(), List.of(Fact.of(failure)), finding);
  }

  /** Adds the content of the policy to the facts; returns why it does not give the permission. */
  private Optional<Finding> examine(Stage.Grant grant, List<Fact> facts) {
    View view = policies.read(grant.account());
    if (view instanceof Unreadable unreadable) {
      facts.add(Fact.observed(unreadable.reason()));
      return Optional.of(
          unreadable.accountMissing()
              ? GrantFindings.accountNotFound(grant.account())
              : new GrantFindings(grant).policyNotReadable());
    } else if (grant.member().isEmpty()) {
      return Optional.of(new GrantFindings(grant).memberUnknown());
    }
    Member member = grant.member().get();
    return examine(
        grant, new GrantBindings(((Read) view).access(), member, grant.permission()), facts);
  }

  private Optional<Finding> examine(Stage.Grant grant, GrantBindings bindings, List<Fact> facts) {
    bindings.own().forEach(own -> facts.add(fact(grant.account(), own.binding().member(), own)));
    if (bindings.own().isEmpty()) {
      facts.add(fact(grant.account(), bindings.member(), "nothing"));
    }
    if (bindings.isAllowed()) {
      return Optional.empty();
    } else if (!bindings.unexpired().isEmpty()) {
      return Optional.of(new GrantFindings(grant).conditionNotMet());
    } else if (!bindings.withPermission().isEmpty()) {
      return Optional.of(new GrantFindings(grant).expired());
    }
    return RequestText.serviceAccount(bindings.member())
        .flatMap(caller -> reversed(grant, caller, facts))
        .or(() -> Optional.of(new GrantFindings(grant).ofOtherBindings(bindings)));
  }

  private static Fact fact(ServiceAccount account, Member member, Object text) {
    return Fact.observed(
        "policy of %s, for %s: %s".formatted(account, RequestText.name(member), text));
  }

  /** Looks for a common mistake: the role was granted on the account that calls. */
  private Optional<Finding> reversed(Stage.Grant grant, ServiceAccount caller, List<Fact> facts) {
    View view = policies.read(caller);
    if (view instanceof Unreadable unreadable && !unreadable.accountMissing()) {
      facts.add(Fact.observed("reverse direction not examined: " + unreadable.reason()));
    }
    List<Entry> reverse =
        view instanceof Read read
            ? GrantBindings.reverse(read.access(), grant.account())
            : List.of();
    reverse.forEach(entry -> facts.add(fact(caller, entry.binding().member(), entry)));
    return reverse.isEmpty()
        ? Optional.empty()
        : Optional.of(new GrantFindings(grant).reversed(caller));
  }
}
