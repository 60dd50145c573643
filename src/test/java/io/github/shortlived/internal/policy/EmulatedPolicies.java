package io.github.shortlived.internal.policy;

import com.google.api.core.NanoClock;
import io.github.shortlived.DemoProject;
import io.github.shortlived.InternalCredentials;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.IamAdminApi;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.internal.failure.Deadline;

/** The emulator's policies as its administrator sees them. */
public final class EmulatedPolicies {
  public static final Deadline DEADLINE = new Deadline(NanoClock.getDefaultClock(), Long.MAX_VALUE);

  private EmulatedPolicies() {}

  public static PolicyStore of(DemoProject demo) {
    return new IamPolicyStore(IamAdminApi.connect(context(demo, RetryPolicy.standard())));
  }

  public static SourceCredentials sourceOf(DemoProject demo) {
    return context(demo, RetryPolicy.standard()).source();
  }

  public static ClientContext context(DemoProject demo, RetryPolicy retryPolicy) {
    return InternalCredentials.context(
        ShortLivedCredentials.builder()
            .source(demo.emulator().googleCredentials(DemoProject.ADMIN.id()))
            .endpoints(demo.emulator().endpoints())
            .retryPolicy(retryPolicy)
            .build());
  }
}
