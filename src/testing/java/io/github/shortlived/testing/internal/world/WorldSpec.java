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

/** The declarations of a test, from which {@link World#of} creates a world. Immutable. */
public record WorldSpec(
    Set<String> projects,
    Set<AccountEmail> accounts,
    Set<String> disabledAccounts,
    List<DeclaredBinding> bindings,
    List<VmInstance> instances,
    CustomRoles customRoles,
    Groups groups,
    DomainWideDelegations delegations,
    List<WorkloadPool> pools,
    Optional<String> metadataAccount,
    Set<String> lifetimeExtensions,
    Set<DisabledApis.Disabled> disabledApis) {

  /** A reference to an account, which must be declared before {@link Builder#build}. */
  private record Reference(AccountEmail account, String method) {}

  /**
   * Collects declarations in any order. Each method checks its values, and {@link #build} checks
   * the references between them.
   */
  public static final class Builder {
    private final Set<String> projects = new LinkedHashSet<>();
    private final Set<AccountEmail> accounts = new LinkedHashSet<>();
    private final List<Reference> references = new ArrayList<>();
    private final Set<String> disabledAccounts = new LinkedHashSet<>();
    private final List<DeclaredBinding> bindings = new ArrayList<>();
    private final List<VmInstance> instances = new ArrayList<>();
    private final Map<String, Set<String>> customRoles = new LinkedHashMap<>();
    private final Map<String, Set<String>> groups = new LinkedHashMap<>();
    private final List<DomainWideDelegations.Delegation> delegations = new ArrayList<>();
    private final List<WorkloadPool> pools = new ArrayList<>();
    private final Map<List<String>, AttributeMapping> attributeMappings = new LinkedHashMap<>();
    private Optional<String> metadataAccount = Optional.empty();
    private final Set<String> lifetimeExtensions = new LinkedHashSet<>();
    private final Set<DisabledApis.Disabled> disabledApis = new LinkedHashSet<>();

    public void project(String projectId) {
      if (projectId.isBlank() || projectId.indexOf('/') >= 0) {
        throw new IllegalArgumentException(
            "\"" + projectId + "\" is not a project id: use one such as demo-project");
      }
      projects.add(projectId);
    }

    public void account(String email) {
      AccountEmail id = parsed(email);
      accounts.add(id);
      project(id.projectId());
    }

    public void projectBinding(
        String projectId, String role, String member, @Nullable String condition) {
      bindings.add(new DeclaredBinding(Resource.project(projectId), role, member, condition));
      project(projectId);
    }

    public void binding(String email, String role, String member, @Nullable String condition) {
      AccountEmail id = referenced(email, "binding(..)");
      bindings.add(
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
      referenced(email, "domainWideDelegation(..)");
      delegations.add(delegation);
    }

    public void pool(
        String projectId, String poolId, String provider, String issuer, String... audience) {
      pools.add(new WorkloadPool(projectId, poolId, provider, issuer, List.of(audience)));
      project(projectId);
    }

    /** Maps attributes of a provider that may be declared later. */
    public void attributeMapping(
        String projectId, String poolId, String providerId, Map<String, String> mapping) {
      List<String> key = List.of(projectId, poolId, providerId);
      attributeMappings.put(key, mappingOf(key).withMapping(mapping));
    }

    /** Sets the condition of a provider that may be declared later. */
    public void attributeCondition(
        String projectId, String poolId, String providerId, String condition) {
      List<String> key = List.of(projectId, poolId, providerId);
      attributeMappings.put(key, mappingOf(key).withCondition(condition));
    }

    public void metadataAccount(String email) {
      metadataAccount = Optional.of(referenced(email, "metadataServiceAccount(..)").email());
    }

    public void allowLifetimeExtension(String email) {
      lifetimeExtensions.add(referenced(email, "allowLifetimeExtension(..)").email());
    }

    public void disabledAccount(String email) {
      disabledAccounts.add(referenced(email, "disabledServiceAccount(..)").email());
    }

    public void disabledApi(String projectId, String service) {
      disabledApis.add(new DisabledApis.Disabled(projectId, service));
      project(projectId);
    }

    public WorldSpec build() {
      references.forEach(this::requireDeclared);
      attributeMappings.keySet().forEach(this::requireProvider);
      return new WorldSpec(
          Set.copyOf(projects),
          Set.copyOf(accounts),
          Set.copyOf(disabledAccounts),
          List.copyOf(bindings),
          List.copyOf(instances),
          new CustomRoles(customRoles),
          new Groups(groups),
          new DomainWideDelegations(delegations),
          pools.stream().map(pool -> pool.with(mappingOf(pool.key()))).toList(),
          metadataAccount,
          Set.copyOf(lifetimeExtensions),
          Set.copyOf(disabledApis));
    }

    private AttributeMapping mappingOf(List<String> providerKey) {
      return attributeMappings.getOrDefault(providerKey, AttributeMapping.SUBJECT_ONLY);
    }

    private void requireProvider(List<String> key) {
      if (pools.stream().noneMatch(pool -> pool.key().equals(key))) {
        throw new IllegalArgumentException(
            ("Attributes are mapped for the provider %s, which is not declared: declare it with"
                    + " workloadIdentityPool(..)")
                .formatted(key));
      }
    }

    private AccountEmail referenced(String email, String method) {
      AccountEmail account = parsed(email);
      references.add(new Reference(account, method));
      return account;
    }

    private void requireDeclared(Reference reference) {
      if (!accounts.contains(reference.account())) {
        throw new IllegalArgumentException(
            reference.method()
                + " names an account that is not declared: "
                + AccountEmail.undeclared(reference.account().email()));
      }
    }

    private static AccountEmail parsed(String email) {
      return AccountEmail.parse(email)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      ("\"%s\" is not the email of a service account: use"
                              + " NAME@PROJECT.iam.gserviceaccount.com")
                          .formatted(email)));
    }
  }
}
