package io.github.shortlived.diagnosis;

import static io.github.shortlived.diagnosis.Fact.Evidence.INFERRED;
import static io.github.shortlived.diagnosis.Fact.Evidence.OBSERVED;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.audit.AccountAccess;
import io.github.shortlived.audit.AccountAccess.Entry;
import io.github.shortlived.diagnosis.Diagnosis.Step;
import io.github.shortlived.diagnosis.Diagnosis.Step.Status;
import io.github.shortlived.diagnosis.Fact.Evidence;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.diagnosis.PolicyReader.View;
import io.github.shortlived.diagnosis.PolicyReader.View.AccountMissing;
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
    Fact response = FailureClassifier.toFact(refusal);
    if (!FailureClassifier.isByPolicy(refusal)) {
      return Step.fails(
          link, OBSERVED, List.of(response), LinkFindings.accountState(link.account(), refusal));
    }
    Result result = examine(link);
    Finding finding = result.finding().orElseGet(() -> LinkFindings.propagating(link));
    return Step.fails(link, evidence(link, finding), join(List.of(response), result), finding);
  }

  /** An unknown role may allow delegation, but not the access token of the probe. */
  private static Evidence evidence(Stage.Link link, Finding finding) {
    return link.permission() == TokenPermission.IMPLICIT_DELEGATION
            && finding.kind() == Kind.ROLE_UNKNOWN
        ? INFERRED
        : OBSERVED;
  }

  /** Diagnoses a link by its policy alone: no request showed whether it works. */
  Step byPolicyAlone(Stage.Link link, List<Fact> facts) {
    Result result = examine(link);
    return new Step(
        link,
        result.status(),
        INFERRED,
        join(facts, result),
        result.finding().filter(found -> found.kind() != Kind.LINK_REFUSED));
  }

  private static List<Fact> join(List<Fact> facts, Result result) {
    return ImmutableList.<Fact>builder().addAll(facts).addAll(result.facts()).build();
  }

  /** Returns the step of a link whose account does not exist or does not work. */
  static Step accountState(Stage.Link link, CredentialException failure) {
    Evidence evidence = FailureClassifier.evidence(link.account(), failure);
    return Step.fails(
        link,
        evidence,
        List.of(FailureClassifier.toFact(failure)),
        LinkFindings.accountState(link.account(), failure).withEvidence(evidence));
  }

  private Result examine(Stage.Link link) {
    View view = policies.read(link.account());
    if (view instanceof AccountMissing missing) {
      return new Result(missing.reason(), LinkFindings.accountNotFound(link.account()));
    } else if (view instanceof Unreadable unreadable) {
      return new Result(unreadable.reason(), LinkFindings.policyNotReadable(link));
    }
    AccountAccess access = ((Read) view).access();
    return link.member()
        .map(member -> examine(link, new LinkBindings(access, member, link.permission())))
        .orElseGet(() -> new Result(List.of(), Optional.of(LinkFindings.memberUnknown(link))));
  }

  private Result examine(Stage.Link link, LinkBindings bindings) {
    List<Fact> facts = new ArrayList<>();
    bindings.own().forEach(own -> facts.add(fact(link.account(), own.binding().member(), own)));
    if (facts.isEmpty()) {
      facts.add(fact(link.account(), bindings.member(), "nothing"));
    }
    Optional<Finding> finding = Optional.empty();
    if (bindings.effective().isEmpty()) {
      finding =
          LinkFindings.ofBinding(link, bindings)
              .or(
                  () ->
                      LinkBindings.serviceAccount(bindings.member())
                          .flatMap(caller -> reversed(link, caller, facts)))
              .or(() -> Optional.of(LinkFindings.ofOtherBindings(link, bindings)));
    }
    return new Result(facts, finding);
  }

  private static Fact fact(ServiceAccount account, Member member, Object text) {
    return Fact.observed(
        "policy of %s, for %s: %s".formatted(account, RequestText.name(member), text));
  }

  /** Looks for a common mistake: the role was granted on the account that calls. */
  private Optional<Finding> reversed(Stage.Link link, ServiceAccount caller, List<Fact> facts) {
    View view = policies.read(caller);
    if (view instanceof Unreadable unreadable) {
      facts.add(Fact.observed("reverse direction not examined: " + unreadable.reason()));
    }
    List<Entry> reverse =
        view instanceof Read read ? LinkBindings.reverse(read.access(), link.account()) : List.of();
    reverse.forEach(entry -> facts.add(fact(caller, entry.binding().member(), entry)));
    return reverse.isEmpty() ? Optional.empty() : Optional.of(LinkFindings.reversed(link, caller));
  }

  /** The result of examining a policy; without a finding, the policy allows the link. */
  private record Result(List<Fact> facts, Optional<Finding> finding) {
    Result(String fact, Finding finding) {
      this(List.of(Fact.observed(fact)), Optional.of(finding));
    }

    Status status() {
      if (finding.isEmpty()) {
        return Status.WORKS;
      }
      return switch (finding.get().kind()) {
        case CONDITION_NOT_MET, NOT_A_MEMBER, ROLE_UNKNOWN, LINK_REFUSED -> Status.UNKNOWN;
        default -> Status.FAILS;
      };
    }
  }
}
