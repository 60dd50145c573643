package io.github.shortlived.grant;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import io.github.shortlived.DemoProject;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.policy.EmulatedPolicies;
import io.github.shortlived.internal.policy.ForwardingPolicyStore;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import java.net.SocketTimeoutException;

/** The emulator's policies, with another write before each of the next {@code overtakes} writes. */
public final class OvertakenPolicies extends ForwardingPolicyStore {
  private final DemoProject demo;
  int overtakes;
  int reads;
  int lostResponses;

  OvertakenPolicies(DemoProject demo) {
    super(EmulatedPolicies.of(demo));
    this.demo = demo;
  }

  /** Fails as an edit without retries does after a concurrent write. */
  public static void failToApply(DemoProject demo, CrossAccountGrant grant) {
    try (OvertakenPolicies policies = new OvertakenPolicies(demo)) {
      policies.overtakes = 1;
      policies.grants(RetryPolicy.none()).apply(grant);
    }
  }

  Grants grants(RetryPolicy retryPolicy) {
    return EmulatedGrants.over(this, demo, retryPolicy);
  }

  @Override
  public Policy read(ServiceAccount account, Deadline deadline) throws Exception {
    reads++;
    return super.read(account, deadline);
  }

  @Override
  public void write(ServiceAccount account, Policy policy, Deadline deadline) throws Exception {
    assertThat(policy.getEtag()).isNotEqualTo(ByteString.EMPTY);
    if (overtakes > 0) {
      Member rival = Member.of("user:rival-%d@example.com".formatted(overtakes--));
      demo.grants().apply(CrossAccountGrant.tokenCreator(rival).on(account));
    }
    super.write(account, policy, deadline);
    if (lostResponses-- > 0) {
      throw new SocketTimeoutException("Read timed out");
    }
  }
}
