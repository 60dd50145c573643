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

  /** Returns the roles by which it decides. */
  public CustomRoles roles() {
    return roles;
  }

  /** Returns whether the principal has the permission. */
  public boolean allows(Principal principal, String permission, Resource resource) {
    Optional<String> reason =
        resource.withAncestors().stream()
            .flatMap(name -> reasons(name, principal, permission, resource))
            .findFirst();
    reason.ifPresentOrElse(
        CallRecorder::explain, () -> explainDenial(principal, permission, resource));
    return reason.isPresent();
  }

  /**
   * Explains a missing permission, and names the bindings whose condition does not hold or that are
   * not effective yet.
   */
  private void explainDenial(Principal principal, String permission, Resource resource) {
    CallRecorder.explain(
        "%s lacks %s on %s%s"
            .formatted(
                principal.member(),
                permission,
                resource.name(),
                principal.isBounded() ? " within its credential access boundary" : ""));
    resource.withAncestors().stream()
        .flatMap(name -> ineffectiveBindings(name, principal, permission, resource))
        .forEach(CallRecorder::explain);
  }

  private Stream<String> ineffectiveBindings(
      String name, Principal principal, String permission, Resource resource) {
    // Called after allows() found no binding, so each match here fails by its condition.
    Stream<String> conditionFalse =
        policies.effective(name).getBindingsList().stream()
            .filter(binding -> includes(binding, principal, permission))
            .map(binding -> "the condition of " + at(binding, name) + " does not hold");
    Stream<String> notYetEffective =
        policies.read(name).getBindingsList().stream()
            .filter(binding -> grants(binding, principal, permission, resource))
            .map(binding -> at(binding, name) + " is granted but has not taken effect yet");
    return Stream.concat(conditionFalse, notYetEffective);
  }

  private static String at(Binding binding, String name) {
    return binding.getRole() + " on " + name;
  }

  public void require(Principal principal, String permission, Resource resource) {
    if (!allows(principal, permission, resource)) {
      throw GoogleErrors.permissionDenied(permission);
    }
  }

  /** Describes the bindings of a policy that grant the permission. */
  private Stream<String> reasons(
      String name, Principal principal, String permission, Resource resource) {
    return policies.effective(name).getBindingsList().stream()
        .filter(binding -> grants(binding, principal, permission, resource))
        .map(binding -> permission + " by " + at(binding, name) + " to " + principal.member());
  }

  /** The condition is evaluated for {@code resource}, even if the policy is that of a parent. */
  private boolean grants(
      Binding binding, Principal principal, String permission, Resource resource) {
    return includes(binding, principal, permission) && conditions.hold(binding, resource);
  }

  private boolean includes(Binding binding, Principal principal, String permission) {
    return roles.allows(binding.getRole(), permission)
        && binding.getMembersList().stream().anyMatch(member -> groups.matches(member, principal));
  }
}
