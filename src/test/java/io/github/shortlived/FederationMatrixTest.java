package io.github.shortlived;

import static io.github.shortlived.AdapterWorld.CALLER;
import static io.github.shortlived.AdapterWorld.CHAIN;
import static io.github.shortlived.AdapterWorld.DELEGATE;
import static io.github.shortlived.AdapterWorld.TARGET;
import static io.github.shortlived.AdapterWorld.USER;
import static io.github.shortlived.FederatedWorld.SubjectTokenSource.EXECUTABLE;
import static io.github.shortlived.FederatedWorld.SubjectTokenSource.FILE;
import static io.github.shortlived.FederatedWorld.SubjectTokenSource.SUPPLIER;
import static io.github.shortlived.FederatedWorld.SubjectTokenSource.URL;
import static io.github.shortlived.FederatedWorld.SubjectTokenSource.X509;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.auth.oauth2.TokenVerifier;
import com.google.common.io.BaseEncoding;
import io.github.shortlived.FederatedWorld.SubjectTokenSource;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignedJwt;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.UserTokenRequest;
import io.github.shortlived.testing.ChildJvm;
import io.github.shortlived.testing.EmulatorCall;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Workload identity federation as the source of every kind of credential: with and without its own
 * impersonation, for an account directly and along a chain, over both transports.
 */
class FederationMatrixTest {
  private static final byte[] BLOB = "version: 42".getBytes(UTF_8);

  /** A workload and the transport of the requests. */
  record Cell(SubjectTokenSource source, boolean impersonates, boolean grpc) {
    static Stream<Cell> of(SubjectTokenSource... sources) {
      return Stream.of(sources)
          .flatMap(
              source ->
                  Stream.of(
                      new Cell(source, false, false),
                      new Cell(source, false, true),
                      new Cell(source, true, false),
                      new Cell(source, true, true)));
    }

    /** Returns the member that calls IAM for the targets. */
    String caller() {
      return impersonates ? Member.of(CALLER).id() : FederatedWorld.PRINCIPAL;
    }
  }

  static Stream<Cell> cells() {
    return Cell.of(FILE, URL, SUPPLIER);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void workload_granted_issuesEveryKind(Cell cell, @TempDir Path folder) throws Exception {
    issueEveryKind(cell, folder);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void workload_withoutGrant_learnsTheGrant(Cell cell, @TempDir Path folder) throws Exception {
    learnTheGrant(cell, folder);
  }

  /** They need an environment variable and a trust store, which only another process can have. */
  @Test
  void executableAndCertificate_everyCell_issueEveryKindOrLearnTheGrant(@TempDir Path folder)
      throws Exception {
    assertThat(LoopbackNetwork.certificate(folder, "ip:127.0.0.1").size()).isOne();
    Map<String, String> properties = new HashMap<>(LoopbackNetwork.trustStore(folder));
    properties.put("user.home", folder.toString());
    ChildJvm program =
        ChildJvm.run(
            Program.class,
            folder,
            properties,
            Map.of("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES", "1"));

    assertThat(program.output().lines())
        .containsExactlyElementsOf(
            Stream.concat(Program.cells(), Stream.of("default")).map(Object::toString).toList());
  }

  /** Prints each cell that behaves as it should, and fails at the first other one. */
  static final class Program {
    static Stream<Cell> cells() {
      return Cell.of(EXECUTABLE, X509);
    }

    public static void main(String[] args) throws Exception {
      Path folder = Path.of(System.getProperty("user.home"));
      for (Cell cell : cells().toList()) {
        issueEveryKind(cell, folder);
        learnTheGrant(cell, folder);
        System.out.println(cell);
      }
      issueByDefault(folder);
      System.out.println("default");
    }

    /** Application Default Credentials with a certificate. */
    private static void issueByDefault(Path folder) throws Exception {
      try (FederatedWorld world = new FederatedWorld(folder)) {
        world.writeDefaultCredentials();
        try (ShortLivedCredentials credentials =
            ShortLivedCredentials.builder()
                .endpoints(world.adapters().emulator().endpoints())
                .build()) {
          issueEveryKind(world.adapters(), credentials, TARGET, TARGET);
        }
      }
    }
  }

  private static void issueEveryKind(Cell cell, Path folder) throws Exception {
    try (FederatedWorld world = new FederatedWorld(folder);
        ShortLivedCredentials credentials =
            world.from(
                world.workload(cell.source(), cell.impersonates(), FederatedWorld.SUBJECT),
                cell.grpc())) {
      issueEveryKind(world.adapters(), credentials, TARGET, TARGET);
      issueEveryKind(world.adapters(), credentials, CHAIN, TARGET);
      checkCalls(world.adapters(), cell);
      if (cell.impersonates()) {
        issueEveryKind(world.adapters(), credentials, Target.self(), CALLER);
      } else {
        checkFederatedIdentity(credentials);
      }
    }
  }

  /** It is no service account, and so has only access tokens. */
  private static void checkFederatedIdentity(ShortLivedCredentials credentials) {
    assertThat(credentials.accessToken(Target.self(), CLOUD_PLATFORM).token()).startsWith("ya29.");
    assertThat(catchThrowable(() -> credentials.idToken(Target.self(), "orders")))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessageContaining("cannot issue an ID token. Use a service account as target");
    assertThat(catchThrowable(() -> credentials.signBlob(Target.self(), BLOB)))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessageContaining("cannot sign bytes. Use a service account as target");
  }

  private static void issueEveryKind(
      AdapterWorld world, ShortLivedCredentials credentials, Target target, ServiceAccount account)
      throws Exception {
    assertThat(lists(world, credentials.accessToken(target, CLOUD_PLATFORM).token())).isTrue();
    assertThat(
            email(
                world, credentials.issue(IdTokenRequest.of(target, "orders").withEmail()).token()))
        .isEqualTo(account.id());
    SignedJwt jwt = credentials.signJwt(target, JwtClaims.expiringIn(Duration.ofMinutes(10)));
    assertThat(signed(world, account, jwt.token())).isTrue();
    assertThat(world.signed(account, BLOB, credentials.signBlob(target, BLOB).signature()))
        .isTrue();
    UserTokenRequest user = UserTokenRequest.of(target, USER, CLOUD_PLATFORM);
    assertThat(lists(world, credentials.issue(user).token())).isTrue();
    checkGoogleCredentials(world, credentials.googleCredentials(target, CLOUD_PLATFORM), account);
  }

  private static void checkGoogleCredentials(
      AdapterWorld world, GoogleCredentials google, ServiceAccount account) throws Exception {
    ServiceAccountSigner signer = (ServiceAccountSigner) google;
    assertThat(signer.getAccount()).isEqualTo(account.id());
    assertThat(world.signed(account, BLOB, signer.sign(BLOB))).isTrue();
    assertThat(
            email(
                world,
                ((IdTokenProvider) google)
                    .idTokenWithAudience("orders", List.of(IdTokenProvider.Option.INCLUDE_EMAIL))
                    .getTokenValue()))
        .isEqualTo(account.id());
    assertThat(lists(world, google.refreshAccessToken().getTokenValue())).isTrue();
    assertThat(lists(world, google.createDelegated(USER).refreshAccessToken().getTokenValue()))
        .isTrue();
  }

  /** Returns whether Compute Engine accepts the token. */
  private static boolean lists(AdapterWorld world, String token) throws Exception {
    HttpRequest list =
        HttpRequest.newBuilder(world.instances())
            .header("Authorization", "Bearer " + token)
            .build();
    return HttpClient.newHttpClient().send(list, BodyHandlers.ofString()).statusCode() == 200;
  }

  /** Verifies the ID token with google-auth and returns its email address. */
  private static Object email(AdapterWorld world, String token) throws Exception {
    return Objects.requireNonNull(
        TokenVerifier.newBuilder()
            .setAudience("orders")
            .setHttpTransportFactory(world.emulator().httpTransportFactory())
            .build()
            .verify(token)
            .getPayload()
            .get("email"));
  }

  private static boolean signed(AdapterWorld world, ServiceAccount account, String jwt)
      throws Exception {
    int dot = jwt.lastIndexOf('.');
    return world.signed(
        account,
        jwt.substring(0, dot).getBytes(UTF_8),
        BaseEncoding.base64Url().omitPadding().decode(jwt.substring(dot + 1)));
  }

  private static void checkCalls(AdapterWorld world, Cell cell) {
    List<EmulatorCall> calls =
        world.emulator().calls().stream()
            .filter(call -> call.method().matches("generate.*|sign.*"))
            .filter(call -> call.resource().contains(TARGET.id()))
            .toList();
    assertThat(calls)
        .hasSizeGreaterThanOrEqualTo(10)
        .allSatisfy(call -> assertThat(call.caller()).isEqualTo(cell.caller()))
        .extracting(EmulatorCall::delegates)
        .containsOnly(List.of(), List.of(DELEGATE.resourceName()));
  }

  private static void learnTheGrant(Cell cell, Path folder) throws Exception {
    try (FederatedWorld world = new FederatedWorld(folder);
        ShortLivedCredentials credentials =
            world.from(world.workload(cell.source(), cell.impersonates(), "branch"), cell.grpc())) {
      assertThat(catchThrowable(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM)))
          .isInstanceOf(
              cell.impersonates()
                  ? CredentialException.SourceCredentials.class
                  : CredentialException.PermissionDenied.class)
          .hasMessageContaining(
              "add-iam-policy-binding %s \\", cell.impersonates() ? CALLER : TARGET)
          .hasMessageContaining("--member=MEMBER")
          .hasMessageContaining(
              cell.impersonates()
                  ? "--role=roles/iam.workloadIdentityUser"
                  : "--role=roles/iam.serviceAccountTokenCreator");
    }
  }
}
