package io.github.shortlived.testing;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Everything the emulator knows. Each part guards itself, so handlers run concurrently. */
record World(
    InstantSource clock,
    Set<String> projects,
    Accounts accounts,
    Policies policies,
    PolicyRules policyRules,
    Access access,
    TokenMint mint,
    KeyRing googleKeys,
    Assertions assertions,
    List<Vm> instances,
    SignIn signIn,
    Knobs knobs) {
  private static final String GOOGLE_SIGNER = "federated-signon.system.gserviceaccount.com";

  static World of(WorldSpec spec, InstantSource clock, RsaKeys keys) {
    World world = empty(spec, clock, keys);
    spec.accounts().stream().sorted(byEmail()).forEach(id -> world.accounts.create(id, "", ""));
    spec.disabledAccounts().forEach(world::disable);
    spec.groups().requireAll(world.policyRules::requireExistingMember);
    spec.grants().forEach(world::grant);
    return world;
  }

  void grant(Grant grant) {
    policyRules.check(grant);
    policies.bind(grant.on().name(), grant.binding());
  }

  private void disable(String email) {
    accounts.update(requireAccount(email), account -> account.withDisabled(true));
  }

  /** The account of that email, which a test named. */
  Account requireAccount(String email) {
    return accounts
        .find(email)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "No service account in this emulator is " + AccountEmail.undeclared(email)));
  }

  /** The project id, if a test named one of this world. */
  String requireProject(String projectId) {
    if (!projects.contains(projectId)) {
      throw new IllegalArgumentException(
          "No project \"" + projectId + "\" in this emulator: declare it with project(..)");
    }
    return projectId;
  }

  private static World empty(WorldSpec spec, InstantSource clock, RsaKeys keys) {
    Function<String, KeyRing> keysFor = owner -> new KeyRing(owner, keys, clock);
    Accounts accounts = new Accounts(keysFor);
    Policies policies = new Policies(clock);
    Conditions conditions = Conditions.on(clock);
    KeyRing google = new KeyRing(GOOGLE_SIGNER, keys, clock);
    return new World(
        clock,
        spec.projects(),
        accounts,
        policies,
        new PolicyRules(spec.projects(), accounts, spec.customRoles(), conditions),
        new Access(policies, spec.customRoles(), spec.groups(), conditions),
        new TokenMint(clock, google),
        google,
        new Assertions(accounts, clock),
        spec.instances(),
        SignIn.of(spec.signIn(), keysFor, clock),
        Knobs.of(spec.knobs(), clock));
  }

  private static Comparator<AccountEmail> byEmail() {
    return Comparator.comparing(AccountEmail::email);
  }
}
