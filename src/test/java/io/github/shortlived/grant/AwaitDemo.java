package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;

import io.github.shortlived.DemoProject;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.PropagationProbe.Outcome;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * A demo project whose caller waits for grants. Waiting advances its clock and takes no real time.
 */
final class AwaitDemo implements AutoCloseable {
  static final Duration LONG = Duration.ofMinutes(7);

  final DemoProject demo = new DemoProject(InstantSource.fixed(Instant.now()));
  final List<PropagationProbe> probes = new ArrayList<>();
  private final List<ShortLivedCredentials> opened = new ArrayList<>();
  final ShortLivedCredentials caller = as(Member.of(CALLER));

  /** Returns credentials that do not retry. */
  ShortLivedCredentials as(Member member) {
    ShortLivedCredentials credentials =
        ShortLivedCredentials.builder()
            .source(demo.emulator().googleCredentials(member.id()))
            .endpoints(demo.emulator().endpoints())
            .clock(demo.emulator().clock())
            .retryPolicy(RetryPolicy.none())
            .build();
    opened.add(credentials);
    return credentials;
  }

  /** Returns a wait of at most 7 minutes that records each probe. */
  PropagationWait waiting() {
    return PropagationWait.withTimeout(LONG).reportingTo(probes::add).sleepingBy(this::advance);
  }

  void advance(Duration by) {
    demo.emulator().clock().advance(by);
  }

  Grants grants() {
    return demo.grants();
  }

  /** Applies the grant, which takes effect after this delay. */
  void apply(CrossAccountGrant grant, Duration delay) {
    demo.emulator().controls().propagationDelay(delay);
    grants().apply(grant);
  }

  Duration await(CrossAccountGrant grant) {
    return grants().awaitEffective(grant, caller, waiting());
  }

  List<Outcome> outcomes() {
    return probes.stream().map(PropagationProbe::outcome).toList();
  }

  List<Target> targets() {
    return probes.stream().map(PropagationProbe::target).distinct().toList();
  }

  /** Returns how often the account called this method. */
  long calls(String method, ServiceAccount account) {
    return demo.emulator().calls().stream()
        .filter(call -> call.method().equals(method))
        .filter(call -> call.caller().equals("serviceAccount:" + account))
        .count();
  }

  @Override
  public void close() {
    opened.forEach(ShortLivedCredentials::close);
    demo.close();
  }
}
