package io.github.shortlived.testing.internal.policy;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.cel.bundle.Cel;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/**
 * Conditions in the Common Expression Language, over the attributes that make sense here: {@code
 * request.time}, {@code resource.name}, {@code resource.service} and {@code resource.type}. Each
 * expression is compiled once. Touches the evaluator's library, which may be absent.
 */
final class CelConditionEvaluator implements ConditionEvaluator {
  private static final int MOST_OPERATORS = 12;
  private static final Set<String> OPERATORS = Set.of("_&&_", "_||_", "!_");
  private static final Cel CEL = language();

  private final InstantSource clock;
  private final Cache<String, Program> programs =
      CacheBuilder.newBuilder().maximumSize(10_000).build();

  CelConditionEvaluator(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void check(String expression) {
    program(expression);
  }

  @Override
  public boolean holds(String expression, Resource on) {
    try {
      return Boolean.TRUE.equals(program(expression).eval(attributes(on)));
    } catch (CelEvaluationException | RuntimeException undecidable) {
      return false;
    }
  }

  private Map<String, Object> attributes(Resource on) {
    return Map.of(
        "request.time", clock.instant(),
        "resource.name", on.name(),
        "resource.service", on.service(),
        "resource.type", on.type());
  }

  private Program program(String expression) {
    Program known = programs.getIfPresent(expression);
    if (known != null) {
      return known;
    }
    Program compiled = compile(expression);
    programs.put(expression, compiled);
    return compiled;
  }

  /** The texts of the refusals are unverified. */
  private static Program compile(String expression) {
    try {
      CelAbstractSyntaxTree tree = CEL.compile(expression).getAst();
      if (!tree.getResultType().equals(SimpleType.BOOL)) {
        throw invalid("the result must be of type 'bool'");
      }
      if (operators(tree) > MOST_OPERATORS) {
        throw invalid("more than " + MOST_OPERATORS + " logical operators");
      }
      return CEL.createProgram(tree);
    } catch (CelValidationException | CelEvaluationException malformed) {
      throw invalid(CelLanguage.firstLine(malformed));
    }
  }

  private static long operators(CelAbstractSyntaxTree tree) {
    return CelNavigableAst.fromAst(tree)
        .getRoot()
        .allNodes()
        .filter(node -> node.getKind() == Kind.CALL)
        .filter(node -> OPERATORS.contains(node.expr().call().function()))
        .count();
  }

  private static RpcException invalid(String problem) {
    return GoogleErrors.invalid("The condition's expression is invalid: " + problem + ".");
  }

  /** Without macros: IAM has but a subset of the language (that it is this one is unverified). */
  private static Cel language() {
    return CelLanguage.builder()
        .setStandardMacros()
        .addVar("request.time", SimpleType.TIMESTAMP)
        .addVar("resource.name", SimpleType.STRING)
        .addVar("resource.service", SimpleType.STRING)
        .addVar("resource.type", SimpleType.STRING)
        .setResultType(SimpleType.BOOL)
        .build();
  }
}
