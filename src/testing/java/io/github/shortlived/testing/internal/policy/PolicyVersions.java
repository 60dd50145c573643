package io.github.shortlived.testing.internal.policy;

import com.google.common.hash.Hashing;
import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import java.util.List;

/** The rules of policy versions 0, 1 and 3: only a reader who asks for 3 sees conditions. */
public final class PolicyVersions {
  private static final int CONDITIONAL = 3;

  private PolicyVersions() {}

  public static void requireKnown(int version) {
    if (version != 0 && version != 1 && version != CONDITIONAL) {
      // The text is unverified.
      throw GoogleErrors.invalid("Invalid policy version " + version + ": use 0, 1 or 3.");
    }
  }

  static boolean isConditional(Policy policy) {
    return policy.getBindingsList().stream().anyMatch(Binding::hasCondition);
  }

  /**
   * A write without an etag is blind and may lose conditions; one with an etag must know that they
   * are there.
   */
  static void requireVersionThreeWhereNeeded(Policy current, Policy proposed) {
    boolean replacesConditions = !proposed.getEtag().isEmpty() && isConditional(current);
    if ((replacesConditions || isConditional(proposed)) && proposed.getVersion() != CONDITIONAL) {
      // The text is unverified.
      throw GoogleErrors.invalid("A policy with conditions must be written with version 3.");
    }
  }

  /** The policy as a reader of that version sees it. */
  public static Policy asReadAt(int requestedVersion, Policy stored) {
    if (requestedVersion >= CONDITIONAL || !isConditional(stored)) {
      return stored;
    }
    List<Binding> plain =
        stored.getBindingsList().stream().map(PolicyVersions::withoutCondition).toList();
    return stored.toBuilder().setVersion(1).clearBindings().addAllBindings(plain).build();
  }

  /** Empty bindings dropped, everything else in its order, the lowest version that can say it. */
  static Policy.Builder normalized(Policy policy) {
    List<Binding> kept =
        policy.getBindingsList().stream().filter(b -> b.getMembersCount() > 0).toList();
    boolean conditional = kept.stream().anyMatch(Binding::hasCondition);
    return policy.toBuilder()
        .clearBindings()
        .addAllBindings(kept)
        .setVersion(conditional ? CONDITIONAL : 1);
  }

  private static Binding withoutCondition(Binding binding) {
    if (!binding.hasCondition()) {
      return binding;
    }
    String marker = "_withcond_" + fingerprint(binding.getCondition().toByteString());
    return binding.toBuilder().clearCondition().setRole(binding.getRole() + marker).build();
  }

  private static String fingerprint(ByteString condition) {
    return Hashing.sha256().hashBytes(condition.toByteArray()).toString().substring(0, 20);
  }
}
