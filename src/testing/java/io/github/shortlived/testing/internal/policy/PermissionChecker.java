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

  /** Returns whether the principal has the permission, for a call that changes no policy. */
  public boolean allows(Principal principal, String permission, Resource resource) {
    return allows(new AccessRequest(principal, permission, resource));
  }

  /** Returns whether a call has the permission that it needs. */
  public boolean allows(AccessRequest call) {
    Optional<String> reason =
        call.resource().withAncestors().stream().flatMap(name -> reasons(name, call)).findFirst();
    reason.ifPresentOrElse(CallRecorder::explain, () -> explainDenial(call));
    return reason.isPresent();
  }

  /**
   * Explains a missing permission, and names the bindings whose condition does not hold or that are
   * not effective yet.
   */
  private void explainDenial(AccessRequest call) {
    CallRecorder.explain(
        "%s lacks %s on %s%s"
            .formatted(
                call.principal().member(),
                call.permission(),
                call.resource().name(),
                call.principal().isBounded() ? " within its credential access boundary" : ""));
    call.resource().withAncestors().stream()
        .flatMap(name -> ineffectiveBindings(name, call))
        .forEach(CallRecorder::explain);
  }

  private Stream<String> ineffectiveBindings(String name, AccessRequest call) {
    // Called after allows() found no binding, so each match here fails by its condition.
    Stream<String> conditionFalse =
        policies.effective(name).getBindingsList().stream()
            .filter(binding -> includes(binding, call))
            .map(binding -> "the condition of " + at(binding, name) + " does not hold");
    Stream<String> notYetEffective =
        policies.read(name).getBindingsList().stream()
            .filter(binding -> grants(binding, call))
            .map(binding -> at(binding, name) + " is granted but has not taken effect yet");
    return Stream.concat(conditionFalse, notYetEffective);
  }

  private static String at(Binding binding, String name) {
    return binding.getRole() + " on " + name;
  }

  public void require(Principal principal, String permission, Resource resource) {
    require(new AccessRequest(principal, permission, resource));
  }

  public void require(AccessRequest call) {
    if (!allows(call)) {
      throw GoogleErrors.permissionDenied(call.permission());
    }
  }

  /** Describes the bindings of a policy that grant the permission. */
  private Stream<String> reasons(String name, AccessRequest call) {
    return policies.effective(name).getBindingsList().stream()
        .filter(binding -> grants(binding, call))
        .map(
            binding ->
                call.permission()
                    + " by "
                    + at(binding, name)
                    + " to "
                    + call.principal().member());
  }

  /** The condition is evaluated for the resource, even if the policy is that of a parent. */
  private boolean grants(Binding binding, AccessRequest call) {
    return includes(binding, call) && conditions.hold(binding, call);
  }

  private boolean includes(Binding binding, AccessRequest call) {
    return roles.allows(binding.getRole(), call.permission())
        && binding.getMembersList().stream()
            .anyMatch(member -> groups.matches(member, call.principal()));
  }
}
