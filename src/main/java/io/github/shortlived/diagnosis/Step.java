package io.github.shortlived.diagnosis;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.internal.text.TextTree;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was found out about one stage. Immutable; holds no secret.
 *
 * @param stage which one
 * @param status whether it works
 * @param evidence how the status is known; that of the finding, which says why, may be weaker
 * @param facts what was found out, in the order it was
 * @param finding what is wrong; empty unless something is, or may be
 */
public record Step(
    Stage stage, Status status, Evidence evidence, List<Fact> facts, Optional<Finding> finding) {

  /** Copies the list. */
  public Step {
    facts = ImmutableList.copyOf(facts);
  }

  static Step works(Stage stage, Evidence evidence, Fact... facts) {
    return new Step(stage, Status.WORKS, evidence, List.of(facts), Optional.empty());
  }

  static Step fails(Stage stage, Evidence evidence, List<Fact> facts, Finding finding) {
    return new Step(stage, Status.FAILS, evidence, facts, Optional.of(finding));
  }

  static Step unknown(Stage stage, Fact... facts) {
    return new Step(stage, Status.UNKNOWN, Evidence.INFERRED, List.of(facts), Optional.empty());
  }

  boolean fails() {
    return status == Status.FAILS;
  }

  /** {@return the stage and whether it works, and below it why and what to do} */
  @Override
  public String toString() {
    return tree().toString();
  }

  TextTree tree() {
    return new TextTree(
        Names.shortened(stage + ": " + words() + finding.map(is -> ": " + is.kind()).orElse("")),
        Stream.concat(
                Stream.concat(facts.stream(), finding.map(Finding::fact).stream())
                    .map(fact -> TextTree.leaf(Names.shortened(fact.toString()))),
                finding.map(Finding::remedy).map(Remedy::tree).stream())
            .toList());
  }

  private String words() {
    boolean sure = evidence == Evidence.OBSERVED;
    return switch (status) {
      case WORKS -> sure ? "works" : "seems to work";
      case FAILS -> sure ? "FAILS" : "SEEMS TO FAIL";
      case UNKNOWN -> "unknown";
    };
  }

  /** Whether a request gets on at a stage. */
  public enum Status {
    /** It does. */
    WORKS,
    /** It does not. */
    FAILS,
    /** That could not be found out. */
    UNKNOWN
  }
}
