package io.github.shortlived.grant;

import io.github.shortlived.internal.text.ShellCommand;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Renders changes as gcloud commands for POSIX shells. */
final class GcloudRenderer {
  private GcloudRenderer() {}

  static List<String> of(List<PolicyChange> changes) {
    return changes.stream()
        .filter(PolicyChange::changed)
        .map(change -> command(change.kind(), change.binding()))
        .toList();
  }

  private static String command(Kind kind, Binding binding) {
    return ShellCommand.editBinding(
        kind == Kind.ADDED ? "add" : "remove",
        binding.account().id(),
        binding.member().id(),
        binding.role(),
        binding.condition().map(GcloudRenderer::dictionary).orElse("None"));
  }

  /** Returns a dictionary flag with a delimiter between two {@code ^}: gcloud topic escaping. */
  static String dictionary(Condition condition) {
    List<String> entries =
        Stream.of(
                "title=" + condition.title(),
                "expression=" + condition.expression(),
                "description=" + condition.description())
            .filter(entry -> !entry.equals("description="))
            .toList();
    String delimiter = delimiter(entries);
    return entries.stream().collect(Collectors.joining(delimiter, "^" + delimiter + "^", ""));
  }

  /** Returns a delimiter that is in no entry and cannot overlap with the end of one. */
  private static String delimiter(List<String> entries) {
    return Stream.concat(
            Stream.of("|", ";", "#", "~"),
            IntStream.iterate(1, n -> n + 1).mapToObj(n -> "|" + n + ";"))
        .filter(candidate -> entries.stream().noneMatch(entry -> entry.contains(candidate)))
        .findFirst()
        .orElseThrow();
  }
}
