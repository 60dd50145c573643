package io.github.shortlived.testing.internal.policy;

import com.google.common.base.Ascii;
import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import com.google.protobuf.util.FieldMaskUtil;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The allow policies of all resources, by resource name. Safe for concurrent use; writes happen one
 * at a time.
 */
public final class Policies {
  /** The policy of a resource without one; its etag {@code ACAB} is Google's. */
  private static final Policy EMPTY =
      Policy.newBuilder().setEtag(ByteString.copyFrom(new byte[] {0, 0x20, 1})).build();

  private static final PolicyHistory UNWRITTEN = PolicyHistory.startingWith(EMPTY);

  private static final long ETAG_BASE = 0x0706_0000_0000_0000L;

  private static final FieldMaskUtil.MergeOptions REPLACE =
      new FieldMaskUtil.MergeOptions().setReplaceRepeatedFields(true);

  private final InstantSource clock;
  private final Map<String, PolicyHistory> byResource = new ConcurrentHashMap<>();
  private final AtomicLong writes = new AtomicLong(ETAG_BASE);

  private volatile Duration delay = Duration.ZERO;

  public Policies(InstantSource clock) {
    this.clock = clock;
  }

  public Policy read(String resource) {
    return byResource.getOrDefault(resource, UNWRITTEN).latest();
  }

  /** Returns the policy in effect, which is older than {@link #read} while a change propagates. */
  Policy effective(String resource) {
    return byResource.getOrDefault(resource, UNWRITTEN).effectiveAt(clock.instant());
  }

  /** Delays the effect of all later changes. */
  public void setDelay(Duration delay) {
    this.delay = delay;
  }

  /**
   * Replaces the fields of a policy that the mask names. An etag guards the write even if the mask
   * leaves it out (unverified).
   *
   * @throws RpcException if the policy changed since the caller read the {@code proposed} etag
   */
  public synchronized Policy write(String resource, Policy proposed, FieldMask mask) {
    Policy current = read(resource);
    if (!proposed.getEtag().isEmpty() && !proposed.getEtag().equals(current.getEtag())) {
      throw GoogleErrors.stalePolicy();
    }
    if (mask.getPathsList().contains("bindings")) {
      PolicyVersions.requireVersionThreeWhereNeeded(current, proposed);
    }
    return store(resource, merged(current, proposed, mask));
  }

  /** Returns the roles of the bindings that a write would change. */
  public Set<String> modifiedRoles(String resource, Policy proposed, FieldMask mask) {
    Policy current = read(resource);
    return PolicyNormalizer.modifiedRoles(current, merged(current, proposed, mask));
  }

  private static Policy merged(Policy current, Policy proposed, FieldMask mask) {
    Policy.Builder merged = current.toBuilder();
    FieldMaskUtil.merge(mask, proposed, merged, REPLACE);
    return merged.build();
  }

  /** Adds a binding without any check. */
  public synchronized void bind(String resource, Binding binding) {
    store(resource, read(resource).toBuilder().addBindings(binding).build());
  }

  /** Moves the policy to another resource name. */
  public synchronized void move(String from, String to) {
    Optional.ofNullable(byResource.remove(from)).ifPresent(policy -> byResource.put(to, policy));
  }

  /** Renames a member in all bindings, without changing the etags. */
  public synchronized void rename(String member, String to) {
    byResource.replaceAll(
        (resource, policies) -> policies.with(policy -> renamed(policy, member, to)));
  }

  private static Policy renamed(Policy policy, String member, String to) {
    Policy.Builder renamed = policy.toBuilder();
    for (Binding.Builder binding : renamed.getBindingsBuilderList()) {
      List<String> members = List.copyOf(binding.getMembersList());
      binding.clearMembers();
      members.forEach(
          bound -> binding.addMembers(Ascii.equalsIgnoreCase(bound, member) ? to : bound));
    }
    return renamed.build();
  }

  private Policy store(String resource, Policy policy) {
    Policy stored = PolicyNormalizer.normalized(policy).toBuilder().setEtag(nextEtag()).build();
    PolicyHistory before = byResource.getOrDefault(resource, UNWRITTEN);
    byResource.put(resource, before.followedBy(stored, clock.instant(), delay));
    return stored;
  }

  private ByteString nextEtag() {
    return ByteString.copyFrom(
        ByteBuffer.allocate(Long.BYTES).putLong(0, writes.incrementAndGet()));
  }
}
