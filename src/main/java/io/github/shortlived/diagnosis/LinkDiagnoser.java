package io.github.shortlived.diagnosis;

import static io.github.shortlived.diagnosis.Evidence.INFERRED;
import static io.github.shortlived.diagnosis.Evidence.OBSERVED;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.audit.AccountAccess.Entry;
import io.github.shortlived.diagnosis.PolicyView.Gone;
import io.github.shortlived.diagnosis.PolicyView.Read;
import io.github.shortlived.diagnosis.PolicyView.Unreadable;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.TokenPermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells why a link refuses, or whether one that no request got to seems to work. */
final class LinkDiagnoser {
  private final PolicyReader policies;

  LinkDiagnoser(PolicyReader policies) {
    this.policies = policies;
  }

  /** A link at which a request really failed. */
  Step refused(Stage.Link link, CredentialException refusal) {
    Fact answer = FailureClassifier.toFact(refusal);
    if (!FailureClassifier.isByPolicy(refusal)) {
      return Step.fails(
          link, OBSERVED, List.of(answer), LinkFindings.answered(link.account(), refusal));
    }
    Judgement judgement = judge(link);
    List<Fact> facts = ImmutableList.<Fact>builder().add(answer).addAll(judgement.facts()).build();
    Finding finding = judgement.finding().orElseGet(() -> LinkFindings.propagating(link));
    return Step.fails(link, evidence(link, finding), facts, finding);
  }

  /** A role unknown to us may pass requests on without issuing the token that was asked for. */
  private static Evidence evidence(Stage.Link link, Finding finding) {
    return link.permission() == TokenPermission.IMPLICIT_DELEGATION
            && finding.kind() == Finding.Kind.ROLE_UNKNOWN
        ? INFERRED
        : OBSERVED;
  }

  /** A link of which no request told whether it refuses, by its policy alone. */
  Step byPolicyAlone(Stage.Link link, List<Fact> facts) {
    Judgement judgement = judge(link);
    return new Step(
        link,
        judgement.status(),
        INFERRED,
        ImmutableList.<Fact>builder().addAll(facts).addAll(judgement.facts()).build(),
        judgement.finding().filter(is -> is.kind() != Finding.Kind.LINK_REFUSED));
  }

  /** A link whose account is in a state of its own, as a request told that was refused before. */
  static Step answered(Stage.Link link, CredentialException answer) {
    Evidence evidence = FailureClassifier.certainty(link.account(), answer);
    Finding told = LinkFindings.answered(link.account(), answer);
    return Step.fails(link, evidence, List.of(FailureClassifier.toFact(answer)), told.by(evidence));
  }

  private Judgement judge(Stage.Link link) {
    PolicyView view = policies.of(link.account());
    if (view instanceof Gone gone) {
      return new Judgement(
          List.of(Fact.observed(gone.why())), LinkFindings.gone(link.account().id()));
    } else if (view instanceof Unreadable unreadable) {
      return new Judgement(List.of(Fact.observed(unreadable.why())), LinkFindings.unread(link));
    } else if (link.member().isEmpty()) {
      return new Judgement(List.of(), LinkFindings.nameless(link));
    }
    Read readable = (Read) view;
    return byPolicy(
        link, new LinkBindings(readable.access(), link.member().get(), link.permission()));
  }

  private Judgement byPolicy(Stage.Link link, LinkBindings reading) {
    List<Fact> facts = new ArrayList<>(facts(link.account(), reading));
    Optional<Finding> finding = Optional.empty();
    if (reading.effective().isEmpty()) {
      finding = LinkFindings.ofForward(link, reading).or(() -> reversed(link, facts));
      finding = finding.or(() -> Optional.of(LinkFindings.ofAbsence(link, reading)));
    }
    return new Judgement(facts, finding);
  }

  private static List<Fact> facts(ServiceAccount account, LinkBindings reading) {
    return reading.own().isEmpty()
        ? List.of(held(account, reading.member(), "nothing"))
        : reading.own().stream().map(entry -> held(account, entry)).toList();
  }

  private static Fact held(ServiceAccount account, Entry entry) {
    return held(account, entry.binding().member(), entry.toString());
  }

  private static Fact held(ServiceAccount account, Member member, String what) {
    return Fact.observed("policy of %s, for %s: %s".formatted(account, Names.of(member), what));
  }

  /** Looks for the common mistake: the role on the account that calls, for the one it calls. */
  private Optional<Finding> reversed(Stage.Link link, List<Fact> facts) {
    return link.member().flatMap(Names::account).flatMap(caller -> reversed(link, caller, facts));
  }

  private Optional<Finding> reversed(Stage.Link link, ServiceAccount caller, List<Fact> facts) {
    PolicyView view = policies.of(caller);
    if (view instanceof Unreadable unreadable) {
      facts.add(Fact.observed("reverse direction not looked at: " + unreadable.why()));
    } else if (view instanceof Read readable) {
      List<Entry> reverse = LinkBindings.reverse(readable.access(), link.account());
      reverse.forEach(entry -> facts.add(held(caller, entry)));
      return reverse.isEmpty()
          ? Optional.empty()
          : Optional.of(LinkFindings.reversed(link, caller));
    }
    return Optional.empty();
  }

  /** What a policy says about a link; without a finding, that it is open. */
  private record Judgement(List<Fact> facts, Optional<Finding> finding) {
    Judgement(List<Fact> facts, Finding finding) {
      this(facts, Optional.of(finding));
    }

    Step.Status status() {
      return finding.map(Finding::kind).map(LinkFindings::statusBy).orElse(Step.Status.WORKS);
    }
  }
}
