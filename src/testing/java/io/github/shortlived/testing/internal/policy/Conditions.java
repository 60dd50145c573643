package io.github.shortlived.testing.internal.policy;

import com.google.common.base.Suppliers;
import com.google.iam.v1.Binding;
import com.google.rpc.Code;
import com.google.type.Expr;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Decides whether a binding's condition holds. The evaluator, Google's own, is an optional library,
 * which no class is loaded of before there is a condition. Safe for concurrent use.
 */
public final class Conditions {
  private static final String ABSENT =
      "IAM Conditions and attribute mappings need Google's evaluator on the class path, which is"
          + " optional: add dev.cel:cel:0.11.1 to the tests' dependencies.";

  private final Supplier<ConditionEvaluator> evaluator;

  Conditions(Supplier<ConditionEvaluator> evaluator) {
    this.evaluator = Suppliers.memoize(evaluator::get);
  }

  public static Conditions on(InstantSource clock) {
    return new Conditions(() -> new CelConditionEvaluator(clock));
  }

  /** Whether the binding counts for a call on that resource at this moment. */
  boolean hold(Binding binding, Resource on) {
    return !binding.hasCondition() || evaluator().holds(binding.getCondition().getExpression(), on);
  }

  void check(Expr condition) {
    requireText(condition.getTitle(), "title");
    requireText(condition.getExpression(), "expression");
    evaluator().check(condition.getExpression());
  }

  private ConditionEvaluator evaluator() {
    return evaluatorOf(evaluator);
  }

  /** What the optional library makes; refused with what to add if it is absent. */
  public static <T> T evaluatorOf(Supplier<T> evaluator) {
    try {
      return evaluator.get();
    } catch (NoClassDefFoundError absent) {
      throw new RpcException(Code.FAILED_PRECONDITION, ABSENT); // ours: Google has it
    }
  }

  private static void requireText(String value, String field) {
    if (value.isBlank()) {
      throw GoogleErrors.invalid("A condition must have a " + field + "."); // unverified
    }
  }
}
