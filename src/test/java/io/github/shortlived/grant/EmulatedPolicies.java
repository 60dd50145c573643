package io.github.shortlived.grant;

import com.google.api.core.NanoClock;
import io.github.shortlived.DemoProject;
import io.github.shortlived.Scopes;
import io.github.shortlived.internal.Deadline;
import io.github.shortlived.internal.GoogleClient;
import io.github.shortlived.internal.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;

/** The emulator's policies as its administrator sees them. */
final class EmulatedPolicies {
  static final Deadline DEADLINE = new Deadline(NanoClock.getDefaultClock(), Long.MAX_VALUE);

  /** Events that nobody hears. */
  static final PolicyEvents UNHEARD = new PolicyEvents(event -> {}, InstantSource.system());

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
    return Source.of(
        demo.emulator().googleCredentials(DemoProject.ADMIN.id()), Scopes.CLOUD_PLATFORM);
  }
}
