package io.github.shortlived.testing.internal.policy;

import com.google.common.base.Suppliers;
import com.google.iam.v1.Binding;
import com.google.rpc.Code;
import com.google.type.Expr;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Decides whether a binding's condition holds. Google's evaluator is an optional library: its
 * classes are loaded with the first condition. Safe for concurrent use.
 */
public final class Conditions {
  private static final String ABSENT =
      "IAM Conditions and attribute mappings need Google's evaluator on the class path, which is"
          + " optional: add dev.cel:cel:0.11.1 to the tests' dependencies.";

  private static final String NO_EVALUATOR = "java.lang.NoClassDefFoundError: dev/cel/";

  // Not a method reference, which would load the optional library at once.
  private static final Supplier<CelExpressions> BOUNDARIES =
      Suppliers.memoize(
          () -> new CelExpressions(ConditionLanguage.CEL, (expression, why) -> invalid(why)));

  private final Supplier<CelConditionEvaluator> evaluator;

  public Conditions(InstantSource clock) {
    this.evaluator = Suppliers.memoize(() -> new CelConditionEvaluator(clock));
  }

  /** Returns whether the binding has no condition, or one that holds now for a call. */
  boolean hold(Binding binding, AccessRequest call) {
    return !binding.hasCondition()
        || load(evaluator).holds(binding.getCondition().getExpression(), call);
  }

  void check(Expr condition) {
    requireText(condition.getTitle(), "title");
    requireText(condition.getExpression(), "expression");
    checkExpression(condition.getExpression());
  }

  /**
   * Checks the expression of a binding's condition.
   *
   * @throws RpcException if it is invalid or not emulated
   */
  static void checkExpression(String expression) {
    String unused = load(() -> CelConditionEvaluator.valid(expression));
  }

  /**
   * Compiles the condition of an access boundary, which is about Cloud Storage and not evaluated.
   *
   * @throws RpcException if it is invalid; the text is unverified
   */
  public static void checkBoundary(String expression) {
    load(BOUNDARIES).compile(expression);
  }

  /**
   * Returns an object that needs the optional library.
   *
   * @throws RpcException if the library is absent, or another version than it needs is on the class
   *     path; the message names what to add or to change
   */
  public static <T> T load(Supplier<T> evaluator) {
    try {
      return evaluator.get();
    } catch (LinkageError e) {
      boolean absent = e.toString().startsWith(NO_EVALUATOR);
      // This error is the emulator's own: Google always has the evaluator.
      throw new RpcException(
          Code.FAILED_PRECONDITION,
          absent ? ABSENT : InternalExceptions.describeUnmetDependency(e));
    }
  }

  private static RpcException invalid(String why) {
    return GoogleErrors.invalid("The condition of the access boundary is invalid: " + why);
  }

  private static void requireText(String value, String field) {
    if (value.isBlank()) {
      throw GoogleErrors.invalid("A condition must have a " + field + "."); // unverified
    }
  }
}
