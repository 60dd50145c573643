package io.github.shortlived.testing.internal.policy;

import com.google.common.hash.Hashing;
import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import com.google.iam.v1.PolicyOrBuilder;
import com.google.protobuf.ByteString;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import java.util.List;

/** The rules of policy versions 0, 1 and 3: only readers of version 3 receive conditions. */
public final class PolicyVersions {
  private static final int CONDITIONAL = 3;

  private PolicyVersions() {}

  public static void requireKnown(int version) {
    if (version != 0 && version != 1 && version != CONDITIONAL) {
      // The text is unverified.
      throw GoogleErrors.invalid("Invalid policy version " + version + ": use 0, 1 or 3.");
    }
  }

  static boolean isConditional(PolicyOrBuilder policy) {
    return policy.getBindingsList().stream().anyMatch(Binding::hasCondition);
  }

  /**
   * Requires version 3 for a policy with conditions, and for one that replaces conditions by an
   * etag. A write without an etag may lose conditions.
   */
  static void requireVersionThreeWhereNeeded(Policy current, Policy proposed) {
    boolean replacesConditions = !proposed.getEtag().isEmpty() && isConditional(current);
    if ((replacesConditions || isConditional(proposed)) && proposed.getVersion() != CONDITIONAL) {
      // The text is unverified.
      throw GoogleErrors.invalid("A policy with conditions must be written with version 3.");
    }
  }

  /** Returns the policy in the form for readers of a version. */
  public static Policy asReadAt(int requestedVersion, Policy stored) {
    if (requestedVersion >= CONDITIONAL || !isConditional(stored)) {
      return stored;
    }
    List<Binding> plain =
        stored.getBindingsList().stream().map(PolicyVersions::withoutCondition).toList();
    return stored.toBuilder().setVersion(1).clearBindings().addAllBindings(plain).build();
  }

  /** Returns a policy with the lowest version that fits its bindings. */
  static Policy atLowest(Policy.Builder policy) {
    return policy.setVersion(isConditional(policy) ? CONDITIONAL : 1).build();
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
