package io.github.shortlived;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.IamEmulator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Source credentials that impersonate another account, in the formats of Google's tools. */
public final class ImpersonatingSources {
  private ImpersonatingSources() {}

  /**
   * The file that {@code gcloud auth application-default login --impersonate-service-account}
   * writes.
   */
  public static GoogleCredentials ofCaller(
      IamEmulator emulator, ServiceAccount account, String... delegates) {
    return of(emulator.googleCredentials(Member.of(CALLER).id()), emulator, account, delegates);
  }

  /** Returns the file with these source credentials. */
  public static GoogleCredentials of(
      GoogleCredentials inner, IamEmulator emulator, ServiceAccount account, String... delegates) {
    return ImpersonatedCredentials.newBuilder()
        .setSourceCredentials(inner)
        .setTargetPrincipal(account.id())
        .setDelegates(List.of(delegates))
        .setScopes(List.of(CLOUD_PLATFORM))
        .setHttpTransportFactory(emulator.httpTransportFactory())
        .build();
  }

  /** Returns the credentials of a workload from its configuration. */
  public static GoogleCredentials federated(IamEmulator emulator, String json) throws IOException {
    return ExternalAccountCredentials.fromStream(
        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
        emulator.httpTransportFactory());
  }
}
