package io.github.shortlived.diagnosis;

import static io.github.shortlived.diagnosis.Evidence.OBSERVED;

import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One examination of a request for somebody else's credential, by one thread. */
final class ChainExamination {
  private static final Stage SERVICE = new Stage.Service();
  // After these the policies are worth a look: they fail for a reason of their own.
  private static final Set<Kind> BESIDE_POLICIES = Set.of(Kind.API_DISABLED, Kind.QUOTA_EXCEEDED);

  private static final List<Fact> NOT_REACHED = List.of(Fact.observed("no request got here"));
  private static final Fact FROM_NOWHERE =
      Fact.inferred("nobody comes from an account that does not exist");

  private final RequestStep demand;
  private final CredentialProber prober;
  private final LinkDiagnoser judge;
  private final Route route;
  private final SourceStep source;

  ChainExamination(
      CredentialRequest<?> request,
      Optional<Member> caller,
      CredentialProber prober,
      LinkDiagnoser judge) {
    this.demand = new RequestStep(request, prober);
    this.prober = prober;
    this.judge = judge;
    this.route =
        new Route(caller, Route.accountsOf(request.target()), RequestText.permission(request));
    this.source = new SourceStep(prober, caller);
  }

  List<Step> steps() {
    return prober.probeSource().map(this::withoutSource).orElseGet(this::withSource);
  }

  private List<Step> withoutSource(CredentialException failure) {
    Stream<Step> unknown = Stream.concat(Stream.of(SERVICE), links()).map(Step::unknown);
    return Stream.concat(Stream.of(source.broken(failure)), unknown).toList();
  }

  /** A request that is refused for what it says keeps the way to its target from being seen. */
  private List<Step> withSource() {
    CredentialProber.Answer answer = prober.probe(demand.request());
    Optional<CredentialException> own = answer.failure().filter(demand::isToBlame);
    Optional<CredentialException> onTheWay = own.isEmpty() ? answer.failure() : demand.askLeast();
    Optional<Step> end =
        own.map(refusal -> demand.refused(refusal, onTheWay))
            .or(() -> answer.ended().map(demand::ended));
    return steps(end, onTheWay.map(this::walk).orElseGet(() -> ProbedPath.complete(route)));
  }

  private ProbedPath walk(CredentialException whole) {
    return ProbedPath.along(route, whole, prober);
  }

  private List<Step> steps(Optional<Step> end, ProbedPath walk) {
    return Stream.of(
            Stream.of(source(walk.aborted()), service(walk.aborted())),
            links(walk).stream(),
            end.stream())
        .flatMap(steps -> steps)
        .toList();
  }

  private Step source(Optional<CredentialException> stop) {
    return stop.filter(FailureClassifier::isAboutTheSource)
        .map(source::notAccepted)
        .orElseGet(source::works);
  }

  private static Step service(Optional<CredentialException> stop) {
    if (stop.isEmpty()) {
      return Step.works(SERVICE, OBSERVED, Fact.observed("it answered"));
    }
    return stop.filter(ChainExamination::isOfService)
        .map(
            failure ->
                Step.fails(
                    SERVICE,
                    OBSERVED,
                    List.of(FailureClassifier.toFact(failure)),
                    Findings.ofService(failure)))
        .orElseGet(() -> Step.unknown(SERVICE));
  }

  private static boolean isOfService(CredentialException failure) {
    return !FailureClassifier.isAboutTheSource(failure)
        && !FailureClassifier.isAboutTheRequest(failure);
  }

  private Stream<Stage> links() {
    return IntStream.rangeClosed(1, route.length()).mapToObj(route::link);
  }

  private List<Step> links(ProbedPath walk) {
    List<Step> steps = new ArrayList<>();
    for (int number = 1; number <= route.length(); number++) {
      boolean fromNowhere = !steps.isEmpty() && isGone(steps.get(number - 2));
      steps.add(fromNowhere ? Step.unknown(route.link(number), FROM_NOWHERE) : link(number, walk));
    }
    return steps;
  }

  private static boolean isGone(Step step) {
    return step.finding().filter(is -> is.kind() == Kind.ACCOUNT_NOT_FOUND).isPresent();
  }

  private Step link(int number, ProbedPath walk) {
    Stage.Link link = route.link(number);
    if (walk.aborted().isPresent()) {
      return stateOf(link, number, walk)
          .orElseGet(() -> stopped(number, walk, walk.aborted().get()));
    } else if (number < walk.firstFailing()) {
      return passed(number, walk);
    } else if (number == walk.firstFailing()) {
      return judge.refused(link, walk.refusals().get(0));
    }
    return stateOf(link, number, walk).orElseGet(() -> judge.byPolicyAlone(link, NOT_REACHED));
  }

  private Step stopped(int number, ProbedPath walk, CredentialException stop) {
    Stage.Link link = route.link(number);
    boolean refused = !walk.refusals().isEmpty();
    List<Fact> facts = number == walk.lastWorking() + 1 ? upToHere(walk) : List.of();
    return isBesidePolicies(stop, refused)
        ? judge.byPolicyAlone(link, refused ? facts : NOT_REACHED)
        : Step.unknown(link, facts.toArray(Fact[]::new));
  }

  /** What is known of the end of the shortest beginning that was refused. */
  private static List<Fact> upToHere(ProbedPath walk) {
    return List.of(
        FailureClassifier.toFact(walk.refusals().get(0)),
        Fact.observed(
            "which link up to here refuses was not found out: while looking further, the next"
                + " request failed otherwise"));
  }

  /** Policies decided before, or this says nothing of them. */
  private static boolean isBesidePolicies(CredentialException stop, boolean refusedBefore) {
    if (!isOfService(stop)) {
      return false;
    }
    Kind kind = Findings.ofService(stop).kind();
    return BESIDE_POLICIES.contains(kind) || (refusedBefore && kind == Kind.UNAVAILABLE);
  }

  private Step passed(int number, ProbedPath walk) {
    Stage.Link link = route.link(number);
    String fact =
        number < walk.lastWorking()
            ? "a request for %s passed on here".formatted(route.link(walk.lastWorking()).account())
            : "%s of %s was issued, and dropped"
                .formatted(RequestText.withArticle(link.permission()), link.account());
    return Step.works(link, OBSERVED, Fact.observed(fact));
  }

  /** Services tell that an account is not there before they look who may pass. */
  private static Optional<Step> stateOf(Stage.Link link, int number, ProbedPath walk) {
    return walk.refusal(number)
        .filter(FailureClassifier::isAccountState)
        .filter(
            answer ->
                !walk.refusal(number - 1).filter(FailureClassifier::isAccountState).isPresent())
        .map(answer -> LinkDiagnoser.answered(link, answer));
  }
}
