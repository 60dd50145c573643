package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.PropagationProbe;
import io.github.shortlived.grant.PropagationWait;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.ShortLivedCredential;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.PolicyChange;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The quickstart's story: refused, granted, issued, delegated, used, revoked, refused again. */
final class QuickstartStory {
  private static final Duration POLL = Duration.ofSeconds(10);

  private final QuickstartCloud cloud;
  private final ShortLivedCredentials credentials;
  private final PrintStream out;
  private final Consumer<Duration> pause;
  // What this story changed, and nothing that was there before.
  private final List<Binding> granted = new ArrayList<>();
  private boolean abandoned;
  private int step;

  QuickstartStory(QuickstartCloud cloud, PrintStream out, Consumer<Duration> pause) {
    this.cloud = cloud;
    this.credentials = cloud.credentials();
    this.out = out;
    this.pause = pause;
  }

  void tell() {
    cloud.prepare(out);
    try {
      direct();
      delegated();
      instances();
    } finally {
      revoke();
    }
    refusedAgain();
  }

  private void direct() {
    ServiceAccount target = cloud.target();
    title("Without a grant, the caller is refused and told what to grant");
    attempt(target);
    title("Grant the caller " + CrossAccountGrant.TOKEN_CREATOR + " on the target");
    CrossAccountGrant grant = CrossAccountGrant.tokenCreator(cloud.caller()).on(target);
    grant(grant);
    awaitEffective(grant);
    title("Issue every short-lived credential of the target");
    everyCredential(grant, target);
  }

  private void delegated() {
    DelegationChain chain = DelegationChain.through(cloud.via()).to(cloud.target());
    title("The same along a delegation chain: caller -> delegate -> target");
    attempt(chain);
    title("Grant it hop by hop: one link is not enough");
    CrossAccountGrant whole = CrossAccountGrant.tokenCreator(cloud.caller()).along(chain);
    List<Binding> links = whole.bindings();
    for (Binding link : links.subList(0, links.size() - 1)) {
      grant(new CrossAccountGrant(List.of(link)));
      attemptBriefly(chain);
    }
    grant(new CrossAccountGrant(links.subList(links.size() - 1, links.size())));
    awaitEffective(whole);
    everyCredential(whole, chain);
  }

  private void instances() {
    title("List the instances of %s with the target's token".formatted(cloud.zone()));
    try (ComputeInstances compute = ComputeInstances.using(credentials, cloud.target())) {
      compute
          .list(cloud.project(), cloud.zone())
          .forEach(instance -> line(instance.getName() + "  " + instance.getStatus()));
    }
  }

  /** Stops granting and takes back what was granted, when the program is interrupted. */
  synchronized void abandon() {
    abandoned = true;
    try {
      revoke();
    } catch (CredentialException e) {
      line(e.getMessage());
    }
  }

  private synchronized void revoke() {
    if (granted.isEmpty()) {
      return;
    }
    title("Revoke what was granted");
    cloud.grants().revoke(new CrossAccountGrant(granted)).forEach(this::line);
    granted.clear();
  }

  private void refusedAgain() {
    title("Refused again");
    for (Duration waited = Duration.ZERO; ; waited = waited.plus(POLL)) {
      try {
        credentials.issue(fresh(cloud.target()));
      } catch (PermissionDenied e) {
        line(refusal(e));
        attemptBriefly(DelegationChain.through(cloud.via()).to(cloud.target()));
        return;
      }
      if (waited.compareTo(cloud.propagation()) >= 0) {
        line("not yet: the caller has the permission by another grant, or it takes longer");
        return;
      }
      pause.accept(POLL);
    }
  }

  /** Asks once, and shows the answer or the refusal with its remedy. */
  private void attempt(Target target) {
    try {
      AccessToken token = credentials.issue(fresh(target));
      line("issued, for the grant is there already: " + token);
    } catch (PermissionDenied e) {
      e.getMessage().lines().forEach(this::line);
    }
  }

  private void attemptBriefly(Target target) {
    try {
      line("issued: " + credentials.issue(fresh(target)));
    } catch (PermissionDenied e) {
      line(refusal(e));
    }
  }

  /** What the service says now; a token that was issued before goes on after a grant is revoked. */
  private static AccessTokenRequest fresh(Target target) {
    return AccessTokenRequest.of(target, CLOUD_PLATFORM).fresh();
  }

  private synchronized void grant(CrossAccountGrant grant) {
    if (abandoned) {
      throw new IllegalStateException("Interrupted");
    }
    for (PolicyChange change : cloud.grants().apply(grant)) {
      line(change);
      if (change.changed()) {
        granted.add(change.binding());
      }
    }
  }

  /** A grant takes some minutes to take effect; until then the call is refused. */
  private void awaitEffective(CrossAccountGrant grant) {
    cloud.grants().awaitEffective(grant, credentials, waiting());
  }

  private PropagationWait waiting() {
    return PropagationWait.withTimeout(cloud.propagation())
        .reportingTo(this::showRefused)
        .sleepingBy(pause);
  }

  private void showRefused(PropagationProbe probe) {
    if (!probe.nextDelay().isZero()) {
      line(probe);
    }
  }

  private void everyCredential(CrossAccountGrant grant, Target target) {
    show("access token", grant, AccessTokenRequest.of(target, CLOUD_PLATFORM));
    show("ID token", grant, IdTokenRequest.of(target, "https://orders.example.com/" + step));
    JwtClaims claims = JwtClaims.expiringIn(Duration.ofMinutes(10)).audience("orders-" + step);
    show("signed JWT", grant, SignJwtRequest.of(target, claims));
    show("signed blob", grant, SignBlobRequest.of(target, ("version: " + step).getBytes(UTF_8)));
  }

  private void show(String kind, CrossAccountGrant grant, CredentialRequest<?> request) {
    line("%-12s  %s".formatted(kind, issue(grant, request)));
  }

  /** One permission of a role may take effect a moment after another. */
  private ShortLivedCredential issue(CrossAccountGrant grant, CredentialRequest<?> request) {
    try {
      return credentials.issue(request);
    } catch (PermissionDenied e) {
      cloud.grants().awaitEffective(grant, credentials, waiting().probingWith(target -> request));
      return credentials.issue(request);
    }
  }

  private void title(String text) {
    out.printf("%n%d. %s%n", ++step, text);
  }

  private void line(Object text) {
    out.println("   " + text);
  }

  private static String refusal(PermissionDenied e) {
    return "refused: " + e.permission().orElse("a permission") + " is missing";
  }
}
