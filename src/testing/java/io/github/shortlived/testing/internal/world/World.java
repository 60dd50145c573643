package io.github.shortlived.testing.internal.world;

import static java.util.Comparator.comparing;

import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.AccountEmail;
import io.github.shortlived.testing.internal.account.Accounts;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.account.StableIds;
import io.github.shortlived.testing.internal.account.VmInstance;
import io.github.shortlived.testing.internal.control.Controls;
import io.github.shortlived.testing.internal.key.KeyRing;
import io.github.shortlived.testing.internal.key.RsaKeyPool;
import io.github.shortlived.testing.internal.policy.Conditions;
import io.github.shortlived.testing.internal.policy.DeclaredBinding;
import io.github.shortlived.testing.internal.policy.PermissionChecker;
import io.github.shortlived.testing.internal.policy.Policies;
import io.github.shortlived.testing.internal.policy.PolicyValidator;
import io.github.shortlived.testing.internal.token.JwtAssertionVerifier;
import io.github.shortlived.testing.internal.token.KnownScopes;
import io.github.shortlived.testing.internal.token.TokenIssuer;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The state of the emulator, created from a {@link WorldSpec}. Handlers read and change it through
 * its parts, each of which is safe for concurrent use.
 */
public record World(
    InstantSource clock,
    Set<String> projects,
    Accounts accounts,
    Policies policies,
    PolicyValidator policyValidator,
    PermissionChecker permissions,
    TokenIssuer tokens,
    KnownScopes scopes,
    KeyRing googleKeys,
    JwtAssertionVerifier assertionVerifier,
    List<VmInstance> instances,
    IdentityProviders identityProviders,
    Controls controls) {
  private static final String USE_SERVICES = "serviceusage.services.use";
  private static final String GOOGLE_SIGNER = "federated-signon.system.gserviceaccount.com";

  /** Creates the accounts and policies of a spec. */
  public static World of(WorldSpec spec, InstantSource clock, RsaKeyPool keys) {
    World world = empty(spec, clock, keys);
    spec.accounts().stream()
        .sorted(comparing(AccountEmail::email))
        .forEach(world.accounts::declare);
    spec.disabledAccounts().forEach(world::disable);
    spec.groups().requireAll(world.policyValidator::requireExistingMember);
    spec.bindings().forEach(world::addBinding);
    return world;
  }

  /** Validates a declared binding and adds it to the policy of its resource. */
  public void addBinding(DeclaredBinding declared) {
    policyValidator.checkDeclared(declared.binding(), declared.resource().projectId());
    policies.bind(declared.resource().name(), declared.binding());
  }

  private void disable(String email) {
    accounts.update(requireAccount(email), account -> account.withDisabled(true));
  }

  /**
   * Returns the account with this email.
   *
   * @throws IllegalArgumentException if it does not exist, because the email comes from a test and
   *     not from a request
   */
  public Account requireAccount(String email) {
    return accounts
        .find(email)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no service account in this emulator with the email "
                        + AccountEmail.undeclared(email)));
  }

  /**
   * Returns the id of an existing project.
   *
   * @throws IllegalArgumentException if it does not exist, because the id comes from a test and not
   *     from a request
   */
  public String requireProject(String projectId) {
    if (!projects.contains(projectId)) {
      throw new IllegalArgumentException(
          "There is no project \""
              + projectId
              + "\" in this emulator: declare it with project(..)");
    }
    return projectId;
  }

  /** Returns the id of a project of this world. */
  public Optional<String> findProject(String idOrNumber) {
    return projects.stream()
        .filter(id -> id.equals(idOrNumber) || StableIds.projectNumber(id).equals(idOrNumber))
        .findFirst();
  }

  /** Returns the id of a project of this world, or the text itself. */
  public String projectId(String idOrNumber) {
    return findProject(idOrNumber).orElse(idOrNumber);
  }

  /** Returns the id of a project that the principal may use for quota and billing. */
  public Optional<String> findQuotaProject(String idOrNumber, Principal principal) {
    return findProject(idOrNumber)
        .filter(id -> permissions.allows(principal, USE_SERVICES, Resource.project(id)));
  }

  private static World empty(WorldSpec spec, InstantSource clock, RsaKeyPool keys) {
    Function<String, KeyRing> keysFor = owner -> new KeyRing(owner, keys, clock);
    Accounts accounts = new Accounts(keysFor, clock);
    Policies policies = new Policies(clock);
    Conditions conditions = new Conditions(clock);
    KeyRing google = new KeyRing(GOOGLE_SIGNER, keys, clock);
    return new World(
        clock,
        spec.projects(),
        accounts,
        policies,
        new PolicyValidator(spec.projects(), accounts, spec.customRoles(), conditions),
        new PermissionChecker(policies, spec.customRoles(), spec.groups(), conditions),
        new TokenIssuer(clock, google),
        spec.scopes(),
        google,
        new JwtAssertionVerifier(accounts, clock),
        spec.instances(),
        IdentityProviders.of(spec, keysFor),
        Controls.of(spec.lifetimeExtensions(), spec.disabledApis(), clock));
  }
}
