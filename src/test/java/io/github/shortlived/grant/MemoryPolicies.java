package io.github.shortlived.grant;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.Policy;
import io.github.shortlived.InternalCredentials;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.policy.PolicyEditor;
import io.github.shortlived.internal.policy.PolicyStore;
import io.github.shortlived.model.ServiceAccount;
import java.time.Instant;
import java.time.InstantSource;

/** One policy in memory. */
class MemoryPolicies implements PolicyStore {
  Policy policy;
  int writes;

  MemoryPolicies(Policy policy) {
    this.policy = policy;
  }

  /** Returns grants that edit it, with a fixed clock. */
  Grants grants(Instant now) {
    GoogleCredentials source = GoogleCredentials.create(new AccessToken("none", null));
    ClientContext context =
        InternalCredentials.context(
            ShortLivedCredentials.builder()
                .source(source)
                .retryPolicy(RetryPolicy.none())
                .clock(InstantSource.fixed(now))
                .build());
    return new Grants(new PolicyEditor(context, this), InstantSource.fixed(now));
  }

  @Override
  public Policy read(ServiceAccount account, Deadline deadline) {
    return policy;
  }

  @Override
  public void write(ServiceAccount account, Policy written, Deadline deadline) {
    policy = written;
    writes++;
  }

  @Override
  public ListServiceAccountsResponse accounts(
      String projectId, String pageToken, Deadline deadline) {
    return ListServiceAccountsResponse.getDefaultInstance();
  }

  @Override
  public void close() {}
}
