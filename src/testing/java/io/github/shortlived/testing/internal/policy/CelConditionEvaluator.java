package io.github.shortlived.testing.internal.policy;

import dev.cel.bundle.Cel;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.SimpleType;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Evaluates conditions over the attributes that calls of the emulator have. Safe for concurrent
 * use. Loads the evaluator's library, which may be absent.
 */
final class CelConditionEvaluator {
  private static final int MOST_OPERATORS = 12;
  private static final Set<String> OPERATORS = Set.of("_&&_", "_||_", "!_");

  /** Leaves out macros, because IAM has a subset of the language. Which subset is unverified. */
  private static final Cel LANGUAGE =
      CelExpressions.language()
          .setStandardMacros()
          .addVar("request.time", SimpleType.TIMESTAMP)
          .addVar("resource.name", SimpleType.STRING)
          .addVar("resource.service", SimpleType.STRING)
          .addVar("resource.type", SimpleType.STRING)
          .setResultType(SimpleType.BOOL)
          .build();

  private final InstantSource clock;
  private final CelExpressions expressions =
      new CelExpressions(LANGUAGE, (expression, reason) -> invalid(reason));

  CelConditionEvaluator(InstantSource clock) {
    this.clock = clock;
  }

  /** Refuses an invalid expression; the texts are unverified. */
  void check(String expression) {
    CelAbstractSyntaxTree tree = expressions.compile(expression);
    if (!tree.getResultType().equals(SimpleType.BOOL)) {
      throw invalid("the result must be of type 'bool'");
    }
    if (operators(tree) > MOST_OPERATORS) {
      throw invalid("more than " + MOST_OPERATORS + " logical operators");
    }
  }

  /** Returns whether the expression is true now for a call on the resource; false if it fails. */
  boolean holds(String expression, Resource resource) {
    Map<String, Object> attributes =
        Map.of(
            "request.time", clock.instant(),
            "resource.name", resource.name(),
            "resource.service", resource.service(),
            "resource.type", resource.type());
    return expressions.value(expression, attributes).equals(Optional.of(true));
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
}
