package io.github.shortlived.testing.internal.policy;

import com.google.iam.v1.Binding;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides whether a principal has a permission on a resource, by the policies of the resource and
 * its parents, and adds the reason to the call log.
 */
public final class PermissionChecker {
  private final Policies policies;
  private final CustomRoles roles;
  private final Groups groups;
  private final Conditions conditions;

  public PermissionChecker(
      Policies policies, CustomRoles roles, Groups groups, Conditions conditions) {
    this.policies = policies;
    this.roles = roles;
    this.groups = groups;
    this.conditions = conditions;
  }

  /** Whether the principal has the permission. */
  public boolean allows(Principal principal, String permission, Resource on) {
    Optional<String> reason =
        on.lineage().stream().flatMap(name -> reasons(name, principal, permission, on)).findFirst();
    reason.ifPresentOrElse(CallRecorder::explain, () -> explainDenial(principal, permission, on));
    return reason.isPresent();
  }

  /** Explains a missing permission, with the bindings that would grant it otherwise or later. */
  private void explainDenial(Principal principal, String permission, Resource on) {
    CallRecorder.explain(
        "%s lacks %s on %s%s"
            .formatted(
                principal.member(),
                permission,
                on.name(),
                principal.isBounded() ? " within its credential access boundary" : ""));
    on.lineage().stream()
        .flatMap(name -> nearMisses(name, principal, permission, on))
        .forEach(CallRecorder::explain);
  }

  private Stream<String> nearMisses(
      String name, Principal principal, String permission, Resource on) {
    Stream<String> conditionFalse =
        policies.effective(name).getBindingsList().stream()
            .filter(binding -> includes(binding, principal, permission))
            .map(binding -> "the condition of " + at(binding, name) + " does not hold");
    Stream<String> notYetEffective =
        policies.read(name).getBindingsList().stream()
            .filter(binding -> grants(binding, principal, permission, on))
            .map(binding -> at(binding, name) + " is granted but has not taken effect yet");
    return Stream.concat(conditionFalse, notYetEffective);
  }

  private static String at(Binding binding, String resource) {
    return binding.getRole() + " on " + resource;
  }

  public void require(Principal principal, String permission, Resource on) {
    if (!allows(principal, permission, on)) {
      throw GoogleErrors.permissionDenied(permission);
    }
  }

  /** Describes the bindings of a policy that grant the permission. */
  private Stream<String> reasons(String name, Principal principal, String permission, Resource on) {
    return policies.effective(name).getBindingsList().stream()
        .filter(binding -> grants(binding, principal, permission, on))
        .map(binding -> permission + " by " + at(binding, name) + " to " + principal.member());
  }

  /** The condition is evaluated for {@code on}, even if the policy is that of a parent. */
  private boolean grants(Binding binding, Principal principal, String permission, Resource on) {
    return includes(binding, principal, permission) && conditions.hold(binding, on);
  }

  private boolean includes(Binding binding, Principal principal, String permission) {
    return roles.allows(binding.getRole(), permission)
        && binding.getMembersList().stream().anyMatch(member -> groups.matches(member, principal));
  }
}
