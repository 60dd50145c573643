package io.github.shortlived;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.common.collect.ImmutableMap;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.AccessBoundaryRule;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.UserTokenRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The first call of an interrupted thread says that it was interrupted, as later calls do. */
class InterruptedFirstCallTest {
  private final DemoProject demo = new DemoProject();

  @AfterEach
  void close() {
    Thread.interrupted();
    demo.close();
  }

  private interface Call {
    void make(ShortLivedCredentials credentials);
  }

  static Stream<Arguments> calls() {
    Map<String, Call> calls =
        ImmutableMap.<String, Call>builder()
            .put("accessToken", c -> c.accessToken(TARGET, CLOUD_PLATFORM))
            .put("own accessToken", c -> c.accessToken(Target.self(), CLOUD_PLATFORM))
            .put("own idToken", c -> c.idToken(Target.self(), "https://a.example"))
            .put("signBlob", c -> c.issue(SignBlobRequest.of(TARGET, new byte[1])))
            .put(
                "user token",
                c -> c.issue(UserTokenRequest.of(Target.self(), "u@example.com", CLOUD_PLATFORM)))
            .put("self-signed JWT", c -> c.selfSignedJwt(TARGET, "https://pubsub.googleapis.com/"))
            .put(
                "downscoped token",
                c ->
                    c.downscopedToken(
                        TARGET,
                        AccessBoundaryRule.onBucket("reports", "roles/storage.objectViewer")))
            .put("grants", c -> grants(c))
            .put("audit", c -> audit(c))
            .put("accounts", c -> accounts(c))
            .put("compute", c -> compute(c))
            .buildOrThrow();
    return calls.entrySet().stream()
        .flatMap(
            call ->
                Stream.of(false, true)
                    .map(grpc -> Arguments.of(call.getKey(), call.getValue(), grpc)));
  }

  private static void grants(ShortLivedCredentials credentials) {
    try (Grants grants = Grants.using(credentials)) {
      grants.plan(CrossAccountGrant.tokenCreator(CALLER).on(TARGET));
    }
  }

  private static void accounts(ShortLivedCredentials credentials) {
    try (ServiceAccounts accounts = ServiceAccounts.using(credentials)) {
      accounts.get(TARGET);
    }
  }

  private static void audit(ShortLivedCredentials credentials) {
    try (AccessAudit audit = AccessAudit.using(credentials)) {
      audit.audit(TARGET);
    }
  }

  private static void compute(ShortLivedCredentials credentials) {
    try (ComputeInstances compute = ComputeInstances.using(credentials, Target.self())) {
      compute.list(DemoProject.PROJECT, "us-west1-a");
    }
  }

  @ParameterizedTest(name = "{0}, gRPC {2}")
  @MethodSource("calls")
  void firstCall_interrupted_saysSo(String name, Call call, boolean grpc) {
    try (ShortLivedCredentials credentials = demo.caller(grpc)) {
      Thread.currentThread().interrupt();
      assertInterrupted(() -> call.make(credentials));
    }
  }

  /** Such credentials wait on the calling thread, where google-auth reports an I/O error. */
  @ParameterizedTest(name = "{0}, gRPC {2}")
  @MethodSource("calls")
  void firstCall_interruptedInTheSource_saysSo(String name, Call call, boolean grpc) {
    ShortLivedCredentials.Builder builder =
        ShortLivedCredentials.builder()
            .source(demo.emulator().googleCredentials(Member.of(CALLER).id()))
            .endpoints(demo.emulator().endpoints());
    try (ShortLivedCredentials credentials = grpc ? builder.grpc().build() : builder.build()) {
      Thread.currentThread().interrupt();
      assertInterrupted(() -> call.make(credentials));
    }
  }

  @Test
  void requestHeaders_interrupted_sayItIs() {
    GoogleCredentials key = TestKeys.source(new FakeHttp()).createScoped(CLOUD_PLATFORM);
    Thread.currentThread().interrupt();

    assertInterrupted(() -> RequestHeaders.of(key).get());
  }

  @Test
  void create_keyFileOnAnInterruptedThread_reportsTheInterruptionOfTheFirstCall(
      @TempDir Path folder) throws Exception {
    String key = demo.emulator().serviceAccountKey(CALLER.id());
    Path file = Files.writeString(folder.resolve("key.json"), key);
    Thread.currentThread().interrupt();

    assertInterrupted(
        () -> {
          try (ShortLivedCredentials credentials = ShortLivedCredentials.fromKeyFile(file)) {
            credentials.accessToken(Target.self(), CLOUD_PLATFORM);
          }
        });
  }

  @Test
  void create_computeEngineOnAnInterruptedThread_doesNotBlameTheMetadataServer() {
    try (StuckHttp metadataServer = new StuckHttp()) {
      GoogleCredentials engine =
          ComputeEngineCredentials.newBuilder().setHttpTransportFactory(metadataServer).build();
      Thread.currentThread().interrupt();

      assertInterrupted(() -> ShortLivedCredentials.from(engine).close());
    }
  }

  private static void assertInterrupted(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    CredentialException failure = catchThrowableOfType(CredentialException.class, call);

    assertThat(failure)
        .isInstanceOf(CredentialException.Unavailable.class)
        .hasMessageContaining("nterrupted")
        .hasMessageNotContainingAny("metadata", "universe", "UNAUTHENTICATED", "Check ");
    assertThat(Thread.interrupted()).isTrue();
  }
}
