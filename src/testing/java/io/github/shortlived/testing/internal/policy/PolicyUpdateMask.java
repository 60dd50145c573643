package io.github.shortlived.testing.internal.policy;

import com.google.common.collect.ImmutableSet;
import com.google.iam.v1.Policy;
import com.google.protobuf.FieldMask;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import java.util.Set;

/**
 * Which parts of a policy a write replaces: without a mask the bindings and the etag, so that audit
 * settings stay as they are.
 */
public record PolicyUpdateMask(Set<String> paths) {
  private static final Set<String> DEFAULT = ImmutableSet.of("bindings", "etag");
  private static final Set<String> KNOWN =
      ImmutableSet.of("audit_configs", "bindings", "etag", "version");

  public static PolicyUpdateMask of(FieldMask mask) {
    if (!KNOWN.containsAll(mask.getPathsList())) {
      throw GoogleErrors.invalidArgument();
    }
    return new PolicyUpdateMask(
        mask.getPathsCount() == 0 ? DEFAULT : ImmutableSet.copyOf(mask.getPathsList()));
  }

  boolean hasBindings() {
    return paths.contains("bindings");
  }

  /** An etag that does not count for the mask still guards the write (unverified). */
  Policy applied(Policy current, Policy proposed) {
    Policy.Builder policy = proposed.toBuilder();
    if (!hasBindings()) {
      policy.clearBindings().addAllBindings(current.getBindingsList());
    }
    if (!paths.contains("audit_configs")) {
      policy.clearAuditConfigs().addAllAuditConfigs(current.getAuditConfigsList());
    }
    return policy.build();
  }
}
