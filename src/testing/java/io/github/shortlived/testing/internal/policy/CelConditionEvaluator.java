package io.github.shortlived.testing.internal.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.SimpleType;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Evaluates conditions over the attributes that calls of the emulator have. Safe for concurrent
 * use. Loads the evaluator's library, which may be absent.
 */
final class CelConditionEvaluator {
  private static final String MODIFIED_ROLES = "iam.googleapis.com/modifiedGrantsByRole";
  private static final int MOST_OPERATORS = 12;
  private static final Set<String> OPERATORS = Set.of("_&&_", "_||_", "!_");

  private static final CelExpressions EXPRESSIONS =
      new CelExpressions(ConditionLanguage.CEL, (expression, reason) -> invalid(reason));

  private final InstantSource clock;

  CelConditionEvaluator(InstantSource clock) {
    this.clock = clock;
  }

  /** Returns a valid expression, or refuses it; the texts are unverified. */
  static String valid(String expression) {
    CelAbstractSyntaxTree tree = EXPRESSIONS.compile(expression);
    if (!tree.getResultType().equals(SimpleType.BOOL)) {
      throw invalid("the result must be of type 'bool'");
    }
    if (operators(tree) > MOST_OPERATORS) {
      throw invalid("more than " + MOST_OPERATORS + " logical operators");
    }
    ConditionLanguage.requireEmulated(tree);
    return expression;
  }

  /** Returns whether the expression is true now for a call; false if it fails. */
  boolean holds(String expression, AccessRequest call) {
    Map<String, Object> attributes =
        Map.of(
            "request.time", clock.instant(),
            "resource.name", call.resource().name(),
            "resource.service", call.resource().service(),
            "resource.type", call.resource().type(),
            "api", apiAttributes(call));
    return EXPRESSIONS.value(expression, attributes).equals(Optional.of(true));
  }

  /** Google defines the attribute only for calls that change a binding. */
  private static Map<String, List<String>> apiAttributes(AccessRequest call) {
    return call.modifiedRoles().isEmpty()
        ? Map.of()
        : Map.of(MODIFIED_ROLES, List.copyOf(call.modifiedRoles()));
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
