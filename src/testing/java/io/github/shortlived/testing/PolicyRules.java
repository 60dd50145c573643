package io.github.shortlived.testing;

import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import java.util.Set;
import java.util.regex.Pattern;

/** What a policy on a service account must look like before it is stored. */
final class PolicyRules {
  private static final String SERVICE_ACCOUNT = "serviceAccount:";
  private static final Pattern MEMBER =
      Pattern.compile(
          "allUsers|allAuthenticatedUsers"
              + "|(user|serviceAccount|group):[^\\s:@]+@[^\\s:@]+"
              + "|serviceAccount:[^\\s:]+(:[^\\s:]+)?\\.svc\\.id\\.goog\\[[^\\s\\]]+]"
              + "|domain:[^\\s:@]+"
              + "|principal(Set)?://\\S+"
              + "|deleted:\\S+");

  private final Set<String> projects;
  private final Accounts accounts;

  PolicyRules(Set<String> projects, Accounts accounts) {
    this.projects = projects;
    this.accounts = accounts;
  }

  static boolean isMember(String member) {
    return MEMBER.matcher(member).matches();
  }

  void check(Policy policy) {
    PolicyVersions.requireKnown(policy.getVersion());
    policy.getBindingsList().forEach(this::check);
  }

  private void check(Binding binding) {
    if (!Roles.fitsServiceAccounts(binding.getRole())) {
      throw Refusals.invalid("Role " + binding.getRole() + " is not supported for this resource.");
    }
    binding.getMembersList().forEach(this::checkMember);
    if (binding.hasCondition() && binding.getCondition().getExpression().isBlank()) {
      // The text is unverified.
      throw Refusals.invalid("The condition of role " + binding.getRole() + " has no expression.");
    }
  }

  private void checkMember(String member) {
    if (!isMember(member)) {
      throw Refusals.invalid(
          "The member "
              + member
              + " is of an unknown type. Please set a valid type prefix for the member.");
    }
    if (member.startsWith(SERVICE_ACCOUNT)) {
      requireExisting(member.substring(SERVICE_ACCOUNT.length()));
    }
  }

  /** Accounts of projects outside this world are taken on trust. */
  private void requireExisting(String email) {
    boolean ours =
        AccountEmail.parse(email).map(id -> projects.contains(id.projectId())).orElse(false);
    if (ours && accounts.find(email).isEmpty()) {
      throw Refusals.invalid("Service account " + email + " does not exist.");
    }
  }
}
