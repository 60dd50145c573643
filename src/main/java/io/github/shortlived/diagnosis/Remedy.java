package io.github.shortlived.diagnosis;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.TextTree;
import io.github.shortlived.model.RequiredGrant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What to do about a finding. Immutable. The diagnosis itself changes nothing.
 *
 * @param text what to do, in a sentence
 * @param grant the grant to make, for {@link io.github.shortlived.grant.Grants#plan}; empty if no
 *     grant helps, or if the member is unknown
 * @param java the grant as Java code that calls {@link io.github.shortlived.grant.Grants#apply};
 *     empty without a grant
 * @param commands gcloud commands for POSIX shells; replace the words in capitals
 */
public record Remedy(
    String text, Optional<CrossAccountGrant> grant, Optional<String> java, List<String> commands) {

  public Remedy {
    Arguments.nonNull(text, "text");
    Arguments.nonNull(grant, "grant");
    Arguments.nonNull(java, "java");
    commands = Arguments.copy(commands, "commands");
  }

  static Remedy of(String text, String... commands) {
    return new Remedy(text, Optional.empty(), Optional.empty(), List.of(commands));
  }

  /** Returns a remedy that makes these grants, after other commands. */
  static Remedy granting(String text, List<RequiredGrant> grants, String... before) {
    Optional<List<RequiredGrant>> complete =
        Optional.of(grants)
            .filter(all -> all.stream().allMatch(grant -> grant.member().isPresent()));
    return new Remedy(
        text,
        complete.map(CrossAccountGrant::of),
        complete.map(Remedy::toJava),
        Stream.concat(Stream.of(before), grants.stream().map(RequiredGrant::gcloudCommand))
            .toList());
  }

  private static String toJava(List<RequiredGrant> grants) {
    return grants.stream()
        .map(grant -> "grants.apply(" + grant.javaExpression() + ")")
        .collect(Collectors.joining("; "));
  }

  /** {@return what to do, and below it the code and the commands} */
  @Override
  public String toString() {
    return tree().toString();
  }

  TextTree tree() {
    return TextTree.over(
        RequestText.shorten("fix: " + text), Stream.concat(java.stream(), commands.stream()));
  }
}
