package io.github.shortlived.testing.internal.world;

import static java.util.stream.Collectors.toUnmodifiableSet;

import com.google.common.collect.Maps;
import io.github.shortlived.testing.internal.account.AccountEmail;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.account.StableIds;
import io.github.shortlived.testing.internal.account.VmInstance;
import io.github.shortlived.testing.internal.control.DisabledApis;
import io.github.shortlived.testing.internal.federation.AttributeMapping;
import io.github.shortlived.testing.internal.federation.WorkloadPool;
import io.github.shortlived.testing.internal.policy.CustomRoles;
import io.github.shortlived.testing.internal.policy.DeclaredBinding;
import io.github.shortlived.testing.internal.policy.Groups;
import io.github.shortlived.testing.internal.token.DomainWideDelegations;
import io.github.shortlived.testing.internal.token.KnownScopes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
    KnownScopes scopes,
    DomainWideDelegations delegations,
    List<WorkloadPool> pools,
    Optional<String> metadataAccount,
    Set<String> lifetimeExtensions,
    Set<DisabledApis.Disabled> disabledApis) {

  /** A reference to an account, which must be declared before {@link Builder#build}. */
  private record Reference(String email, String method) {}

  /** A binding on an account, whose project may be declared later. */
  private record AccountBinding(String email, DeclaredBinding binding) {}

  /**
   * Collects declarations in any order. Each method checks its values, and {@link #build} checks
   * the references between them.
   */
  public static final class Builder {
    private static final Pattern PROJECT_ID = Pattern.compile("[^/\\s]+");

    private final Set<String> projects = new LinkedHashSet<>();
    private final Set<String> accounts = new LinkedHashSet<>();
    private final List<Reference> references = new ArrayList<>();
    private final Set<String> disabledAccounts = new LinkedHashSet<>();
    private final List<DeclaredBinding> projectBindings = new ArrayList<>();
    private final List<AccountBinding> accountBindings = new ArrayList<>();
    private final List<VmInstance> instances = new ArrayList<>();
    private final Map<String, Set<String>> customRoles = new LinkedHashMap<>();
    private final Map<String, Set<String>> groups = new LinkedHashMap<>();
    private final Set<String> scopes = new LinkedHashSet<>();
    private final List<DomainWideDelegations.Delegation> delegations = new ArrayList<>();
    private final List<WorkloadPool> pools = new ArrayList<>();
    private final Map<List<String>, AttributeMapping> attributeMappings = new LinkedHashMap<>();
    private Optional<String> metadataAccount = Optional.empty();
    private final Set<String> lifetimeExtensions = new LinkedHashSet<>();
    private final Set<DisabledApis.Disabled> disabledApis = new LinkedHashSet<>();

    public void project(String projectId) {
      if (!PROJECT_ID.matcher(projectId).matches()) {
        throw new IllegalArgumentException(
            "\"" + projectId + "\" is not a project id: use one such as demo-project");
      }
      projects.add(projectId);
    }

    public void account(String email) {
      accounts.add(requireEmail(email));
      AccountEmail.parse(email, projects).map(AccountEmail::projectId).ifPresent(this::project);
    }

    public void projectBinding(
        String projectId, String role, String member, @Nullable String condition) {
      projectBindings.add(
          new DeclaredBinding(Resource.project(projectId), role, member, condition));
      project(projectId);
    }

    public void binding(String email, String role, String member, @Nullable String condition) {
      Resource account = Resource.account("-", referenced(email, "binding(..)"));
      accountBindings.add(
          new AccountBinding(email, new DeclaredBinding(account, role, member, condition)));
    }

    public void customRole(String projectId, String roleId, String... permissions) {
      String name = CustomRoles.requireName(projectId, roleId);
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

    public void oauthScope(String scope) {
      scopes.add(KnownScopes.requireForm(scope));
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
      metadataAccount = Optional.of(referenced(email, "metadataServiceAccount(..)"));
    }

    public void allowLifetimeExtension(String email) {
      lifetimeExtensions.add(referenced(email, "allowLifetimeExtension(..)"));
    }

    public void disabledAccount(String email) {
      disabledAccounts.add(referenced(email, "disabledServiceAccount(..)"));
    }

    public void disabledApi(String projectId, String service) {
      disabledApis.add(new DisabledApis.Disabled(projectId, service));
      project(projectId);
    }

    public WorldSpec build() {
      references.forEach(this::requireDeclared);
      attributeMappings.keySet().forEach(this::requireProvider);
      KnownScopes known = new KnownScopes(scopes);
      return new WorldSpec(
          Set.copyOf(projects),
          accounts.stream().map(this::resolved).collect(toUnmodifiableSet()),
          Set.copyOf(disabledAccounts),
          Stream.concat(projectBindings.stream(), accountBindings.stream().map(this::resolved))
              .toList(),
          List.copyOf(instances),
          new CustomRoles(customRoles),
          new Groups(groups),
          known,
          new DomainWideDelegations(delegations).requireScopes(known),
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

    private String referenced(String email, String method) {
      references.add(new Reference(requireEmail(email), method));
      return email;
    }

    private void requireDeclared(Reference reference) {
      if (!accounts.contains(reference.email())) {
        throw new IllegalArgumentException(
            reference.method()
                + " names an account that is not declared: "
                + AccountEmail.undeclared(reference.email()));
      }
    }

    private static String requireEmail(String email) {
      if (!AccountEmail.isEmail(email)) {
        throw new IllegalArgumentException(
            ("\"%s\" is not the email of a service account: use"
                    + " NAME@PROJECT.iam.gserviceaccount.com, or that of a default account")
                .formatted(email));
      }
      return email;
    }

    private DeclaredBinding resolved(AccountBinding declared) {
      return declared.binding().on(resolved(declared.email()).resource());
    }

    /** Finds the project of an account, after all projects are declared. */
    private AccountEmail resolved(String email) {
      return AccountEmail.parse(email, projects)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "\"%s\" has the number of no project in this world: the numbers are %s"
                          .formatted(email, Maps.asMap(projects, StableIds::projectNumber))));
    }
  }
}
