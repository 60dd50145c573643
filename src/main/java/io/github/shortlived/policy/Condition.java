package io.github.shortlived.policy;

import com.google.type.Expr;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.internal.text.SafeText;

/**
 * A condition of a binding: it counts only while the expression is true. Immutable; two are equal
 * when all three texts are, as for Google. {@link CrossAccountGrant#onlyIf} checks it; what was
 * read from a policy is kept as it is.
 *
 * @param title says in a few words what it is for; at most 100 characters in a grant
 * @param description says more, or nothing; at most 256 characters in a grant
 * @param expression in the Common Expression Language, such as {@code resource.name ==
 *     "projects/-/serviceAccounts/1"}; at most 12 logical operators
 * @see <a href="https://cloud.google.com/iam/docs/conditions-overview">IAM Conditions</a>
 */
public record Condition(String title, String description, String expression) {

  /** {@return a condition without a description} */
  public static Condition of(String title, String expression) {
    return new Condition(title, "", expression);
  }

  public static Condition of(Expr expr) {
    return new Condition(expr.getTitle(), expr.getDescription(), expr.getExpression());
  }

  public Expr toExpr() {
    return Expr.newBuilder()
        .setTitle(title)
        .setDescription(description)
        .setExpression(expression)
        .build();
  }

  /** {@return in one line when the binding counts} */
  @Override
  public String toString() {
    String rest = Expiry.withoutEnd(this);
    String until = Expiry.of(this).map(end -> "until " + end).orElse("");
    String when = rest.isEmpty() ? "" : "if " + SafeText.oneLine(rest);
    return until + (until.isEmpty() || when.isEmpty() ? "" : ", ") + when;
  }
}
