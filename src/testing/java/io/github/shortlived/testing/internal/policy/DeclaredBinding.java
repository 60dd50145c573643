package io.github.shortlived.testing.internal.policy;

import com.google.iam.v1.Binding;
import com.google.type.Expr;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.error.RpcException;
import org.jspecify.annotations.Nullable;

/** A binding that a test declares, with or without a condition. */
public record DeclaredBinding(
    Resource resource, String role, String member, @Nullable String condition) {
  public DeclaredBinding {
    requireRole(role);
    if (!Members.isMember(member)) {
      throw new IllegalArgumentException(
          "\"%s\" is not a policy member: use for example user:EMAIL or serviceAccount:EMAIL"
              .formatted(member));
    }
  }

  public DeclaredBinding(Resource resource, String role, String member) {
    this(resource, role, member, null);
  }

  /** Refuses a predefined role that is not known; custom roles may be declared later. */
  public static void requireRole(String role) {
    if (!PredefinedRoles.isKnown(role) && !RoleNames.isOfProject(role)) {
      throw new IllegalArgumentException(
          "Role \"%s\" is not known to the emulator: use one of %s, or projects/PROJECT/roles/ID of customRole(..)"
              .formatted(role, PredefinedRoles.names()));
    }
  }

  /** Refuses an expression that is invalid, not emulated, or without its evaluator. */
  public static void requireCondition(String expression) {
    try {
      Conditions.checkExpression(expression);
    } catch (RpcException refusal) {
      throw new IllegalArgumentException(refusal.status().getMessage(), refusal);
    }
  }

  /** Returns the same binding in the policy of another resource. */
  public DeclaredBinding on(Resource other) {
    return new DeclaredBinding(other, role, member, condition);
  }

  public Binding binding() {
    Binding.Builder binding = Binding.newBuilder().setRole(role).addMembers(member);
    if (condition != null) {
      binding.setCondition(Expr.newBuilder().setTitle("declared").setExpression(condition));
    }
    return binding.build();
  }
}
