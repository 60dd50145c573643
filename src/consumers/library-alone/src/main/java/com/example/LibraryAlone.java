package com.example;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.logging.CredentialLog;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.UnmetDependency;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.verify.TokenVerification;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes one call of each kind to a port where nothing listens. So a call fails because the
 * connection is refused; if a library is too old, it fails with the error in a file instead.
 */
public final class LibraryAlone {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@my-project.iam.gserviceaccount.com");
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1");
  private static final String TO_ADD =
      "%s needs a library that is not on the class path. Add %s:%s to your dependencies.";

  private static final Set<String> TOKENS = Set.of("access token", "ID token");

  private int passed;
  private int failed;

  private LibraryAlone() {}

  /** Argument: a file with the expected error, if libraries are too old. */
  public static void main(String[] args) throws IOException {
    LibraryAlone run = new LibraryAlone();
    if (args.length == 0) {
      CALLS.forEach(run::checkRefusedConnection);
      run.checkOptionalLibraries();
    } else {
      String expected = Files.readString(Path.of(args[0])).stripTrailing();
      CALLS.forEach((name, call) -> run.checkOldLibraries(name, call, expected));
    }
    System.out.printf("%d passed, %d failed%n", run.passed, run.failed);
    if (run.failed > 0) {
      throw new AssertionError("A check failed");
    }
  }

  private static final Map<String, Consumer<ShortLivedCredentials.Builder>> CALLS =
      new LinkedHashMap<>();

  static {
    CALLS.put("access token", using(c -> c.accessToken(TARGET, CLOUD_PLATFORM)));
    CALLS.put("ID token", using(c -> c.idToken(TARGET, "https://orders.example.com")));
    CALLS.put(
        "signed JWT", using(c -> c.signJwt(TARGET, JwtClaims.expiringIn(Duration.ofMinutes(5)))));
    CALLS.put("signed blob", using(c -> c.signBlob(TARGET, new byte[] {1})));
    CALLS.put("access token, gRPC", overGrpc(using(c -> c.accessToken(TARGET, CLOUD_PLATFORM))));
    CALLS.put("signed blob, gRPC", overGrpc(using(c -> c.signBlob(TARGET, new byte[] {1}))));
    CALLS.put("grants", using(c -> Grants.using(c).planSweep(List.of(TARGET))));
    CALLS.put("accounts", using(c -> ServiceAccounts.using(c).list("my-project")));
  }

  private static Consumer<ShortLivedCredentials.Builder> using(
      Consumer<ShortLivedCredentials> call) {
    return builder -> {
      try (ShortLivedCredentials credentials = builder.build()) {
        call.accept(credentials);
      }
    };
  }

  private static Consumer<ShortLivedCredentials.Builder> overGrpc(
      Consumer<ShortLivedCredentials.Builder> call) {
    return builder -> call.accept(builder.grpc());
  }

  private static ShortLivedCredentials.Builder builder() {
    Date expiry = Date.from(Instant.parse("2100-01-01T00:00:00Z"));
    return ShortLivedCredentials.builder()
        .source(GoogleCredentials.create(new AccessToken("source", expiry)))
        .retryPolicy(RetryPolicy.none())
        .endpoints(Endpoints.of(NOWHERE, NOWHERE));
  }

  private void checkRefusedConnection(String name, Consumer<ShortLivedCredentials.Builder> call) {
    Throwable failure = failureOf(() -> call.accept(builder()));
    check(name, isRefusedConnection(failure), failure);
  }

  private static boolean isRefusedConnection(Throwable failure) {
    return failure instanceof CredentialException.Unavailable
        && failure.getMessage().contains("Connection refused");
  }

  private void checkOptionalLibraries() {
    checkAbsent(
        TO_ADD.formatted("TokenVerification", "com.nimbusds:nimbus-jose-jwt", "10.10"),
        () -> TokenVerification.create());
    checkAbsent(
        TO_ADD.formatted("CredentialLog", "org.slf4j:slf4j-api", "2.0.17"),
        () -> CredentialLog.create());
    checkAbsent(
        TO_ADD.formatted("ComputeInstances", "com.google.cloud:google-cloud-compute", "1.98.0"),
        () -> using(c -> ComputeInstances.using(c, Target.self())).accept(builder()));
  }

  private void checkAbsent(String expected, Runnable call) {
    Throwable failure = failureOf(call);
    check(
        expected,
        failure instanceof UnmetDependency && expected.equals(failure.getMessage()),
        failure);
  }

  /** Compares all lines but the first, which quotes the JVM's error. Tokens need no gax. */
  private void checkOldLibraries(
      String name, Consumer<ShortLivedCredentials.Builder> call, String expected) {
    Throwable failure = failureOf(() -> call.accept(builder()));
    String message = Objects.requireNonNullElse(failure.getMessage(), "");
    check(
        name,
        (TOKENS.contains(name) && isRefusedConnection(failure))
            || failure instanceof UnmetDependency
                && message.startsWith("The class path does not match this library: java.lang.")
                && message.lines().skip(1).toList().equals(expected.lines().toList()),
        failure);
  }

  private static Throwable failureOf(Runnable call) {
    try {
      call.run();
      return new AssertionError("No failure");
    } catch (Throwable failure) {
      return failure;
    }
  }

  private void check(String name, boolean holds, Throwable failure) {
    if (holds) {
      passed++;
    } else {
      failed++;
      System.out.println("FAILED: " + name);
      failure.printStackTrace(System.out);
    }
  }
}
