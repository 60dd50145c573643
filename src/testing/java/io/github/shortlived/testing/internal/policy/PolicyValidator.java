package io.github.shortlived.testing.internal.policy;

import com.google.common.base.Ascii;
import com.google.iam.v1.AuditConfig;
import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.AccountEmail;
import io.github.shortlived.testing.internal.account.Accounts;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Validates the policy of a service account or project before it is stored. */
public final class PolicyValidator {
  private static final Pattern CONDITION_HASH = Pattern.compile("(.+)_withcond_[0-9a-f]{20}");

  private final Set<String> projects;
  private final Accounts accounts;
  private final CustomRoles roles;
  private final Conditions conditions;

  public PolicyValidator(
      Set<String> projects, Accounts accounts, CustomRoles roles, Conditions conditions) {
    this.projects = projects;
    this.accounts = accounts;
    this.roles = roles;
    this.conditions = conditions;
  }

  /** Refuses an invalid binding that a test declares. */
  public void checkDeclared(Binding binding, String projectId) {
    if (!roles.isKnownIn(projectId, binding.getRole())) {
      throw new IllegalArgumentException(
          "Role \"%s\" does not exist: declare it with customRole(..)"
              .formatted(binding.getRole()));
    }
    binding.getMembersList().forEach(this::requireExistingMember);
    try {
      checkCondition(binding);
    } catch (RpcException refusal) {
      throw new IllegalArgumentException(refusal.status().getMessage(), refusal);
    }
  }

  /** Refuses a member that is a missing service account of this world. */
  public void requireExistingMember(String member) {
    missingAccount(member, accounts::find)
        .ifPresent(
            email -> {
              throw new IllegalArgumentException(
                  "A binding or group names a service account that does not exist, "
                      + AccountEmail.undeclared(email));
            });
  }

  /** Refuses a policy that Google refuses for the resource. */
  public void check(Policy policy, Resource resource) {
    PolicyVersions.requireKnown(policy.getVersion());
    requireNoConditionsWithHashes(policy);
    PolicyLimits.check(PolicyNormalizer.normalized(policy));
    policy.getBindingsList().forEach(binding -> check(binding, resource));
    policy.getAuditConfigsList().forEach(this::check);
  }

  private void check(AuditConfig config) {
    AuditConfigs.check(config);
    AuditConfigs.exemptedMembers(config).forEach(this::checkMember);
  }

  private void check(Binding binding, Resource resource) {
    if (resource.isProject()) {
      checkForProject(binding, resource.projectId());
    } else if (!roles.fitsAccountsOf(resource.projectId(), withoutHash(binding.getRole()))) {
      throw GoogleErrors.invalid(
          "Role " + binding.getRole() + " is not supported for this resource.");
    }
    binding.getMembersList().forEach(this::checkMember);
    checkCondition(binding);
  }

  /** The rules are documented, the texts unverified. */
  private void checkForProject(Binding binding, String projectId) {
    String role = withoutHash(binding.getRole());
    if (!roles.isKnownIn(projectId, role)) {
      throw unknownRole(role);
    }
    if (hasEveryone(binding)) {
      throw GoogleErrors.invalid(
          "A project's policy cannot have allUsers and allAuthenticatedUsers.");
    }
  }

  /** Returns whether a member is {@code allUsers} or {@code allAuthenticatedUsers}. */
  private static boolean hasEveryone(Binding binding) {
    return binding.getMembersList().stream().anyMatch(member -> member.startsWith("all"));
  }

  private static RpcException unknownRole(String role) {
    if (RoleNames.isPredefined(role)) {
      return GoogleErrors.notEmulated("Role " + role);
    }
    return GoogleErrors.invalid(
        RoleNames.isOfProject(role)
            ? "Role " + role + " does not exist in the resource's hierarchy."
            : "Role " + role + " is not supported for this resource.");
  }

  /** The rules are documented, the texts unverified. */
  private void checkCondition(Binding binding) {
    if (!binding.hasCondition()) {
      return;
    }
    if (PredefinedRoles.isBasic(binding.getRole())) {
      throw GoogleErrors.invalid("The role " + binding.getRole() + " cannot have a condition.");
    }
    if (hasEveryone(binding)) {
      throw GoogleErrors.invalid("allUsers and allAuthenticatedUsers cannot have a condition.");
    }
    conditions.check(binding.getCondition());
  }

  /**
   * Refuses conditions beside condition hashes. A policy that was read at version 1 has hashes
   * only, and can be written back: its roles with hashes allow nothing, and its conditional
   * bindings are lost (what Google stores is unverified).
   */
  private static void requireNoConditionsWithHashes(Policy policy) {
    boolean hashes =
        policy.getBindingsList().stream()
            .anyMatch(binding -> CONDITION_HASH.matcher(binding.getRole()).matches());
    if (hashes && PolicyVersions.isConditional(policy)) {
      throw GoogleErrors.invalid(
          "Policy cannot contain both conditions and condition hashes. Please update your client"
              + " to request version 3 policy. For more information, please refer to"
              + " https://cloud.google.com/iam/help/allow-policies/versions.");
    }
  }

  private static String withoutHash(String role) {
    Matcher hashed = CONDITION_HASH.matcher(role);
    return hashed.matches() ? hashed.group(1) : role;
  }

  private void checkMember(String member) {
    Members.require(member);
    missingAccount(member, accounts::findKnown)
        .ifPresent(
            email -> {
              throw GoogleErrors.invalid("Service account " + email + " does not exist.");
            });
  }

  /** Returns the email of a member that would be in a project of this world, but does not exist. */
  private Optional<String> missingAccount(
      String member, Function<String, Optional<Account>> finding) {
    return Members.serviceAccount(member).filter(email -> isMissing(email, finding));
  }

  private boolean isMissing(String email, Function<String, Optional<Account>> finding) {
    return AccountEmail.parse(Ascii.toLowerCase(email), projects)
        .filter(id -> projects.contains(id.projectId()))
        .filter(id -> finding.apply(id.email()).isEmpty())
        .isPresent();
  }
}
