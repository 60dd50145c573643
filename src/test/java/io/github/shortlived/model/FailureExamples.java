package io.github.shortlived.model;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.rpc.Code;
import io.github.shortlived.DemoProject;
import io.github.shortlived.FakeHttp;
import io.github.shortlived.IamJson;
import io.github.shortlived.ImpersonatingSources;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.TestKeys;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.config.ConfigExamples;
import io.github.shortlived.config.CredentialConfigPolicy;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.grant.OvertakenPolicies;
import io.github.shortlived.grant.PropagationWait;
import io.github.shortlived.internal.failure.SourceFailureException;
import io.github.shortlived.internal.source.AdcLocationsTest;
import io.github.shortlived.internal.source.EmulatorSourceTest;
import io.github.shortlived.verify.TokenVerification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * One failure of each kind, for the page that explains them. The emulator produces it, or else it
 * is built from a response of Google.
 */
final class FailureExamples implements AutoCloseable {
  private static final String ACTION = "generateAccessToken for " + TARGET;

  private final DemoProject demo = new DemoProject();

  /** Returns the failure that the page shows under this name. */
  CredentialException of(String name) {
    return switch (name) {
      case "permission_denied" -> issuing(c -> c.accessToken(TARGET, CLOUD_PLATFORM));
      case "permission_denied_chain" ->
          issuing(c -> c.idToken(CHAIN, "https://orders.example.com"));
      case "grant_not_effective" -> notEffective();
      case "domain_not_delegated" -> notDelegated();
      case "lifetime_not_allowed" -> tooLong();
      case "api_disabled" -> apiDisabled();
      case "no_source_token_impersonating" -> mayNotImpersonate();
      case "service_unavailable" -> unavailable();
      case "nothing_issued" -> interrupted();
      case "clock_skew" -> skewed();
      case "concurrent_change" -> overtaken();
      case "account_id_taken" -> idTaken();
      case "signature_invalid", "signature_removed", "outside_validity", "claim_not_expected" ->
          ofVerification(name);
      default -> name.contains("source") ? ofSource(name) : ofRequest(name);
    };
  }

  private static CredentialException ofRequest(String name) {
    return switch (name) {
      case "denied_outside_iam" ->
          translated(
              403,
              reasoned(
                  "SECURITY_POLICY_VIOLATED", "Request is prohibited by organization's policy."));
      case "not_found" ->
          status(404, "NOT_FOUND", "Not found; Gaia id not found for email " + TARGET);
      case "invalid_request" -> thrown(() -> ServiceAccount.of("nobody"));
      case "request_rejected" ->
          status(400, "INVALID_ARGUMENT", "Request contains an invalid argument.");
      case "precondition_failed" ->
          status(400, "FAILED_PRECONDITION", "Service account %s is disabled.".formatted(TARGET));
      case "unexpected_failure" -> translated(407, "<h1>Proxy authentication required</h1>");
      case "wrong_class_path" ->
          InternalExceptions.translate(
              new NoSuchMethodError(
                  "'Duration com.google.api.gax.rpc.ApiCallContext.getTimeout()'"),
              ACTION);
      case "missing_scope" ->
          translated(
              403,
              reasoned(
                  "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                  "Request had insufficient authentication scopes."));
      default -> ofConfiguration(name);
    };
  }

  private static CredentialException ofConfiguration(String name) {
    return switch (name) {
      case "configuration_refused" ->
          thrown(
              () ->
                  ShortLivedCredentials.builder()
                      .configuration(
                          ConfigExamples.externalAccount(ConfigExamples.urlSource()).toString(),
                          CredentialConfigPolicy.googleOnly())
                      .build());
      case "not_of_the_emulator" -> thrown(() -> EmulatorSourceTest.keyOfGoogle("gcp-key.json"));
      case "no_default_credentials" ->
          AdcLocationsTest.missing(Map.of("os.name", "Linux", "user.home", "/home/me"));
      default -> throw new IllegalArgumentException("No example is named " + name);
    };
  }

  private static CredentialException ofSource(String name) {
    return switch (name) {
      case "no_source_token" ->
          InternalExceptions.translate(
              new SourceFailureException(
                  response(
                      400,
                      """
                      {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}""")),
              ACTION);
      case "source_token_rejected" ->
          status(
              401,
              "UNAUTHENTICATED",
              "Request had invalid authentication credentials. Expected OAuth 2 access token.");
      case "source_unusable" ->
          thrown(() -> ShortLivedCredentials.fromKeyFile(Path.of("missing-key.json")));
      default -> throw new IllegalArgumentException("No example is named " + name);
    };
  }

  private CredentialException idTaken() {
    demo.emulator().faults().on("getServiceAccount").fail(Code.NOT_FOUND);
    try (ShortLivedCredentials admin = administrator();
        ServiceAccounts accounts = ServiceAccounts.using(admin)) {
      accounts.create(PROJECT, "my-deployer");
      return thrown(() -> accounts.create(PROJECT, "my-deployer"));
    }
  }

  private static CredentialException ofVerification(String name) {
    InstantSource noon = InstantSource.fixed(Instant.parse("2030-01-01T12:00:00Z"));
    try (DemoProject world = new DemoProject(noon);
        ShortLivedCredentials target = world.emulator().credentialsFor(TARGET);
        TokenVerification verification = world.emulator().tokenVerification()) {
      String token = target.idToken(Target.self(), "https://orders.example.com").token();
      String unsigned = token.substring(0, token.lastIndexOf('.') + 1);
      return switch (name) {
        case "signature_invalid" -> refused(verification, unsigned + "AAAA");
        case "signature_removed" -> refused(verification, unsigned + "SIGNATURE_REMOVED_BY_GOOGLE");
        case "outside_validity" -> {
          world.emulator().clock().advance(Duration.ofHours(2));
          yield refused(verification, token);
        }
        default -> thrown(() -> verification.verifyIdToken(token, "https://billing.example.com"));
      };
    }
  }

  private static CredentialException refused(TokenVerification verification, String token) {
    return thrown(() -> verification.verifyIdToken(token, "https://orders.example.com"));
  }

  private CredentialException notEffective() {
    CrossAccountGrant grant = CrossAccountGrant.tokenCreator(CALLER).on(TARGET);
    PropagationWait none = PropagationWait.withTimeout(Duration.ZERO);
    try (ShortLivedCredentials admin = administrator();
        Grants grants = Grants.using(admin)) {
      return issuing(caller -> grants.awaitEffective(grant, caller, none));
    }
  }

  /** Stops the clock, because the message contains the elapsed time. */
  private ShortLivedCredentials administrator() {
    return ShortLivedCredentials.builder()
        .source(demo.emulator().googleCredentials(DemoProject.ADMIN.id()))
        .endpoints(demo.emulator().endpoints())
        .clock(InstantSource.fixed(Instant.now()))
        .retryPolicy(RetryPolicy.none())
        .build();
  }

  private static CredentialException notDelegated() {
    return InternalExceptions.domainNotDelegated(
        response(
            401,
            """
            {"error": "unauthorized_client", "error_description": "Client is unauthorized to \
            retrieve access tokens using this method, or client not authorized for any of the \
            scopes requested."}"""),
        "Issuing an access token of me@example.com by domain-wide delegation to " + TARGET,
        TARGET,
        List.of(
            "https://www.googleapis.com/auth/calendar", "https://www.googleapis.com/auth/drive"));
  }

  private CredentialException tooLong() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).on(TARGET));
    AccessTokenRequest request =
        AccessTokenRequest.of(TARGET, CLOUD_PLATFORM)
            .lifetimeExtendedByOrgPolicy(Duration.ofHours(2));
    return issuing(caller -> caller.issue(request));
  }

  private CredentialException apiDisabled() {
    demo.emulator().controls().disableApi(PROJECT, "iamcredentials.googleapis.com");
    return issuing(caller -> caller.accessToken(TARGET, CLOUD_PLATFORM));
  }

  private CredentialException mayNotImpersonate() {
    GoogleCredentials source = ImpersonatingSources.ofCaller(demo.emulator(), DELEGATE_1);
    try (ShortLivedCredentials caller = ShortLivedCredentials.from(source)) {
      return thrown(() -> caller.accessToken(TARGET, CLOUD_PLATFORM));
    }
  }

  private CredentialException overtaken() {
    CrossAccountGrant grant = CrossAccountGrant.tokenCreator(CALLER).on(TARGET);
    return thrown(() -> OvertakenPolicies.failToApply(demo, grant));
  }

  private CredentialException unavailable() {
    demo.emulator().faults().on("generateAccessToken").fail(Code.UNAVAILABLE);
    String key = demo.emulator().serviceAccountKey(CALLER.id());
    try (ShortLivedCredentials caller =
        ShortLivedCredentials.builder()
            .keyJson(key)
            .endpoints(demo.emulator().endpoints())
            .retryPolicy(RetryPolicy.none())
            .build()) {
      return thrown(() -> caller.accessToken(TARGET, CLOUD_PLATFORM));
    }
  }

  private CredentialException interrupted() {
    Thread.currentThread().interrupt();
    try {
      return issuing(caller -> caller.accessToken(TARGET, CLOUD_PLATFORM));
    } finally {
      Thread.interrupted();
    }
  }

  private static CredentialException skewed() {
    GoogleCredentials source = TestKeys.source(FakeHttp.refusingTimesAtNoon());
    InstantSource late = InstantSource.fixed(Instant.parse("2030-01-01T11:53:00Z"));
    try (ShortLivedCredentials caller =
        ShortLivedCredentials.builder().source(source).clock(late).build()) {
      return thrown(() -> caller.accessToken(TARGET, CLOUD_PLATFORM));
    }
  }

  private interface Request {
    void send(ShortLivedCredentials caller);
  }

  private CredentialException issuing(Request request) {
    try (ShortLivedCredentials caller = demo.caller(false)) {
      return thrown(() -> request.send(caller));
    }
  }

  private static CredentialException thrown(ThrowingCallable call) {
    return catchThrowableOfType(CredentialException.class, call);
  }

  private static String reasoned(String reason, String message) {
    return """
        {"error": {"status": "PERMISSION_DENIED", "message": "%s", "details": [{"reason": "%s"}]}}"""
        .formatted(message, reason);
  }

  private static CredentialException status(int http, String status, String message) {
    return translated(http, IamJson.error(http, status, message));
  }

  private static CredentialException translated(int http, String body) {
    return InternalExceptions.translate(response(http, body), ACTION);
  }

  private static IOException response(int http, String body) {
    return new HttpResponseException.Builder(http, null, new HttpHeaders())
        .setContent(body)
        .build();
  }

  @Override
  public void close() {
    demo.close();
  }
}
