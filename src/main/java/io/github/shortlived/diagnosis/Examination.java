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
 * Examines a request stage by stage. The links are those of the path from the caller to the target;
 * without links, the target is the source's own account. For one thread.
 */
record Examination(
    SourceStep source, RequestStep request, List<Stage.Link> links, LinkDiagnoser diagnoser) {
  private static final Stage SERVICE = new Stage.Service();

  // These failures say nothing about the policies, which are still worth reading.
  private static final Set<Kind> INDEPENDENT_OF_POLICIES =
      Set.of(Kind.API_DISABLED, Kind.QUOTA_EXCEEDED);

  private static final List<Fact> NOT_REACHED =
      List.of(Fact.observed("no request reached this link"));
  private static final Fact FROM_MISSING_ACCOUNT =
      new Fact(Fact.Evidence.INFERRED, "no request can come from an account that does not exist");

  List<Step> steps() {
    Optional<CredentialException> failure = source.probe();
    if (failure.isPresent()) {
      return withoutSource(failure.get());
    }
    return links.isEmpty() ? List.of(source.works(), ownCredential()) : alongPath();
  }

  private List<Step> withoutSource(CredentialException failure) {
    Stream<Stage> others =
        links.isEmpty()
            ? Stream.of(request.stage())
            : Stream.concat(Stream.of(SERVICE), links.stream());
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
    Optional<Stage.Link> link = ownLink(failure);
    if (link.isPresent()) {
      return diagnoser.refused(link.get(), failure);
    }
    return request.causes(failure)
        ? request.rejected(failure, request.probeMinimal())
        : Step.fails(request.stage(), failure, ownFinding(failure));
  }

  /** Without a key the source signs through IAM, and needs a role on its own account for that. */
  private Optional<Stage.Link> ownLink(CredentialException failure) {
    if (!(failure instanceof PermissionDenied denied) || denied.requiredGrants().size() != 1) {
      return Optional.empty();
    }
    RequiredGrant grant = denied.requiredGrants().get(0);
    TokenPermission permission = RequestText.permission(request.request());
    return Optional.of(new Stage.Link(grant.member(), grant.account(), permission));
  }

  private Finding ownFinding(CredentialException failure) {
    if (FailureClassifier.isAccountState(failure)) {
      // Without a key, IAM responds about the source's account as about any other.
      return source
          .caller()
          .flatMap(RequestText::serviceAccount)
          .map(account -> LinkFindings.likelyAccountState(account, failure))
          .orElse(ServiceFindings.REFUSED_OTHERWISE);
    } else if (!(failure instanceof SourceCredentials)) {
      return ServiceFindings.ofService(failure);
    }
    boolean gaveNoToken = failure.reason().equals(Optional.of("invalid_grant"));
    return gaveNoToken
        ? source.noToken(failure)
        : source.impersonation(failure).orElseGet(() -> ServiceFindings.ofToken(failure));
  }

  /** Examines a path; probes it by a minimal request if the content is rejected. */
  private List<Step> alongPath() {
    Optional<CredentialException> failure = request.probe();
    if (failure.filter(FailureClassifier::isExpiredOnArrival).isPresent()) {
      return steps(Optional.empty(), failure.map(request::expiredOnArrival));
    }
    Optional<CredentialException> rejection = failure.filter(request::causes);
    Optional<CredentialException> refusal = rejection.isEmpty() ? failure : request.probeMinimal();
    return steps(refusal, rejection.map(rejected -> request.rejected(rejected, refusal)));
  }

  private List<Step> steps(Optional<CredentialException> refusal, Optional<Step> ofRequest) {
    ProbedPath path = ProbedPath.probe(links, refusal, request);
    List<Step> steps = new ArrayList<>();
    steps.add(source(path.aborted()));
    steps.add(service(path.aborted()));
    steps.addAll(inOrder(links(path)));
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
        .filter(FailureClassifier::isAboutTheService)
        .map(failure -> Step.fails(SERVICE, failure, ServiceFindings.ofService(failure)))
        .orElseGet(() -> Step.unknown(SERVICE));
  }

  private List<Step> links(ProbedPath path) {
    List<Step> steps = new ArrayList<>();
    boolean unreachable = false;
    for (int number = 1; number <= links.size(); number++) {
      Step step =
          unreachable ? Step.unknown(path.link(number), FROM_MISSING_ACCOUNT) : link(number, path);
      steps.add(step);
      unreachable = step.finding().map(Finding::kind).equals(Optional.of(Kind.ACCOUNT_NOT_FOUND));
    }
    return steps;
  }

  /** Proposes the reverse order of the chain, instead of grants, if the policies allow that. */
  private List<Step> inOrder(List<Step> steps) {
    List<Stage.Link> reversed = reversed();
    List<Step> ungranted = steps.stream().filter(Examination::isCuredByGrant).toList();
    if (ungranted.isEmpty() || links.size() < 3 || !reversed.stream().allMatch(diagnoser::allows)) {
      return steps;
    }
    Finding finding = LinkFindings.chainReversed(reversed);
    return steps.stream()
        .map(
            step ->
                isCuredByGrant(step)
                    ? step.withFinding(
                        Optional.of(finding).filter(found -> step.equals(ungranted.get(0))))
                    : step)
        .toList();
  }

  private static boolean isCuredByGrant(Step step) {
    return step.finding().filter(found -> found.remedy().grant().isPresent()).isPresent();
  }

  private List<Stage.Link> reversed() {
    List<ServiceAccount> accounts = links.stream().map(Stage.Link::account).collect(toCollection(ArrayList::new));
    Collections.reverse(accounts.subList(0, accounts.size() - 1));
    return ProbedPath.links(links.get(0).member(), accounts, RequestText.permission(request.request()));
  }

  private Step link(int number, ProbedPath path) {
    Stage.Link link = path.link(number);
    if (path.aborted().isPresent()) {
      return accountState(number, path).orElseGet(() -> undecided(number, path));
    } else if (number < path.firstFailing()) {
      return passed(number, path);
    } else if (number == path.firstFailing()) {
      return diagnoser.refused(link, path.refusals().get(0));
    }
    return accountState(number, path).orElseGet(() -> diagnoser.byPolicyAlone(link, NOT_REACHED));
  }

  private static Step passed(int number, ProbedPath path) {
    Stage.Link link = path.link(number);
    String fact =
        number < path.lastWorking()
            ? "a request for %s passed this link".formatted(path.link(path.lastWorking()).account())
            : "%s of %s was issued and discarded"
                .formatted(RequestText.withArticle(link.permission()), link.account());
    return Step.observedToWork(link, fact);
  }

  /** A service reports a missing account before it checks who may use it. */
  private static Optional<Step> accountState(int number, ProbedPath path) {
    boolean sameBefore =
        path.refusal(number - 1).filter(FailureClassifier::isAccountState).isPresent();
    return path.refusal(number)
        .filter(failure -> !sameBefore && FailureClassifier.isAccountState(failure))
        .map(failure -> LinkDiagnoser.accountState(path.link(number), failure));
  }

  /** Returns the step of a link about which the aborted probing says nothing certain. */
  private Step undecided(int number, ProbedPath path) {
    boolean refused = !path.refusals().isEmpty();
    List<Fact> facts = number == path.lastWorking() + 1 ? refusedUpToHere(path) : List.of();
    return path.aborted().filter(failure -> readsPolicies(failure, refused)).isPresent()
        ? diagnoser.byPolicyAlone(path.link(number), refused ? facts : NOT_REACHED)
        : Step.unknown(path.link(number), facts.toArray(Fact[]::new));
  }

  private static boolean readsPolicies(CredentialException aborted, boolean refused) {
    Kind kind = ServiceFindings.ofService(aborted).kind();
    return FailureClassifier.isAboutTheService(aborted)
        && (INDEPENDENT_OF_POLICIES.contains(kind) || (refused && kind == Kind.UNAVAILABLE));
  }

  private static List<Fact> refusedUpToHere(ProbedPath path) {
    return List.of(
        Fact.of(path.refusals().get(0)),
        Fact.observed(
            "which link up to here refuses is unknown: the request for a shorter path failed for"
                + " another reason"));
  }
}
