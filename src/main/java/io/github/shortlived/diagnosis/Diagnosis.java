package io.github.shortlived.diagnosis;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.internal.text.TextTree;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.Member;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What works and what fails on the way from a caller to a credential, at which hop, why, and what
 * to do about it. Made by {@link Diagnostics#diagnose}. Immutable, holds no token; {@link
 * #toString} shows it as a tree, with {@code NAME@PROJECT} for service accounts.
 *
 * @param request what was asked for
 * @param caller who asked; empty where the source credentials do not tell
 * @param at when, by the credentials' clock
 * @param steps the source, the service, each link of the way, and what the request demands beyond
 *     that, in the order a request comes by them
 */
public record Diagnosis(
    CredentialRequest<?> request, Optional<Member> caller, Instant at, List<Step> steps) {
  private static final String NOT_READ =
      "Not looked at: policies of projects, folders and the organization, which grant too; deny"
          + " policies, which forbid";

  /** Copies the list. */
  public Diagnosis {
    steps = ImmutableList.copyOf(steps);
  }

  /** {@return whether the credential was issued} */
  public boolean works() {
    return steps.stream().allMatch(step -> step.status() == Step.Status.WORKS);
  }

  /**
   * {@return what is wrong, in the order a request meets it; empty if the credential was issued}
   */
  public List<Finding> findings() {
    return steps.stream().flatMap(step -> step.finding().stream()).toList();
  }

  /** {@return the first step that fails; empty if the credential was issued} */
  public Optional<Step> firstFailure() {
    return steps.stream().filter(Step::fails).findFirst();
  }

  /** {@return a tree: in its first line the gist, and below each stage what was found out} */
  @Override
  public String toString() {
    List<TextTree> branches = new ArrayList<>(steps.stream().map(Step::tree).toList());
    if (steps.stream().anyMatch(Diagnosis::readsAPolicy)) {
      branches.add(TextTree.leaf(NOT_READ));
    }
    return new TextTree(gist(), branches).toString();
  }

  private String gist() {
    String how = firstFailure().map(Diagnosis::failure).orElse(works() ? "works" : "unknown");
    String who = caller.map(Names::of).orElse("unknown caller");
    return Names.shortened(who + RequestText.path(request) + ": " + how);
  }

  private static String failure(Step step) {
    return "fails at " + step.stage() + step.finding().map(is -> ": " + is.kind()).orElse("");
  }

  private static boolean readsAPolicy(Step step) {
    boolean told = step.finding().isPresent() || step.status() == Step.Status.WORKS;
    boolean sure = step.status() == Step.Status.WORKS && step.evidence() == Evidence.OBSERVED;
    return step.stage() instanceof Stage.Link && told && !sure;
  }
}
