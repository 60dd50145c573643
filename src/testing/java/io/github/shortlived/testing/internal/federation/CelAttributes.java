package io.github.shortlived.testing.internal.federation;

import dev.cel.bundle.Cel;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import io.github.shortlived.testing.internal.policy.CelExpressions;

/** The language of attribute mappings. Loads the evaluator's library, which may be absent. */
final class CelAttributes {
  private static final MapType VALUES = MapType.create(SimpleType.STRING, SimpleType.DYN);

  /** Adds macros and string functions; which of them Google has is unverified. */
  private static final Cel LANGUAGE =
      CelExpressions.language()
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addCompilerLibraries(CelExtensions.strings())
          .addRuntimeLibraries(CelExtensions.strings())
          .addVar(AttributeMapper.ASSERTION, VALUES)
          .addVar(AttributeMapper.GOOGLE, VALUES)
          .addVar(AttributeMapper.ATTRIBUTE, VALUES)
          .build();

  private CelAttributes() {}

  static CelExpressions expressions() {
    return new CelExpressions(
        LANGUAGE,
        (expression, reason) ->
            new IllegalArgumentException(
                "\"%s\" is not an expression over assertion, google and attribute: %s"
                    .formatted(expression, reason)));
  }
}
