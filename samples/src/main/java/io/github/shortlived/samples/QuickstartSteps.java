package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.account.NewServiceAccount;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.diagnosis.Diagnostics;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.PropagationProbe;
import io.github.shortlived.grant.PropagationWait;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.samples.QuickstartCredentials.Issued;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Steps of the quickstart: from a refused request to issued credentials and revoked grants. */
final class QuickstartSteps implements AutoCloseable {
  private static final Duration POLL = Duration.ofSeconds(10);

  /** Long enough for the run; the grants end by themselves if the process dies. */
  private static final Duration GRANT_LIFETIME = Duration.ofHours(1);

  private final QuickstartCloud cloud;
  private final ShortLivedCredentials credentials;
  private final PrintStream out;
  private final Consumer<Duration> pause;
  private final CreatedAccounts created;
  private final MadeGrants made;
  private final QuickstartCredentials issuer;
  private int step;

  QuickstartSteps(QuickstartCloud cloud, PrintStream out, Consumer<Duration> pause) {
    this.cloud = cloud;
    this.credentials = cloud.credentials();
    this.out = out;
    this.pause = pause;
    this.created = new CreatedAccounts(cloud.accounts());
    this.made = new MadeGrants(cloud.grants());
    this.issuer = new QuickstartCredentials(cloud, propagationWait(), this::line);
  }

  void run() {
    cloud.describe(out);
    createAccounts();
    Cleanup grants = this::revoke;
    try (grants) {
      direct();
      delegated();
      instances();
    }
    refusedAgain();
  }

  /** Runs at the end; if a step has failed, its own failure is suppressed. */
  private interface Cleanup extends AutoCloseable {
    @Override
    void close();
  }

  private void createAccounts() {
    if (cloud.newAccounts().isEmpty()) {
      return;
    }
    title("Create the delegate and the target");
    cloud.newAccounts().forEach(account -> line("+ " + created.create(account)));
    cloud.newAccounts().forEach(this::awaitUsable);
  }

  private void awaitUsable(NewServiceAccount account) {
    Duration waited = cloud.accounts().awaitUsable(account.account(), cloud.propagation(), pause);
    line("%s is usable after %d s".formatted(account.account(), waited.toSeconds()));
  }

  private void direct() {
    ServiceAccount target = cloud.target();
    title("Without a grant, the request is refused, and the message names the grant");
    attempt(target);
    title("Plan the grant with an expiry, then apply it");
    CrossAccountGrant grant = CrossAccountGrant.tokenCreator(cloud.caller()).on(target);
    line("plan:");
    cloud.grants().plan(grant.expiringIn(GRANT_LIFETIME)).changes().forEach(this::line);
    line("applied:");
    grant(grant);
    awaitEffective(grant);
    title("Issue each type of credential of the target");
    Issued issued = issuer.issueAll(grant, target);
    title("Verify them as a receiver does: with published keys, and without credentials");
    issuer.verify(issued);
  }

  private void delegated() {
    DelegationChain chain = DelegationChain.through(cloud.via()).to(cloud.target());
    title("Diagnose a delegation chain that is refused: caller -> delegate -> target");
    diagnose(chain);
    title("Grant on each account: the first one alone is not enough");
    CrossAccountGrant whole = CrossAccountGrant.tokenCreator(cloud.caller()).along(chain);
    List<Binding> bindings = whole.bindings();
    for (Binding binding : bindings.subList(0, bindings.size() - 1)) {
      grant(new CrossAccountGrant(List.of(binding)));
      attemptBriefly(chain);
    }
    grant(new CrossAccountGrant(bindings.subList(bindings.size() - 1, bindings.size())));
    awaitEffective(whole);
    issuer.issueAll(whole, chain);
  }

  private void diagnose(DelegationChain chain) {
    Diagnostics diagnostics = Diagnostics.using(credentials).readingPoliciesWith(cloud.audit());
    diagnostics.diagnose(chain).toString().lines().forEach(this::line);
  }

  private void instances() {
    title("List the instances of %s with the target's token".formatted(cloud.zone()));
    cloud.allowListing();
    try (ComputeInstances compute = ComputeInstances.using(credentials, cloud.target())) {
      compute
          .list(cloud.project(), cloud.zone())
          .forEach(instance -> line(instance.getName() + "  " + instance.getStatus()));
    } catch (PermissionDenied e) {
      e.getMessage().lines().forEach(this::line);
      line("To see them, grant the target roles/compute.viewer in the project.");
    }
  }

  /** Stops, revokes the grants and deletes the accounts, when the program is interrupted. */
  void abort() {
    printFailure(this::revoke);
    printFailure(this::close);
  }

  private void printFailure(Runnable cleanup) {
    try {
      cleanup.run();
    } catch (CredentialException e) {
      line(e.getMessage());
    }
  }

  /** Deletes the accounts that this run created. */
  @Override
  public void close() {
    if (!created.isEmpty()) {
      title("Delete the accounts that were created");
    }
    created.deleteAll(account -> line("- " + account));
  }

  private void revoke() {
    if (!made.isEmpty()) {
      title("Revoke the grants");
    }
    made.revokeAll().forEach(this::line);
  }

  private void refusedAgain() {
    title("The request is refused again");
    for (Duration waited = Duration.ZERO; ; waited = waited.plus(POLL)) {
      try {
        credentials.issue(fresh(cloud.target()));
      } catch (PermissionDenied e) {
        line(labeled(cloud.target(), refusal(e)));
        attemptBriefly(DelegationChain.through(cloud.via()).to(cloud.target()));
        return;
      }
      if (waited.compareTo(cloud.propagation()) >= 0) {
        line("still issued: the caller has another grant, or the change needs more time");
        return;
      }
      pause.accept(POLL);
    }
  }

  /** Requests a token and prints it, or the refusal with its remedy. */
  private void attempt(Target target) {
    try {
      AccessToken token = credentials.issue(fresh(target));
      line("issued, because the grant already exists: " + token);
    } catch (PermissionDenied | NotFound e) {
      e.getMessage().lines().forEach(this::line);
    }
  }

  private void attemptBriefly(Target target) {
    try {
      line(labeled(target, "issued: " + credentials.issue(fresh(target))));
    } catch (PermissionDenied | NotFound e) {
      line(labeled(target, refusal(e)));
    }
  }

  /** A cached token stays valid after a grant is revoked, so the request is fresh. */
  private static AccessTokenRequest fresh(Target target) {
    return AccessTokenRequest.of(target, CLOUD_PLATFORM).fresh();
  }

  /** Grants for an hour; policies may refuse a new account as a member for some time. */
  private void grant(CrossAccountGrant grant) {
    for (Duration waited = Duration.ZERO; ; waited = waited.plus(POLL)) {
      try {
        made.apply(grant.expiringIn(GRANT_LIFETIME)).forEach(this::line);
        return;
      } catch (InvalidRequest e) {
        boolean unknown = e.getMessage().contains("does not exist");
        if (!unknown || waited.compareTo(cloud.propagation()) >= 0) {
          throw e;
        }
      }
      pause.accept(POLL);
    }
  }

  private void awaitEffective(CrossAccountGrant grant) {
    cloud.grants().awaitEffective(grant, credentials, propagationWait());
  }

  private PropagationWait propagationWait() {
    return PropagationWait.withTimeout(cloud.propagation())
        .reportingTo(this::printIfRefused)
        .sleepingBy(pause);
  }

  private void printIfRefused(PropagationProbe probe) {
    if (!probe.nextDelay().isZero()) {
      line(probe);
    }
  }

  private void title(String text) {
    out.printf("%n%d. %s%n", ++step, text);
  }

  private void line(Object text) {
    out.println("   " + text);
  }

  private static String labeled(Target target, String outcome) {
    return (target instanceof DelegationChain ? "along the chain: " : "direct: ") + outcome;
  }

  private static String refusal(CredentialException e) {
    return e instanceof PermissionDenied denied
        ? "refused: " + denied.permission().orElse("a permission") + " is missing"
        : "refused: an account is not known yet";
  }
}
