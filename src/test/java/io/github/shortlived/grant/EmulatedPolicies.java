package io.github.shortlived.grant;

import com.google.api.core.NanoClock;
import io.github.shortlived.DemoProject;
import io.github.shortlived.InternalCredentials;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.ClientContext;
import io.github.shortlived.internal.Deadline;
import io.github.shortlived.internal.GoogleClient;
import io.github.shortlived.internal.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;

/** The emulator's policies as its administrator sees them. */
final class EmulatedPolicies {
  static final Deadline DEADLINE = new Deadline(NanoClock.getDefaultClock(), Long.MAX_VALUE);

  private EmulatedPolicies() {}

  static PolicyStore of(DemoProject demo) {
    try {
      return new IamPolicyStore(
          GoogleClient.iam(demo.emulator().endpoints().iam()), sourceOf(demo));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Source sourceOf(DemoProject demo) {
    return context(demo, RetryPolicy.standard()).source();
  }

  /** Grants by the administrator over these policies. */
  static Grants grants(DemoProject demo, PolicyStore policies, RetryPolicy retryPolicy) {
    return new Grants(
        new PolicyEditor(context(demo, retryPolicy), policies), InstantSource.system());
  }

  private static ClientContext context(DemoProject demo, RetryPolicy retryPolicy) {
    return InternalCredentials.context(
        ShortLivedCredentials.builder()
            .source(demo.emulator().googleCredentials(DemoProject.ADMIN.id()))
            .endpoints(demo.emulator().endpoints())
            .retryPolicy(retryPolicy)
            .build());
  }
}
