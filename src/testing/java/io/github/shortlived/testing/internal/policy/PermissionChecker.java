package io.github.shortlived.testing.internal.policy;

import com.google.iam.v1.Binding;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import java.util.Optional;
import java.util.stream.Stream;

/** The one place that decides whether somebody may do something. */
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

  public boolean allows(Principal who, String permission, Resource on) {
    Optional<String> reason =
        on.lineage().stream().flatMap(name -> reasons(name, who, permission, on)).findFirst();
    reason.ifPresentOrElse(CallRecorder::explain, () -> shortfall(who, permission, on));
    return reason.isPresent();
  }

  private void shortfall(Principal who, String permission, Resource on) {
    CallRecorder.explain(lack(who, permission, on));
    on.lineage().stream()
        .flatMap(name -> nearMisses(name, who, permission, on))
        .forEach(CallRecorder::explain);
  }

  private static String lack(Principal who, String permission, Resource on) {
    String lack = who.member() + " lacks " + permission + " on " + on.name();
    return who.isBounded() ? lack + " within its credential access boundary" : lack;
  }

  /** Bindings that give the permission, but not on these conditions, or not yet. */
  private Stream<String> nearMisses(String name, Principal who, String permission, Resource on) {
    Stream<String> lapsed =
        policies.effective(name).getBindingsList().stream()
            .filter(binding -> gives(binding, who, permission))
            .map(binding -> "the condition of " + at(binding, name) + " does not hold");
    Stream<String> pending =
        policies.read(name).getBindingsList().stream()
            .filter(binding -> grants(binding, who, permission, on))
            .map(binding -> at(binding, name) + " is granted but has not taken effect yet");
    return Stream.concat(lapsed, pending);
  }

  private static String at(Binding binding, String resource) {
    return binding.getRole() + " on " + resource;
  }

  public void require(Principal who, String permission, Resource on) {
    if (!allows(who, permission, on)) {
      throw GoogleErrors.permissionDenied(permission);
    }
  }

  /** The bindings of a policy that give the permission, in words. */
  private Stream<String> reasons(String name, Principal who, String permission, Resource on) {
    return policies.effective(name).getBindingsList().stream()
        .filter(binding -> grants(binding, who, permission, on))
        .map(binding -> permission + " by " + at(binding, name) + " to " + who.member());
  }

  /** A condition is about the resource called upon, wherever the binding hangs. */
  private boolean grants(Binding binding, Principal who, String permission, Resource on) {
    return gives(binding, who, permission) && conditions.hold(binding, on);
  }

  private boolean gives(Binding binding, Principal who, String permission) {
    return roles.allows(binding.getRole(), permission)
        && binding.getMembersList().stream().anyMatch(member -> groups.matches(member, who));
  }
}
