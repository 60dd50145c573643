package io.github.shortlived.diagnosis;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.internal.text.TextTree;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.policy.Binding;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What to do about a finding. Immutable. Nobody has done it: a diagnosis changes nothing.
 *
 * @param text what to do, in a sentence
 * @param grant the grant to make, ready for {@link io.github.shortlived.grant.Grants#plan}; empty
 *     where none helps, or the member is not known
 * @param java the same as a Java expression, to be called on somebody's {@link
 *     io.github.shortlived.grant.Grants}; empty without a grant
 * @param commands the same as commands of gcloud, for POSIX shells; words in capitals are to be
 *     filled in
 */
public record Remedy(
    String text, Optional<CrossAccountGrant> grant, Optional<String> java, List<String> commands) {

  /** Copies the list. */
  public Remedy {
    commands = ImmutableList.copyOf(commands);
  }

  static Remedy of(String text, String... commands) {
    return new Remedy(text, Optional.empty(), Optional.empty(), List.of(commands));
  }

  /** To grant what the link needs. */
  static Remedy granting(String text, Stage.Link link) {
    return granting(text, List.of(link.grant()));
  }

  static Remedy granting(String text, List<RequiredGrant> grants) {
    Optional<CrossAccountGrant> grant = asOne(grants);
    return new Remedy(
        text,
        grant,
        grant.map(JavaText::applying),
        grants.stream().map(RequiredGrant::gcloudCommand).toList());
  }

  /** The same, with a command that is to be run before the others. */
  Remedy first(String command) {
    List<String> all = ImmutableList.<String>builder().add(command).addAll(commands).build();
    return new Remedy(text, grant, java, all);
  }

  private static Optional<CrossAccountGrant> asOne(List<RequiredGrant> grants) {
    List<Binding> bindings = grants.stream().flatMap(grant -> binding(grant).stream()).toList();
    return bindings.size() == grants.size()
        ? Optional.of(new CrossAccountGrant(bindings))
        : Optional.empty();
  }

  private static Optional<Binding> binding(RequiredGrant grant) {
    return grant.member().map(member -> new Binding(grant.account(), grant.role(), member));
  }

  /** {@return what to do, and below it how} */
  @Override
  public String toString() {
    return tree().toString();
  }

  TextTree tree() {
    return TextTree.over(
        Names.shortened("fix: " + text), Stream.concat(java.stream(), commands.stream()));
  }
}
