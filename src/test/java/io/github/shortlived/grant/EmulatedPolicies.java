package io.github.shortlived.grant;

import io.github.shortlived.DemoProject;
import io.github.shortlived.Scopes;
import io.github.shortlived.internal.GoogleClient;
import io.github.shortlived.internal.Source;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The emulator's policies as its administrator sees them. */
final class EmulatedPolicies {
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
