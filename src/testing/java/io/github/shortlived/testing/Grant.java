package io.github.shortlived.testing;

import com.google.iam.v1.Binding;
import com.google.type.Expr;
import org.jspecify.annotations.Nullable;

/** A role given to a member on a resource before the world begins, perhaps under a condition. */
record Grant(Resource on, String role, String member, @Nullable String condition) {
  Grant {
    if (!Roles.isKnown(role) && !CustomRoles.isName(role)) {
      throw new IllegalArgumentException(
          "Role \""
              + role
              + "\" is not known to the emulator: give one of "
              + Roles.names()
              + ", or projects/PROJECT/roles/ID of customRole(..)");
    }
    if (!PolicyRules.isMember(member)) {
      throw new IllegalArgumentException(
          "\""
              + member
              + "\" is no policy member: give for example user:EMAIL or serviceAccount:EMAIL");
    }
  }

  Grant(Resource on, String role, String member) {
    this(on, role, member, null);
  }

  Binding binding() {
    Binding.Builder binding = Binding.newBuilder().setRole(role).addMembers(member);
    if (condition != null) {
      binding.setCondition(Expr.newBuilder().setTitle("declared").setExpression(condition));
    }
    return binding.build();
  }
}
