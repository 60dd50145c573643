package io.github.shortlived.grant;

import com.google.iam.v1.Policy;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.policy.ForwardingPolicyStore;
import io.github.shortlived.internal.policy.PolicyStore;
import io.github.shortlived.model.ServiceAccount;
import java.util.concurrent.atomic.AtomicLong;

/** A policy store that counts the attempts of edits, each of which starts with a read. */
final class CountedPolicies extends ForwardingPolicyStore {
  private final AtomicLong attempts;

  CountedPolicies(PolicyStore delegate, AtomicLong attempts) {
    super(delegate);
    this.attempts = attempts;
  }

  @Override
  public Policy read(ServiceAccount account, Deadline deadline) throws Exception {
    attempts.incrementAndGet();
    return super.read(account, deadline);
  }
}
