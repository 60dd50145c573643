package io.github.shortlived.testing.internal.federation;

import dev.cel.bundle.Cel;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import io.github.shortlived.testing.internal.policy.CelLanguage;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Attribute mappings and conditions in the Common Expression Language. Each expression, of those
 * that a world declares, is compiled once. Touches the evaluator's library, which may be absent.
 */
final class CelAttributeEvaluator implements AttributeEvaluator {
  private static final Cel CEL = language();

  private final Map<String, Program> programs = new ConcurrentHashMap<>();

  @Override
  public void check(String expression) {
    programs.computeIfAbsent(expression, CelAttributeEvaluator::compile);
  }

  @Override
  public Optional<Object> value(String expression, Map<String, Object> variables) {
    try {
      Program program = programs.computeIfAbsent(expression, CelAttributeEvaluator::compile);
      return Optional.of(program.eval(variables));
    } catch (CelEvaluationException | RuntimeException undecidable) {
      return Optional.empty();
    }
  }

  private static Program compile(String expression) {
    try {
      return CEL.createProgram(CEL.compile(expression).getAst());
    } catch (CelValidationException | CelEvaluationException malformed) {
      throw new IllegalArgumentException(
          "\"%s\" is no expression over assertion, google and attribute: %s"
              .formatted(expression, CelLanguage.firstLine(malformed)),
          malformed);
    }
  }

  /** With macros and functions on strings; which of them Google has is unverified. */
  private static Cel language() {
    MapType values = MapType.create(SimpleType.STRING, SimpleType.DYN);
    return CelLanguage.builder()
        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
        .addCompilerLibraries(CelExtensions.strings())
        .addRuntimeLibraries(CelExtensions.strings())
        .addVar(ASSERTION, values)
        .addVar(GOOGLE, values)
        .addVar(ATTRIBUTE, values)
        .build();
  }
}
