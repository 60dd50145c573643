package io.github.shortlived.grant;

import com.google.iam.v1.Policy;
import io.github.shortlived.DemoProject;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.policy.EmulatedPolicies;
import io.github.shortlived.internal.policy.ForwardingPolicyStore;
import io.github.shortlived.model.ServiceAccount;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** The emulator's policies; the next {@code lateWrites} writes time out and stay in flight. */
final class LatePolicies extends ForwardingPolicyStore {
  private final DemoProject demo;
  private final List<Callable<Void>> inFlight = new ArrayList<>();
  int lateWrites;
  int writes;
  Runnable beforeWrite = () -> {};
  Runnable afterWrite = () -> {};

  LatePolicies(DemoProject demo) {
    super(EmulatedPolicies.of(demo));
    this.demo = demo;
  }

  /** Returns grants that make a single attempt. */
  Grants grants() {
    return EmulatedGrants.over(this, demo, RetryPolicy.none());
  }

  /** Makes the service process the writes in flight; returns how many it committed. */
  int commit() {
    int committed = 0;
    for (Callable<Void> write : inFlight) {
      try {
        write.call();
        committed++;
      } catch (Exception stale) {
        // The service rejects it.
      }
    }
    inFlight.clear();
    return committed;
  }

  @Override
  public void write(ServiceAccount account, Policy policy, Deadline deadline) throws Exception {
    beforeWrite.run();
    if (lateWrites-- > 0) {
      inFlight.add(
          () -> {
            super.write(account, policy, EmulatedPolicies.DEADLINE);
            return null;
          });
      throw new SocketTimeoutException("Read timed out");
    }
    super.write(account, policy, deadline);
    writes++;
    afterWrite.run();
  }
}
