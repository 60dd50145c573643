package io.github.shortlived.diagnosis;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.policy.Binding;
import java.util.Optional;
import java.util.stream.Collectors;

/** Grants as the Java expressions that make them. */
final class JavaText {
  private JavaText() {}

  /** A grant without a condition, of one of the roles that {@link Stage.Link#role} names. */
  static String applying(CrossAccountGrant grant) {
    return grant.bindings().stream()
        .map(JavaText::of)
        .collect(Collectors.joining(", ", "grants.apply(", ")"));
  }

  private static String of(Binding binding) {
    return new RequiredGrant(binding.account(), binding.role(), Optional.of(binding.member()))
        .javaExpression();
  }
}
