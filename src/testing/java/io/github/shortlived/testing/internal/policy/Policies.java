package io.github.shortlived.testing.internal.policy;

import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The allow policies of all resources, by resource name. Safe for concurrent use; writes happen one
 * at a time.
 */
public final class Policies {
  /** Google shows a policy that was never written with the etag {@code ACAB}. */
  private static final Policy NEVER_WRITTEN =
      Policy.newBuilder().setEtag(ByteString.copyFrom(new byte[] {0, 0x20, 1})).build();

  private static final PolicyHistory NEVER = PolicyHistory.startingWith(NEVER_WRITTEN);

  private static final long ETAG_BASE = 0x0706_0000_0000_0000L;

  private final InstantSource clock;
  private final Map<String, PolicyHistory> byResource = new ConcurrentHashMap<>();
  private final AtomicLong writes = new AtomicLong(ETAG_BASE);

  private volatile Duration delay = Duration.ZERO;

  public Policies(InstantSource clock) {
    this.clock = clock;
  }

  public Policy read(String resource) {
    return byResource.getOrDefault(resource, NEVER).latest();
  }

  /**
   * What decides at this moment: while a change propagates, an older policy than {@link #read}
   * shows.
   */
  Policy effective(String resource) {
    return byResource.getOrDefault(resource, NEVER).effectiveAt(clock.instant());
  }

  /** Lets the changes from now on decide only after a while. */
  public void delay(Duration delay) {
    this.delay = delay;
  }

  /** Replaces the policy, unless it changed since the caller read the {@code proposed} etag. */
  public synchronized Policy write(String resource, Policy proposed, PolicyUpdateMask mask) {
    Policy current = read(resource);
    if (!proposed.getEtag().isEmpty() && !proposed.getEtag().equals(current.getEtag())) {
      throw GoogleErrors.stalePolicy();
    }
    if (mask.hasBindings()) {
      PolicyVersions.requireVersionThreeWhereNeeded(current, proposed);
    }
    return store(resource, mask.applied(current, proposed));
  }

  /** The tests' own way to grant, past every check. */
  public synchronized void bind(String resource, Binding binding) {
    store(resource, read(resource).toBuilder().addBindings(binding).build());
  }

  /** Moves the policy of a resource that is renamed. */
  public synchronized void move(String from, String to) {
    Optional.ofNullable(byResource.remove(from)).ifPresent(policy -> byResource.put(to, policy));
  }

  /** Renames a member in all bindings. That is no write: the etags stay. */
  public synchronized void rename(String member, String to) {
    byResource.replaceAll(
        (resource, policies) -> policies.with(policy -> renamed(policy, member, to)));
  }

  private static Policy renamed(Policy policy, String member, String to) {
    Policy.Builder renamed = policy.toBuilder();
    for (Binding.Builder binding : renamed.getBindingsBuilderList()) {
      List<String> members = List.copyOf(binding.getMembersList());
      binding.clearMembers();
      members.forEach(bound -> binding.addMembers(bound.equalsIgnoreCase(member) ? to : bound));
    }
    return renamed.build();
  }

  private Policy store(String resource, Policy policy) {
    Policy stored = PolicyVersions.normalized(policy).setEtag(nextEtag()).build();
    PolicyHistory before = byResource.getOrDefault(resource, NEVER);
    byResource.put(resource, before.followedBy(stored, clock.instant(), delay));
    return stored;
  }

  private ByteString nextEtag() {
    return ByteString.copyFrom(
        ByteBuffer.allocate(Long.BYTES).putLong(0, writes.incrementAndGet()));
  }
}
