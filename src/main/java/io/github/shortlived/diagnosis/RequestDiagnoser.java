package io.github.shortlived.diagnosis;

import static java.util.stream.Collectors.toCollection;

import io.github.shortlived.diagnosis.Diagnosis.Step;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.SourceCredentials;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.TokenPermission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Diagnoses a request stage by stage. For one thread.
 *
 * @param grants the grants that the request needs, from the caller to the target; empty if the
 *     target is the source's own account
 */
record RequestDiagnoser(
    SourceExaminer source,
    RequestExaminer request,
    List<Stage.Grant> grants,
    GrantDiagnoser diagnoser) {
  private static final Stage SERVICE = new Stage.Service();

  // These failures say nothing about the policies, which are still worth reading.
  private static final Set<Kind> INDEPENDENT_OF_POLICIES =
      Set.of(Kind.API_DISABLED, Kind.QUOTA_EXCEEDED);

  private static final List<Fact> NOT_REACHED =
      List.of(Fact.observed("no request reached this account"));
  private static final Fact FROM_MISSING_ACCOUNT =
      new Fact(Fact.Evidence.INFERRED, "no request can come from an account that does not exist");

  List<Step> steps() {
    Optional<CredentialException> failure = source.probe();
    if (failure.isPresent()) {
      return withoutSource(failure.get());
    }
    return grants.isEmpty() ? List.of(source.works(), ownCredential()) : alongChain();
  }

  private List<Step> withoutSource(CredentialException failure) {
    Stream<Stage> others =
        grants.isEmpty()
            ? Stream.of(request.stage())
            : Stream.concat(Stream.of(SERVICE), grants.stream());
    return Stream.concat(Stream.of(source.broken(failure)), others.map(Step::unknown)).toList();
  }

  /** Examines a request for a credential of the source's own account. */
  private Step ownCredential() {
    return request.probe().map(this::withoutOwnCredential).orElseGet(request::works);
  }

  private Step withoutOwnCredential(CredentialException failure) {
    if (FailureClassifier.isExpiredOnArrival(failure)) {
      return request.expiredOnArrival(failure);
    }
    Optional<Stage.Grant> grant = ownGrant(failure);
    if (grant.isPresent()) {
      return diagnoser.refused(grant.get(), failure);
    }
    return request.causes(failure)
        ? request.rejected(failure, request.probeMinimal())
        : Step.fails(request.stage(), failure, ownFinding(failure));
  }

  /** Without a key the source signs through IAM, and needs a role on its own account for that. */
  private Optional<Stage.Grant> ownGrant(CredentialException failure) {
    if (!(failure instanceof PermissionDenied denied) || denied.requiredGrants().size() != 1) {
      return Optional.empty();
    }
    RequiredGrant required = denied.requiredGrants().get(0);
    TokenPermission permission = RequestText.permission(request.request());
    return Optional.of(new Stage.Grant(required.member(), required.account(), permission));
  }

  private Finding ownFinding(CredentialException failure) {
    if (FailureClassifier.isAccountState(failure)) {
      // Without a key, IAM responds about the source's account as about any other.
      return source
          .caller()
          .flatMap(RequestText::serviceAccount)
          .map(account -> GrantFindings.likelyAccountState(account, failure))
          .orElse(ServiceFindings.REFUSED_OTHERWISE);
    } else if (!(failure instanceof SourceCredentials)) {
      return ServiceFindings.ofService(failure);
    }
    boolean returnedNoToken = failure.reason().equals(Optional.of("invalid_grant"));
    return returnedNoToken
        ? source.noToken(failure)
        : source.impersonation(failure).orElseGet(() -> ServiceFindings.ofToken(failure));
  }

  /** Diagnoses each account of the chain, by a minimal request if the content is rejected. */
  private List<Step> alongChain() {
    Optional<CredentialException> failure = request.probe();
    if (failure.filter(FailureClassifier::isExpiredOnArrival).isPresent()) {
      return steps(Optional.empty(), failure.map(request::expiredOnArrival));
    }
    Optional<CredentialException> rejection = failure.filter(request::causes);
    Optional<CredentialException> refusal = rejection.isEmpty() ? failure : request.probeMinimal();
    return steps(refusal, rejection.map(rejected -> request.rejected(rejected, refusal)));
  }

  private List<Step> steps(Optional<CredentialException> refusal, Optional<Step> ofRequest) {
    ProbedChain chain = ProbedChain.probe(grants, refusal, request);
    List<Step> steps = new ArrayList<>();
    steps.add(source(chain.aborted()));
    steps.add(service(chain.aborted()));
    steps.addAll(inOrder(grants(chain)));
    ofRequest.ifPresent(steps::add);
    return steps;
  }

  private Step source(Optional<CredentialException> aborted) {
    return aborted
        .filter(SourceCredentials.class::isInstance)
        .map(source::notAccepted)
        .orElseGet(source::works);
  }

  private static Step service(Optional<CredentialException> aborted) {
    if (aborted.isEmpty()) {
      return Step.observedToWork(SERVICE, "it responded");
    }
    return aborted
        .filter(FailureClassifier::isNotFromSourceOrRequest)
        .map(failure -> Step.fails(SERVICE, failure, ServiceFindings.ofService(failure)))
        .orElseGet(() -> Step.unknown(SERVICE));
  }

  private List<Step> grants(ProbedChain chain) {
    List<Step> steps = new ArrayList<>();
    boolean unreachable = false;
    for (int number = 1; number <= grants.size(); number++) {
      Step step =
          unreachable
              ? Step.unknown(chain.grant(number), FROM_MISSING_ACCOUNT)
              : grant(number, chain);
      steps.add(step);
      unreachable = step.finding().map(Finding::kind).equals(Optional.of(Kind.ACCOUNT_NOT_FOUND));
    }
    return steps;
  }

  /** Proposes the reverse order of the chain, instead of grants, if the policies allow that. */
  private List<Step> inOrder(List<Step> steps) {
    List<Stage.Grant> reversed = reversed();
    List<Step> ungranted = steps.stream().filter(RequestDiagnoser::isCuredByGrant).toList();
    if (ungranted.isEmpty()
        || grants.size() < 3
        || !reversed.stream().allMatch(diagnoser::allows)) {
      return steps;
    }
    Step first = ungranted.get(0).withFinding(Optional.of(GrantFindings.chainReversed(reversed)));
    return steps.stream()
        .map(step -> step.equals(ungranted.get(0)) ? first : withoutGrant(step))
        .toList();
  }

  private static Step withoutGrant(Step step) {
    return isCuredByGrant(step) ? step.withFinding(Optional.empty()) : step;
  }

  private static boolean isCuredByGrant(Step step) {
    return step.finding().filter(found -> found.remedy().grant().isPresent()).isPresent();
  }

  private List<Stage.Grant> reversed() {
    List<ServiceAccount> accounts =
        grants.stream().map(Stage.Grant::account).collect(toCollection(ArrayList::new));
    Collections.reverse(accounts.subList(0, accounts.size() - 1));
    return ProbedChain.grants(
        grants.get(0).member(), accounts, RequestText.permission(request.request()));
  }

  private Step grant(int number, ProbedChain chain) {
    Stage.Grant grant = chain.grant(number);
    if (chain.aborted().isPresent()) {
      return accountState(number, chain).orElseGet(() -> undecided(number, chain));
    } else if (number < chain.firstFailing()) {
      return passed(number, chain);
    } else if (number == chain.firstFailing()) {
      return diagnoser.refused(grant, chain.refusals().get(0));
    }
    return accountState(number, chain).orElseGet(() -> diagnoser.byPolicyAlone(grant, NOT_REACHED));
  }

  private static Step passed(int number, ProbedChain chain) {
    Stage.Grant grant = chain.grant(number);
    String fact =
        number < chain.lastWorking()
            ? "a request for %s passed this account"
                .formatted(chain.grant(chain.lastWorking()).account())
            : "%s of %s was issued and discarded"
                .formatted(RequestText.withArticle(grant.permission()), grant.account());
    return Step.observedToWork(grant, fact);
  }

  /** A service reports a missing account before it checks who may use it. */
  private static Optional<Step> accountState(int number, ProbedChain chain) {
    boolean sameBefore =
        chain.refusal(number - 1).filter(FailureClassifier::isAccountState).isPresent();
    return chain
        .refusal(number)
        .filter(failure -> !sameBefore && FailureClassifier.isAccountState(failure))
        .map(failure -> GrantDiagnoser.accountState(chain.grant(number), failure));
  }

  /** Returns the step of a grant whose state is uncertain, because probing was aborted. */
  private Step undecided(int number, ProbedChain chain) {
    boolean refused = !chain.refusals().isEmpty();
    List<Fact> facts = number == chain.lastWorking() + 1 ? refusedUpToHere(chain) : List.of();
    return chain.aborted().filter(failure -> readsPolicies(failure, refused)).isPresent()
        ? diagnoser.byPolicyAlone(chain.grant(number), refused ? facts : NOT_REACHED)
        : Step.unknown(chain.grant(number), facts.toArray(Fact[]::new));
  }

  private static boolean readsPolicies(CredentialException aborted, boolean refused) {
    Kind kind = ServiceFindings.ofService(aborted).kind();
    return FailureClassifier.isNotFromSourceOrRequest(aborted)
        && (INDEPENDENT_OF_POLICIES.contains(kind) || (refused && kind == Kind.UNAVAILABLE));
  }

  private static List<Fact> refusedUpToHere(ProbedChain chain) {
    return List.of(
        Fact.of(chain.refusals().get(0)),
        Fact.observed(
            "which account up to here refuses is unknown: the request for a shorter chain failed"
                + " for another reason"));
  }
}
