package io.github.shortlived.testing.internal.world;

import io.github.shortlived.testing.internal.account.AccountEmail;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.account.VmInstance;
import io.github.shortlived.testing.internal.control.DisabledApis;
import io.github.shortlived.testing.internal.federation.AttributeMapping;
import io.github.shortlived.testing.internal.federation.WorkloadPool;
import io.github.shortlived.testing.internal.policy.CustomRoles;
import io.github.shortlived.testing.internal.policy.DeclaredBinding;
import io.github.shortlived.testing.internal.policy.Groups;
import io.github.shortlived.testing.internal.token.DomainWideDelegations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The world as a test declares it, before anything happens in it. Immutable. */
public record WorldSpec(
    Set<String> projects,
    Set<AccountEmail> accounts,
    Set<String> disabledAccounts,
    List<DeclaredBinding> grants,
    List<VmInstance> instances,
    CustomRoles customRoles,
    Groups groups,
    DomainWideDelegations delegations,
    List<WorkloadPool> pools,
    Optional<String> metadataAccount,
    Set<String> longLifetimes,
    Set<DisabledApis.Disabled> disabledApis) {

  /** An account that a declaration names: it must be declared itself, in any order. */
  private record Mention(AccountEmail account, String by) {}

  /**
   * Collects the declarations in any order. Each value is checked when it is added, references
   * between them when the spec is built.
   */
  public static final class Builder {
    private final Set<String> projects = new LinkedHashSet<>();
    private final Set<AccountEmail> accounts = new LinkedHashSet<>();
    private final List<Mention> mentions = new ArrayList<>();
    private final Set<String> disabledAccounts = new LinkedHashSet<>();
    private final List<DeclaredBinding> grants = new ArrayList<>();
    private final List<VmInstance> instances = new ArrayList<>();
    private final Map<String, Set<String>> customRoles = new LinkedHashMap<>();
    private final Map<String, Set<String>> groups = new LinkedHashMap<>();
    private final List<DomainWideDelegations.Delegation> delegations = new ArrayList<>();
    private final List<WorkloadPool> pools = new ArrayList<>();
    private final Map<List<String>, AttributeMapping> attributeRules = new LinkedHashMap<>();
    private Optional<String> metadataAccount = Optional.empty();
    private final Set<String> longLifetimes = new LinkedHashSet<>();
    private final Set<DisabledApis.Disabled> disabledApis = new LinkedHashSet<>();

    public void project(String projectId) {
      if (projectId.isBlank() || projectId.indexOf('/') >= 0) {
        throw new IllegalArgumentException(
            "\"" + projectId + "\" is no project id: give one such as demo-project");
      }
      projects.add(projectId);
    }

    public void account(String email) {
      AccountEmail id = parsed(email);
      accounts.add(id);
      project(id.projectId());
    }

    public void projectGrant(
        String projectId, String role, String member, @Nullable String condition) {
      grants.add(new DeclaredBinding(Resource.project(projectId), role, member, condition));
      project(projectId);
    }

    public void accountGrant(String email, String role, String member, @Nullable String condition) {
      AccountEmail id = mentioned(email, "binding(..)");
      grants.add(
          new DeclaredBinding(
              Resource.account(id.projectId(), id.email()), role, member, condition));
    }

    public void customRole(String projectId, String roleId, String... permissions) {
      String name = CustomRoles.requireName("projects/" + projectId + "/roles/" + roleId);
      customRoles.put(name, CustomRoles.requirePermissions(permissions));
      project(projectId);
    }

    public void group(String email, String... members) {
      groups.put(Groups.requireEmail(email), Groups.requireMembers(members));
    }

    public void instance(String projectId, String zone, String name) {
      instances.add(new VmInstance(projectId, zone, name));
      project(projectId);
    }

    public void delegation(String email, String userOrDomain, String... scopes) {
      DomainWideDelegations.Delegation delegation =
          new DomainWideDelegations.Delegation(email, userOrDomain, List.of(scopes));
      mentioned(email, "domainWideDelegation(..)");
      delegations.add(delegation);
    }

    public void pool(
        String projectId, String poolId, String provider, String issuer, String... audience) {
      pools.add(new WorkloadPool(projectId, poolId, provider, issuer, List.of(audience)));
      project(projectId);
    }

    /** The provider may be declared later. */
    public void attributeMapping(
        String projectId, String poolId, String providerId, Map<String, String> mapping) {
      List<String> key = List.of(projectId, poolId, providerId);
      attributeRules.put(key, rules(key).withMapping(mapping));
    }

    /** The provider may be declared later. */
    public void attributeCondition(
        String projectId, String poolId, String providerId, String condition) {
      List<String> key = List.of(projectId, poolId, providerId);
      attributeRules.put(key, rules(key).withCondition(condition));
    }

    public void metadataAccount(String email) {
      metadataAccount = Optional.of(mentioned(email, "metadataServiceAccount(..)").email());
    }

    public void longLifetime(String email) {
      longLifetimes.add(mentioned(email, "allowLifetimeExtension(..)").email());
    }

    public void disabledAccount(String email) {
      disabledAccounts.add(mentioned(email, "disabledServiceAccount(..)").email());
    }

    public void disabledApi(String projectId, String service) {
      disabledApis.add(new DisabledApis.Disabled(projectId, service));
      project(projectId);
    }

    public WorldSpec build() {
      mentions.forEach(this::requireDeclared);
      attributeRules.keySet().forEach(this::requireProvider);
      return new WorldSpec(
          Set.copyOf(projects),
          Set.copyOf(accounts),
          Set.copyOf(disabledAccounts),
          List.copyOf(grants),
          List.copyOf(instances),
          new CustomRoles(customRoles),
          new Groups(groups),
          new DomainWideDelegations(delegations),
          pools.stream().map(pool -> pool.with(rules(pool.key()))).toList(),
          metadataAccount,
          Set.copyOf(longLifetimes),
          Set.copyOf(disabledApis));
    }

    private AttributeMapping rules(List<String> providerKey) {
      return attributeRules.getOrDefault(providerKey, AttributeMapping.SUBJECT_ONLY);
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
}
