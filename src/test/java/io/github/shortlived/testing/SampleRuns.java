package io.github.shortlived.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.cloud.bigquery.BigQueryOptions;
import com.sun.net.httpserver.HttpServer;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;
import io.github.shortlived.samples.Quickstart;
import io.github.shortlived.verify.TokenVerification;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Calls the method {@code run} of all compiled classes {@code …Sample}, each on an emulator. */
final class SampleRuns {
  private static final String PROJECT = "my-project";
  private static final String CALLER = "caller@my-project.iam.gserviceaccount.com";
  private static final String DELEGATE = "delegate@my-project.iam.gserviceaccount.com";
  private static final String DEPLOYER = "deployer@my-project.iam.gserviceaccount.com";
  private static final String USER = "user@example.com";
  private static final String READ_USERS =
      "https://www.googleapis.com/auth/admin.directory.user.readonly";
  private static final String ADMIN = "user:admin@example.com";

  private SampleRuns() {}

  static void all(Path folder) throws IOException {
    List<Method> samples =
        new ClassFileImporter()
            .importPackagesOf(Quickstart.class).stream()
                .filter(type -> type.getSimpleName().endsWith("Sample"))
                .map(JavaClass::reflect)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.getName().equals("run"))
                .toList();
    assertThat(samples).hasSizeGreaterThan(12);
    for (Method sample : samples) {
      run(sample, folder);
    }
  }

  private static void run(Method sample, Path folder) throws IOException {
    try (IamEmulator emulator = world();
        ShortLivedCredentials caller = emulator.credentialsFor(ServiceAccount.of(CALLER));
        ShortLivedCredentials admin = emulator.credentialsFor(Member.of(ADMIN));
        Grants grants = Grants.using(admin);
        ServiceAccounts accounts = ServiceAccounts.using(admin);
        SampleService service = SampleService.start()) {
      Path keyFile = folder.resolve(sample.getDeclaringClass().getSimpleName());
      Files.writeString(keyFile, emulator.serviceAccountKey(CALLER));
      sample.setAccessible(true);
      if (List.of(sample.getParameterTypes()).contains(TokenVerification.class)) {
        verify(sample, emulator, caller);
      } else {
        sample.invoke(
            null, arguments(sample, emulator, caller, grants, accounts, service, keyFile));
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(sample.toString(), e);
    }
  }

  /** Runs a sample of a receiver, with a credential of the deployer. */
  private static void verify(Method sample, IamEmulator emulator, ShortLivedCredentials caller)
      throws IOException, ReflectiveOperationException {
    ServiceAccount signer = ServiceAccount.of(DEPLOYER);
    try (TokenVerification verification = emulator.tokenVerification()) {
      switch (sample.getDeclaringClass().getSimpleName()) {
        case "VerifyIdTokenSample" -> {
          IdTokenRequest request = IdTokenRequest.of(signer, "https://orders.example.com");
          sample.invoke(null, verification, caller.issue(request.withEmail()).token(), signer);
        }
        case "VerifyJwtSample" -> {
          JwtClaims claims = JwtClaims.expiringIn(Duration.ofMinutes(5)).audience("orders");
          SignedJwt jwt = caller.signJwt(signer, claims.issuer(DEPLOYER));
          sample.invoke(null, verification, jwt.token(), signer);
        }
        case "VerifyBlobSample" -> {
          byte[] manifest = {1, 2, 3};
          SignedBlob signed = caller.signBlob(signer, manifest);
          sample.invoke(null, verification, manifest, signed.signature(), signed.keyId(), signer);
        }
        case "CloudRunReceiverSample" -> {
          HttpServer server = SampleService.newServer();
          URI url = SampleService.uri(server);
          sample.invoke(null, server, verification, url.toString(), signer);
          int refused = call(url, caller.idToken(signer, "https://orders.example.com"));
          server.stop(0);
          assertThat(refused).isEqualTo(401);
        }
        default -> throw new AssertionError("No arguments for " + sample);
      }
    }
  }

  private static int call(URI service, IdToken token) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) service.toURL().openConnection();
    connection.setRequestProperty("Authorization", "Bearer " + token.token());
    return connection.getResponseCode();
  }

  /**
   * Returns the configuration of a workload that may act as the caller, with its token in a file.
   */
  private static String configuration(IamEmulator emulator, Grants grants, Path file) {
    WorkloadIdentityProvider ci =
        emulator.workloadIdentityProvider(PROJECT, "ci-pool", "ci-provider");
    grants.apply(
        CrossAccountGrant.workloadIdentityUser(Member.of(ci.principal("main")))
            .on(ServiceAccount.of(CALLER)));
    try {
      Files.writeString(file, ci.subjectToken("main"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ci.externalAccount(file, CALLER);
  }

  private static ShortLivedCredentials.Builder builder(IamEmulator emulator, boolean ownSource) {
    ShortLivedCredentials.Builder builder =
        ShortLivedCredentials.builder()
            .endpoints(emulator.endpoints())
            .httpTransportFactory(emulator.httpTransportFactory());
    return ownSource ? builder : builder.keyJson(emulator.serviceAccountKey(CALLER));
  }

  private static IamEmulator world() {
    return IamEmulator.builder()
        .project(PROJECT)
        .serviceAccount(CALLER)
        .serviceAccount(DELEGATE)
        .serviceAccount(DEPLOYER)
        .binding(DEPLOYER, CrossAccountGrant.TOKEN_CREATOR, "serviceAccount:" + CALLER)
        .binding(DELEGATE, CrossAccountGrant.TOKEN_CREATOR, "serviceAccount:" + CALLER)
        .binding(DEPLOYER, CrossAccountGrant.TOKEN_CREATOR, "serviceAccount:" + DELEGATE)
        .domainWideDelegation(DEPLOYER, USER, Scopes.CLOUD_PLATFORM, READ_USERS)
        .projectBinding(PROJECT, "roles/owner", ADMIN)
        .projectBinding(PROJECT, "roles/compute.viewer", "serviceAccount:" + DEPLOYER)
        .instance(PROJECT, "us-west1-a", "vm-1")
        .workloadIdentityPool(PROJECT, "ci-pool", "ci-provider", "https://ci.example.com")
        .start();
  }

  /**
   * Selects the arguments by type; the target is the last account, and the project the first text.
   */
  private static Object[] arguments(
      Method sample,
      IamEmulator emulator,
      ShortLivedCredentials caller,
      Grants grants,
      ServiceAccounts serviceAccounts,
      SampleService service,
      Path keyFile) {
    List<Class<?>> types = List.of(sample.getParameterTypes());
    Deque<ServiceAccount> accounts = new ArrayDeque<>(List.of(ServiceAccount.of(DEPLOYER)));
    if (types.stream().filter(ServiceAccount.class::equals).count() > 1) {
      accounts.push(ServiceAccount.of(DELEGATE));
    }
    Deque<String> texts = new ArrayDeque<>(List.of(PROJECT, "us-west1-a"));
    boolean isFederated =
        types.containsAll(List.of(ShortLivedCredentials.Builder.class, Path.class));
    if (isFederated) {
      texts.push(configuration(emulator, grants, keyFile));
    }
    switch (sample.getDeclaringClass().getSimpleName()) {
      case "UserTokenSample", "EveryCredentialSample" -> texts.push(USER);
      case "IapSample" -> {
        texts.push(service.uri().toString());
        texts.push("client-id");
      }
      default -> {}
    }
    boolean hasOwnSource = isFederated || types.contains(ImpersonatedCredentials.class);
    return types.stream()
        .map(
            type ->
                switch (type.getSimpleName()) {
                  case "ShortLivedCredentials" -> caller;
                  case "ImpersonatedCredentials" ->
                      caller.impersonatedCredentials(
                          AccessTokenRequest.of(
                              ServiceAccount.of(DEPLOYER), Scopes.CLOUD_PLATFORM));
                  case "Builder" ->
                      type == BigQueryOptions.Builder.class
                          ? service.bigQuery()
                          : builder(emulator, hasOwnSource);
                  case "Grants" -> grants;
                  case "AccessAudit" ->
                      AccessAudit.using(
                          emulator.credentialsFor(Member.of("user:admin@example.com")));
                  case "ServiceAccounts" -> serviceAccounts;
                  case "MeterRegistry" -> new SimpleMeterRegistry();
                  case "ServiceAccount" -> accounts.pop();
                  case "Member" -> Member.of(ServiceAccount.of(CALLER));
                  case "Path" -> keyFile;
                  case "URI" -> service.uri();
                  case "String" -> texts.pop();
                  case "List" -> List.of(ServiceAccount.of(DELEGATE));
                  case "Runnable" -> (Runnable) () -> {};
                  default -> throw new AssertionError("No argument for " + sample);
                })
        .toArray();
  }
}
