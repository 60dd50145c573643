package io.github.shortlived.diagnosis;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.CrossAccountGrant.Binding;
import io.github.shortlived.internal.HiddenCharacters;
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
    boolean idTokens = binding.role().equals(CrossAccountGrant.OPEN_ID_TOKEN_CREATOR);
    return "CrossAccountGrant.%s(Member.of(%s)).on(ServiceAccount.of(%s))"
        .formatted(
            idTokens ? "openIdTokenCreator" : "tokenCreator",
            literal(binding.member().id()),
            literal(binding.account().id()));
  }

  private static String literal(String text) {
    String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"");
    return '"' + HiddenCharacters.spelled(escaped, "\\u%04x"::formatted) + '"';
  }
}
