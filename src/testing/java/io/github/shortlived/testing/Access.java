package io.github.shortlived.testing;

import com.google.iam.v1.Binding;

/** The one place that decides whether somebody may do something. */
final class Access {
  private final Policies policies;
  private final CustomRoles roles;
  private final Groups groups;
  private final Conditions conditions;

  Access(Policies policies, CustomRoles roles, Groups groups, Conditions conditions) {
    this.policies = policies;
    this.roles = roles;
    this.groups = groups;
    this.conditions = conditions;
  }

  boolean allows(Principal who, String permission, Resource on) {
    return on.lineage().stream()
        .flatMap(name -> policies.effective(name).getBindingsList().stream())
        .anyMatch(binding -> grants(binding, who, permission, on));
  }

  void require(Principal who, String permission, Resource on) {
    if (!allows(who, permission, on)) {
      throw Refusals.permissionDenied(permission);
    }
  }

  /** A condition is about the resource called upon, wherever the binding hangs. */
  private boolean grants(Binding binding, Principal who, String permission, Resource on) {
    return roles.allows(binding.getRole(), permission)
        && binding.getMembersList().stream().anyMatch(member -> groups.mean(member, who))
        && conditions.hold(binding, on);
  }
}
