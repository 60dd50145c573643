package io.github.shortlived.testing.internal.policy;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime.Program;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compiles, caches and evaluates expressions in the Common Expression Language. Safe for concurrent
 * use. Loads the evaluator's library, which may be absent.
 */
public final class CelExpressions {
  private static final Pattern TEMPLATE = Pattern.compile("([^{}]*)\\{\\w+}([^{}]*)");

  private final Cel language;
  private final BiFunction<String, String, ? extends RuntimeException> error;
  private final Cache<String, Program> programs =
      CacheBuilder.newBuilder().maximumSize(10_000).build();

  /** {@code error} creates the exception from the invalid expression and the reason. */
  public CelExpressions(
      Cel language, BiFunction<String, String, ? extends RuntimeException> error) {
    this.language = language;
    this.error = error;
  }

  /** Returns the standard language and IAM's function {@code extract}, without variables. */
  public static CelBuilder language() {
    return CelFactory.standardCelBuilder()
        .setOptions(CelOptions.current().evaluateCanonicalTypesToNativeValues(true).build())
        .addFunctionDeclarations(
            CelFunctionDecl.newFunctionDeclaration(
                "extract",
                CelOverloadDecl.newMemberOverload(
                    "string_extract", SimpleType.STRING, SimpleType.STRING, SimpleType.STRING)))
        .addFunctionBindings(
            CelFunctionBinding.from(
                "string_extract", String.class, String.class, CelExpressions::extract));
  }

  /** Compiles an expression, or throws the exception for an invalid one. */
  public CelAbstractSyntaxTree compile(String expression) {
    try {
      return language.compile(expression).getAst();
    } catch (CelValidationException invalid) {
      // The first line of the message is the reason; the others draw the position.
      throw error.apply(
          expression, String.valueOf(invalid.getMessage()).lines().findFirst().orElse(""));
    }
  }

  /** Returns the value; empty if the evaluation fails, for example because a claim is missing. */
  public Optional<Object> value(String expression, Map<String, Object> variables) {
    try {
      Program program = programs.get(expression, () -> language.createProgram(compile(expression)));
      return Optional.of(program.eval(variables));
    } catch (ExecutionException | CelEvaluationException | RuntimeException failed) {
      return Optional.empty();
    }
  }

  /**
   * Returns the part of the value that the variable of the template stands for: {@code
   * /roles/{name}/} stands for the text between the first {@code /roles/} and the next {@code /}.
   * Empty if the value does not match; an empty prefix or suffix matches the start or end of the
   * value.
   */
  static String extract(String value, String template) {
    Matcher parts = TEMPLATE.matcher(template);
    if (!parts.matches()) {
      throw new IllegalArgumentException("Not a template with one variable: " + template);
    }
    String end = parts.group(2).isEmpty() ? "\\z" : Pattern.quote(parts.group(2));
    Matcher found =
        Pattern.compile(Pattern.quote(parts.group(1)) + "(.*?)" + end, Pattern.DOTALL)
            .matcher(value);
    return found.find() ? found.group(1) : "";
  }
}
