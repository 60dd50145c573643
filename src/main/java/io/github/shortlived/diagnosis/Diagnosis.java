package io.github.shortlived.diagnosis;

import io.github.shortlived.diagnosis.Fact.Evidence;
import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.TextTree;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.Member;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The result of {@link Diagnostics#diagnose}: at which stage a request for a credential fails, why,
 * and what to do about it. Immutable; contains no token. {@link #toString} shows it as a tree, with
 * {@code NAME@PROJECT} for service accounts.
 *
 * @param request the request that was diagnosed
 * @param caller the caller; empty if the source credentials do not name it
 * @param at the time of the diagnosis, by the clock of the credentials
 * @param steps the results for the stages, in the order in which a request passes them: the source
 *     credentials, the service, each account of the chain, and the request itself
 */
public record Diagnosis(
    CredentialRequest<?> request, Optional<Member> caller, Instant at, List<Step> steps) {
  private static final String NOT_EXAMINED =
      "Not examined: policies of projects, folders and the organization, which can also grant"
          + " access; deny policies, which can forbid it";

  public Diagnosis {
    Arguments.nonNull(request, "request");
    Arguments.nonNull(caller, "caller");
    Arguments.nonNull(at, "at");
    steps = Arguments.copy(steps, "steps");
  }

  /** {@return whether the credential was issued} */
  public boolean works() {
    return steps.stream().allMatch(Step::works);
  }

  /** {@return the problems in the order of the stages; empty if the credential was issued} */
  public List<Finding> findings() {
    return steps.stream().flatMap(step -> step.finding().stream()).toList();
  }

  /** {@return the first step that fails; empty if the credential was issued} */
  public Optional<Step> firstFailure() {
    return steps.stream().filter(step -> step.status() == Step.Status.FAILS).findFirst();
  }

  /** {@return a tree: a summary in the first line, and below it each step with its facts} */
  @Override
  public String toString() {
    List<TextTree> branches = new ArrayList<>(steps.stream().map(Step::tree).toList());
    if (steps.stream().anyMatch(Step::dependsOnPolicy)) {
      branches.add(TextTree.leaf(NOT_EXAMINED));
    }
    return new TextTree(summary(), branches).toString();
  }

  private String summary() {
    String result =
        firstFailure()
            .map(step -> "fails at " + step.stage() + step.problem())
            .orElse(works() ? "works" : "unknown");
    String name = caller.map(RequestText::name).orElse("unknown caller");
    return RequestText.shorten(name + RequestText.chain(request) + ": " + result);
  }

  /**
   * The result for one stage. Immutable; contains no secret.
   *
   * @param stage the stage
   * @param status whether the stage works
   * @param evidence how the status is known; the evidence of the finding may be weaker
   * @param facts the observations and conclusions, in their order
   * @param finding the problem; empty if there is none, or none is known
   */
  public record Step(
      Stage stage, Status status, Evidence evidence, List<Fact> facts, Optional<Finding> finding) {

    public Step {
      Arguments.nonNull(stage, "stage");
      Arguments.nonNull(status, "status");
      Arguments.nonNull(evidence, "evidence");
      Arguments.nonNull(finding, "finding");
      facts = Arguments.copy(facts, "facts");
    }

    static Step observedToWork(Stage stage, String fact) {
      return new Step(
          stage, Status.WORKS, Evidence.OBSERVED, List.of(Fact.observed(fact)), Optional.empty());
    }

    static Step fails(Stage stage, CredentialException failure, Finding finding) {
      return fails(stage, Evidence.OBSERVED, List.of(Fact.of(failure)), finding);
    }

    static Step fails(Stage stage, Evidence evidence, List<Fact> facts, Finding finding) {
      return new Step(stage, Status.FAILS, evidence, facts, Optional.of(finding));
    }

    static Step unknown(Stage stage, Fact... facts) {
      return new Step(stage, Status.UNKNOWN, Evidence.INFERRED, List.of(facts), Optional.empty());
    }

    /** Returns the same step with another finding, or without one. */
    Step withFinding(Optional<Finding> other) {
      return new Step(stage, status, evidence, facts, other);
    }

    private boolean works() {
      return status == Status.WORKS;
    }

    private boolean dependsOnPolicy() {
      boolean certain = works() && evidence == Evidence.OBSERVED;
      return stage instanceof Stage.Grant && !certain && (works() || finding.isPresent());
    }

    private String problem() {
      return finding.map(found -> ": " + found.kind()).orElse("");
    }

    /** {@return the stage and its status, and below it the facts and the remedy} */
    @Override
    public String toString() {
      return tree().toString();
    }

    private TextTree tree() {
      Stream<TextTree> leaves =
          Stream.concat(facts.stream(), finding.stream())
              .map(line -> TextTree.leaf(RequestText.shorten(line.toString())));
      Stream<TextTree> fix = finding.map(found -> found.remedy().tree()).stream();
      return new TextTree(
          RequestText.shorten(stage + ": " + result() + problem()),
          Stream.concat(leaves, fix).toList());
    }

    private String result() {
      boolean certain = evidence == Evidence.OBSERVED;
      return switch (status) {
        case WORKS -> certain ? "works" : "seems to work";
        case FAILS -> certain ? "FAILS" : "SEEMS TO FAIL";
        case UNKNOWN -> "unknown";
      };
    }

    /** Whether a stage works. */
    public enum Status {
      /** Requests pass the stage. */
      WORKS,
      /** Requests fail at the stage. */
      FAILS,
      /** The diagnosis could not determine it. */
      UNKNOWN
    }
  }
}
