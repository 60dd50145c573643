package io.github.shortlived.benchmarks;

import io.github.shortlived.testing.IamEmulator;
import java.io.IOException;

/** The call that is measured: sa-1 of the demo world asks for an access token of sa-2. */
final class DemoCalls {
  static final String CALLER = "sa-1@demo-project.iam.gserviceaccount.com";
  static final String TARGET = "sa-2@demo-project.iam.gserviceaccount.com";
  static final String NAME = "projects/-/serviceAccounts/" + TARGET;
  static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

  private DemoCalls() {}

  /** The demo world, with the one grant that the call needs. */
  static IamEmulator start() {
    return IamEmulator.demo()
        .binding(TARGET, "roles/iam.serviceAccountTokenCreator", "serviceAccount:" + CALLER)
        .start();
  }

  /** The caller's Authorization header. */
  static String bearer(IamEmulator emulator) throws IOException {
    return "Bearer "
        + emulator
            .googleCredentials("serviceAccount:" + CALLER)
            .refreshAccessToken()
            .getTokenValue();
  }
}
