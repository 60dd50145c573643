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

/** Finds out from policies why a link is refused, or whether a link seems to work. */
final class LinkDiagnoser {
  private final PolicyReader policies;

  LinkDiagnoser(PolicyReader policies) {
    this.policies = policies;
  }

  /** Diagnoses a link at which a request was refused. */
  Step refused(Stage.Link link, CredentialException refusal) {
    boolean byPolicy =
        refusal instanceof CredentialException.PermissionDenied denied
            && !denied.requiredGrants().isEmpty();
    if (!byPolicy) {
      return Step.fails(link, refusal, LinkFindings.accountState(link.account(), refusal));
    }
    List<Fact> facts = new ArrayList<>(List.of(Fact.of(refusal)));
    Finding finding = examine(link, facts).orElseGet(() -> new LinkFindings(link).propagating());
    // An unknown role may allow delegation, but not the access token of the probe.
    boolean uncertain =
        link.permission() == TokenPermission.IMPLICIT_DELEGATION
            && finding.kind() == Kind.ROLE_UNKNOWN;
    return Step.fails(link, uncertain ? INFERRED : OBSERVED, facts, finding);
  }

  /** Diagnoses a link by its policy alone: no request showed whether it works. */
  Step byPolicyAlone(Stage.Link link, List<Fact> observed) {
    List<Fact> facts = new ArrayList<>(observed);
    Optional<Finding> finding = examine(link, facts);
    Status status = finding.map(LinkDiagnoser::status).orElse(Status.WORKS);
    return new Step(
        link, status, INFERRED, facts, finding.filter(found -> found.kind() != Kind.LINK_REFUSED));
  }

  /** Returns whether the policy allows the link now, without a condition to evaluate. */
  boolean allows(Stage.Link link) {
    return policies.read(link.account()) instanceof Read read
        && link.member()
            .filter(member -> new LinkBindings(read.access(), member, link.permission()).isAllowed())
            .isPresent();
  }

  private static Status status(Finding finding) {
    return switch (finding.kind()) {
      case CONDITION_NOT_MET, NOT_A_MEMBER, ROLE_UNKNOWN, LINK_REFUSED -> Status.UNKNOWN;
      default -> Status.FAILS;
    };
  }

  /** Returns the step of a link whose account does not exist or does not work. */
  static Step accountState(Stage.Link link, CredentialException failure) {
    Finding finding = LinkFindings.likelyAccountState(link.account(), failure);
    return Step.fails(link, finding.evidence(), List.of(Fact.of(failure)), finding);
  }

  /** Adds the content of the policy to the facts; returns why it does not allow the link. */
  private Optional<Finding> examine(Stage.Link link, List<Fact> facts) {
    View view = policies.read(link.account());
    if (view instanceof Unreadable unreadable) {
      facts.add(Fact.observed(unreadable.reason()));
      return Optional.of(
          unreadable.accountMissing()
              ? LinkFindings.accountNotFound(link.account())
              : new LinkFindings(link).policyNotReadable());
    } else if (link.member().isEmpty()) {
      return Optional.of(new LinkFindings(link).memberUnknown());
    }
    Member member = link.member().get();
    return examine(
        link, new LinkBindings(((Read) view).access(), member, link.permission()), facts);
  }

  private Optional<Finding> examine(Stage.Link link, LinkBindings bindings, List<Fact> facts) {
    bindings.own().forEach(own -> facts.add(fact(link.account(), own.binding().member(), own)));
    if (bindings.own().isEmpty()) {
      facts.add(fact(link.account(), bindings.member(), "nothing"));
    }
    if (bindings.isAllowed()) {
      return Optional.empty();
    } else if (!bindings.unexpired().isEmpty()) {
      return Optional.of(new LinkFindings(link).conditionNotMet());
    } else if (!bindings.withPermission().isEmpty()) {
      return Optional.of(new LinkFindings(link).expired());
    }
    return RequestText.serviceAccount(bindings.member())
        .flatMap(caller -> reversed(link, caller, facts))
        .or(() -> Optional.of(new LinkFindings(link).ofOtherBindings(bindings)));
  }

  private static Fact fact(ServiceAccount account, Member member, Object text) {
    return Fact.observed(
        "policy of %s, for %s: %s".formatted(account, RequestText.name(member), text));
  }

  /** Looks for a common mistake: the role was granted on the account that calls. */
  private Optional<Finding> reversed(Stage.Link link, ServiceAccount caller, List<Fact> facts) {
    View view = policies.read(caller);
    if (view instanceof Unreadable unreadable && !unreadable.accountMissing()) {
      facts.add(Fact.observed("reverse direction not examined: " + unreadable.reason()));
    }
    List<Entry> reverse =
        view instanceof Read read ? LinkBindings.reverse(read.access(), link.account()) : List.of();
    reverse.forEach(entry -> facts.add(fact(caller, entry.binding().member(), entry)));
    return reverse.isEmpty()
        ? Optional.empty()
        : Optional.of(new LinkFindings(link).reversed(caller));
  }
}
