package io.github.shortlived.testing;

import com.google.iam.v1.Binding;

/** The one place that decides whether somebody may do something. */
final class Access {
  private final Policies policies;
  private final Conditions conditions;

  Access(Policies policies, Conditions conditions) {
    this.policies = policies;
    this.conditions = conditions;
  }

  boolean allows(Principal who, String permission, Resource on) {
    return on.lineage().stream()
        .flatMap(name -> policies.effective(name).getBindingsList().stream())
        .anyMatch(binding -> grants(binding, who, permission));
  }

  void require(Principal who, String permission, Resource on) {
    if (!allows(who, permission, on)) {
      throw Refusals.permissionDenied(permission);
    }
  }

  private boolean grants(Binding binding, Principal who, String permission) {
    return Roles.allows(binding.getRole(), permission)
        && binding.getMembersList().stream().anyMatch(who::isMeantBy)
        && conditions.hold(binding);
  }
}
