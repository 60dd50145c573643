package io.github.shortlived.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A world while it is being declared: what one value must be like is checked as it comes in. */
final class WorldDraft {
  private final Set<String> projects = new LinkedHashSet<>();
  private final Set<AccountEmail> accounts = new LinkedHashSet<>();
  private final List<Mention> mentions = new ArrayList<>();
  private final Set<String> disabledAccounts = new LinkedHashSet<>();
  private final List<Grant> grants = new ArrayList<>();
  private final List<Vm> instances = new ArrayList<>();
  private final Map<String, Set<String>> customRoles = new LinkedHashMap<>();
  private final Map<String, Set<String>> groups = new LinkedHashMap<>();
  private final List<Delegations.Delegation> delegations = new ArrayList<>();
  private final List<WorkloadPool> pools = new ArrayList<>();
  private final Map<List<String>, AttributeRules> attributeRules = new LinkedHashMap<>();
  private Optional<String> metadataAccount = Optional.empty();
  private final Set<String> longLifetimes = new LinkedHashSet<>();
  private final Set<ApiSwitches.Disabled> disabledApis = new LinkedHashSet<>();

  /** An account that something is declared about: it must be declared itself, in any order. */
  private record Mention(AccountEmail account, String by) {}

  void project(String projectId) {
    if (projectId.isBlank() || projectId.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "\"" + projectId + "\" is no project id: give one such as demo-project");
    }
    projects.add(projectId);
  }

  void account(String email) {
    AccountEmail id = parsed(email);
    accounts.add(id);
    project(id.projectId());
  }

  void projectGrant(String projectId, String role, String member, @Nullable String condition) {
    grants.add(new Grant(Resource.project(projectId), role, member, condition));
    project(projectId);
  }

  void accountGrant(String email, String role, String member, @Nullable String condition) {
    AccountEmail id = mentioned(email, "binding(..)");
    grants.add(new Grant(Resource.account(id.projectId(), id.email()), role, member, condition));
  }

  void customRole(String projectId, String roleId, String... permissions) {
    String name = CustomRoles.requireName("projects/" + projectId + "/roles/" + roleId);
    customRoles.put(name, CustomRoles.requirePermissions(permissions));
    project(projectId);
  }

  void group(String email, String... members) {
    groups.put(Groups.requireEmail(email), Groups.requireMembers(members));
  }

  void instance(Vm vm) {
    instances.add(vm);
    project(vm.projectId());
  }

  void delegation(Delegations.Delegation delegation) {
    mentioned(delegation.accountEmail(), "domainWideDelegation(..)");
    delegations.add(delegation);
  }

  void pool(WorkloadPool pool) {
    pools.add(pool);
    project(pool.projectId());
  }

  /** Changes what the tokens of one provider are mapped to; the provider may be declared later. */
  void attributes(
      String projectId, String poolId, String providerId, UnaryOperator<AttributeRules> change) {
    attributeRules.compute(
        List.of(projectId, poolId, providerId),
        (key, rules) -> change.apply(rules == null ? AttributeRules.SUBJECT_ALONE : rules));
  }

  void metadataAccount(String email) {
    metadataAccount = Optional.of(mentioned(email, "metadataServiceAccount(..)").email());
  }

  void longLifetime(String email) {
    longLifetimes.add(mentioned(email, "allowLifetimeExtension(..)").email());
  }

  void disabledAccount(String email) {
    disabledAccounts.add(mentioned(email, "disabledServiceAccount(..)").email());
  }

  void disabledApi(ApiSwitches.Disabled api) {
    disabledApis.add(api);
    project(api.projectId());
  }

  WorldSpec spec() {
    mentions.forEach(this::requireDeclared);
    attributeRules.keySet().forEach(this::requireProvider);
    return new WorldSpec(
        projects,
        accounts,
        disabledAccounts,
        grants,
        instances,
        new CustomRoles(customRoles),
        new Groups(groups),
        new SignInSpec(delegations, pools.stream().map(this::ruled).toList(), metadataAccount),
        new Knobs.Declared(longLifetimes, disabledApis));
  }

  private WorkloadPool ruled(WorkloadPool pool) {
    return pool.with(attributeRules.getOrDefault(pool.key(), pool.rules()));
  }

  private void requireProvider(List<String> key) {
    if (pools.stream().noneMatch(pool -> pool.key().equals(key))) {
      throw new IllegalArgumentException(
          "Attributes are mapped for a provider that is not declared, "
              + key
              + ": declare it with workloadIdentityPool(..)");
    }
  }

  private AccountEmail mentioned(String email, String by) {
    AccountEmail account = parsed(email);
    mentions.add(new Mention(account, by));
    return account;
  }

  private void requireDeclared(Mention mention) {
    if (!accounts.contains(mention.account())) {
      throw new IllegalArgumentException(
          mention.by()
              + " is about an account that is not declared: "
              + AccountEmail.undeclared(mention.account().email()));
    }
  }

  private static AccountEmail parsed(String email) {
    return AccountEmail.parse(email)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\""
                        + email
                        + "\" is no service account's email: give"
                        + " NAME@PROJECT.iam.gserviceaccount.com"));
  }
}
