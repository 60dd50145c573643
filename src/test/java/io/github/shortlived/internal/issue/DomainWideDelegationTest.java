package io.github.shortlived.internal.issue;

import static io.github.shortlived.AdapterWorld.CALLER;
import static io.github.shortlived.AdapterWorld.CHAIN;
import static io.github.shortlived.AdapterWorld.DELEGATE;
import static io.github.shortlived.AdapterWorld.STRANGER;
import static io.github.shortlived.AdapterWorld.TARGET;
import static io.github.shortlived.AdapterWorld.USER;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.auth.ServiceAccountSigner;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.rpc.Code;
import io.github.shortlived.AdapterWorld;
import io.github.shortlived.FakeHttp;
import io.github.shortlived.RequestHeaders;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.StuckHttp;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.http.BoundedTransport;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialEvent.IssueFailed;
import io.github.shortlived.model.CredentialEvent.Issued;
import io.github.shortlived.model.CredentialEvent.Retried;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.UserTokenRequest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks domain-wide delegation without a key. */
class DomainWideDelegationTest {
  private final AdapterWorld world = new AdapterWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private GoogleCredentials google(Target target) {
    return world.caller().googleCredentials(target, CLOUD_PLATFORM);
  }

  @Test
  void createDelegated_domainDelegates_actsAsTheUser() throws Exception {
    GoogleCredentials user = google(CHAIN).createDelegated(USER);

    assertThat(
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(world.instances())
                        .headers(RequestHeaders.of(user).get())
                        .build(),
                    BodyHandlers.ofString()))
        .satisfies(response -> assertThat(response.statusCode()).isEqualTo(200));
    assertThat(world.emulator().calls())
        .last()
        .satisfies(call -> assertThat(call.toString()).contains("user:" + USER));
    assertThat(user.toString()).contains(USER).doesNotContain("ya29.");
  }

  @Test
  void createDelegated_requestWithLifetime_refused() {
    GoogleCredentials brief =
        world
            .caller()
            .googleCredentials(
                AccessTokenRequest.of(TARGET, CLOUD_PLATFORM).lifetime(Duration.ofMinutes(10)));

    assertThatThrownBy(() -> brief.createDelegated(USER))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid lifetime '10 min': the token endpoint decides the lifetime of a user's token, about 1 hour. Create the credentials with a request without lifetime.");
  }

  @Test
  void createDelegated_neitherSignsNorIssuesIdTokens() {
    assertThat(google(TARGET).createDelegated(USER))
        .isNotInstanceOf(ServiceAccountSigner.class)
        .isNotInstanceOf(IdTokenProvider.class)
        .isNotEqualTo(google(TARGET));
    assertThat(google(TARGET)).isInstanceOf(ServiceAccountSigner.class);
  }

  @Test
  void createDelegated_domainDoesNotDelegate_namesTheRemedy() {
    GoogleCredentials other = google(TARGET).createDelegated("other@example.com");
    assertThatThrownBy(other::refresh)
        .isInstanceOf(IOException.class)
        .hasCauseInstanceOf(PermissionDenied.class)
        .hasMessageContaining("Admin console, Security, API controls, Domain-wide delegation")
        .hasMessageNotContaining("source's token");
    assertThatThrownBy(google(DELEGATE).createDelegated(USER)::refresh)
        .hasCauseInstanceOf(PermissionDenied.class);
  }

  @Test
  void createDelegated_withoutGrant_namesTheGrant() {
    assertThatThrownBy(google(STRANGER).createDelegated(USER)::refresh)
        .hasMessageStartingWith("signJwt for " + STRANGER)
        .hasMessageContaining("add-iam-policy-binding " + STRANGER);
  }

  @Test
  void createDelegated_otherScope_refusedByTheDomain() throws Exception {
    GoogleCredentials user = google(TARGET).createDelegated(USER);
    user.refresh();
    GoogleCredentials mail = user.createScoped("https://www.googleapis.com/auth/gmail.send");
    assertThatThrownBy(mail::refresh).hasCauseInstanceOf(PermissionDenied.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "user", "sa@p.iam.gserviceaccount.com"})
  void createDelegated_noUser_refused(String user) {
    assertThatThrownBy(() -> google(TARGET).createDelegated(user))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("Pass the user's email address");
  }

  @Test
  @SuppressWarnings("NullAway") // Callers without null checks can pass null.
  void createDelegated_null_refused() {
    assertThatThrownBy(() -> google(TARGET).createDelegated(null))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid user 'null'");
  }

  @Test
  void accessToken_redirect_isNotFollowed() {
    FakeHttp http = new FakeHttp().redirect("https://elsewhere.example.com/token");
    assertThatThrownBy(() -> exchange(http)).isInstanceOf(CredentialException.class);
    assertThat(http.urls()).containsExactly("https://oauth2.googleapis.com/token");
  }

  @Test
  void createDelegated_targetWithoutEmail_refused() {
    GoogleCredentials unique = google(ServiceAccount.of("123456789012345678901"));
    assertThatThrownBy(() -> unique.createDelegated(USER)).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void refresh_faultyTokenEndpoint_isRetried() throws Exception {
    GoogleCredentials user = google(TARGET).createDelegated(USER);
    world.emulator().faults().on("token").times(2).fail(Code.UNAVAILABLE);
    user.refresh();
    assertThat(world.calls("token")).isEqualTo(3);
    assertThat(world.calls("signJwt")).isOne();
  }

  private List<CredentialEvent> eventsOf(ServiceAccount target) {
    List<CredentialEvent> events = new CopyOnWriteArrayList<>();
    try (ShortLivedCredentials listening =
        ShortLivedCredentials.builder()
            .source(world.emulator().googleCredentials(Member.of(AdapterWorld.CALLER).id()))
            .endpoints(world.emulator().endpoints())
            .httpTransportFactory(world.emulator().httpTransportFactory())
            .clock(world.emulator().clock())
            .retryPolicy(
                new RetryPolicy(
                    Duration.ofNanos(1), Duration.ofNanos(1), Duration.ofSeconds(30), true))
            .listener(events::add)
            .build()) {
      listening.googleCredentials(target, CLOUD_PLATFORM).createDelegated(USER).refresh();
    } catch (IOException e) {
      assertThat(e).hasCauseInstanceOf(PermissionDenied.class);
    }
    return events;
  }

  @Test
  void refresh_granted_isOneEventWithTheRetriesOfBothCalls() {
    world.emulator().faults().on("signJwt").times(2).fail(Code.UNAVAILABLE);
    world.emulator().faults().on("token").times(1).fail(Code.UNAVAILABLE);
    List<CredentialEvent> events = eventsOf(TARGET);

    assertThat(events).hasSize(4);
    for (int i = 0; i < 3; i++) {
      int attempt = i + 1;
      assertThat(events.get(i))
          .isInstanceOfSatisfying(
              Retried.class,
              retried -> {
                assertThat(retried.request().orElseThrow()).isInstanceOf(UserTokenRequest.class);
                assertThat(retried.attempt()).isEqualTo(attempt);
              });
    }
    assertThat(events.get(3))
        .isInstanceOfSatisfying(
            Issued.class,
            issued -> {
              assertThat(issued.request()).isInstanceOf(UserTokenRequest.class);
              assertThat(issued.attempts()).isEqualTo(4);
            });
  }

  @Test
  void refresh_withoutGrant_isOneEvent() {
    assertThat(eventsOf(STRANGER))
        .singleElement()
        .isInstanceOfSatisfying(
            IssueFailed.class,
            refused -> assertThat(refused.request()).isInstanceOf(UserTokenRequest.class));
  }

  @Test
  void createDelegated_anotherUniverse_refused() throws Exception {
    String elsewhere =
        world
            .emulator()
            .serviceAccountKey(CALLER.id())
            .replace("\"googleapis.com\"", "\"apis.example.fr\"");
    try (ShortLivedCredentials partner = ShortLivedCredentials.fromKeyJson(elsewhere)) {
      GoogleCredentials user =
          partner.googleCredentials(TARGET, CLOUD_PLATFORM).createDelegated(USER);

      assertThatThrownBy(user::refresh)
          .hasRootCauseInstanceOf(InvalidRequest.class)
          .rootCause()
          .hasMessage(
              "Invalid universe domain 'apis.example.fr': domain-wide delegation exists only in Google's own universe. Use the service account's own tokens.");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"access_token\":\"hidden\"}",
        "{\"access_token\":{},\"expires_in\":1}",
        "{\"access_token\":\"hidden\",\"expires_in\":\"soon\"}",
        "{\"access_token\":\"hidden\",\"expires_in\":92233720368547758}",
        "{\"access_token\":\"hidden\",\"expires_in\":9223372036854775807}"
      })
  void accessToken_responseWithoutToken_isUnavailableWithoutSecrets(String response) {
    FakeHttp http = new FakeHttp().respond(200, response);
    assertThatThrownBy(() -> exchange(http))
        .isInstanceOf(Unavailable.class)
        .hasMessageNotContaining("hidden")
        .hasMessageContaining(USER);
    assertThat(http.urls()).containsExactly("https://oauth2.googleapis.com/token");
  }

  @Test
  void accessToken_refusalWithBody_keepsTheReason() {
    String refusal = "{\"error\":\"unauthorized_client\",\"error_description\":\"Not so.\"}";
    assertThatThrownBy(() -> exchange(new FakeHttp().respond(401, refusal)))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("unauthorized_client: Not so.");
    String invalidGrant = "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid email.\"}";
    assertThatThrownBy(() -> exchange(new FakeHttp().respond(400, invalidGrant)))
        .isInstanceOf(InvalidRequest.class);
  }

  @Test
  void accessToken_otherRefusalOfAProxy_isNoMissingDelegation() {
    for (String body : List.of("<html>Log in</html>", "{\"error\":\"invalid_client\"}")) {
      assertThatThrownBy(() -> exchange(new FakeHttp().respond(401, body)))
          .isInstanceOf(CredentialException.class)
          .isNotInstanceOf(PermissionDenied.class)
          .hasMessageNotContaining("Admin console");
    }
  }

  @Test
  void accessToken_domainDoesNotDelegate_namesTheScopesAndHowToFindTheClientId() {
    assertThatThrownBy(() -> exchange(new FakeHttp().respond(401, "")))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining(
            (" must delegate the scopes %s to the client ID of the service account, its numeric"
                    + " unique ID: Admin console, Security, API controls, Domain-wide delegation.\n"
                    + "Find the client ID: gcloud iam service-accounts describe %s"
                    + " --format='value(uniqueId)'\nSee ")
                .formatted(CLOUD_PLATFORM, TARGET));
  }

  @Test
  void domainNotDelegated_accountByUniqueId_namesItAsTheClientId() {
    assertThat(
            InternalExceptions.domainNotDelegated(
                new IOException("Refused"),
                "Acting",
                ServiceAccount.of("103456789012345678901"),
                List.of("https://a.example/1", "https://a.example/2")))
        .hasMessageContaining(
            " must delegate the scopes https://a.example/1,https://a.example/2 to the client ID"
                + " 103456789012345678901: Admin console, Security, API controls, Domain-wide"
                + " delegation. See ");
  }

  @Test
  @Timeout(60)
  void accessToken_endlessResponse_failsAtTheTimeout() {
    try (StuckHttp http = new StuckHttp()) {
      RetryPolicy brief = RetryPolicy.none().withTotalTimeout(Duration.ofMillis(50));
      Unavailable failure = catchThrowableOfType(Unavailable.class, () -> exchange(http, brief));

      assertThat(failure)
          .hasMessageStartingWith(
              "Issuing an access token of %s by domain-wide delegation to %s failed: The token endpoint did not"
                      .formatted(USER, TARGET)
                  + " respond in time. (DEADLINE_EXCEEDED) Given up after 1 attempt in ");
      assertThat(failure.service()).contains("oauth2.googleapis.com");
      assertThat(failure.method()).contains("token");
    }
  }

  @Test
  @Timeout(60)
  void accessToken_interruptedDuringTheResponse_failsAndKeepsTheStatus() {
    try (StuckHttp http = new StuckHttp()) {
      Thread waiting = Thread.currentThread();
      http.onRequest = waiting::interrupt;
      Unavailable failure =
          catchThrowableOfType(Unavailable.class, () -> exchange(http, RetryPolicy.standard()));

      assertThat(Thread.interrupted()).isTrue();
      assertThat(failure)
          .hasMessageContaining(" failed: Interrupted before the result arrived. (CANCELLED) ");
      assertThat(failure.attempts()).isOne();
    }
  }

  @Test
  @Timeout(60)
  void createDelegated_slowSigning_leavesTheExchangeTheRemainingTime() {
    Duration signing = Duration.ofMillis(200);
    world.emulator().faults().on("signJwt").delay(signing);
    try (StuckHttp http = new StuckHttp();
        ShortLivedCredentials caller =
            ShortLivedCredentials.builder()
                .source(world.emulator().googleCredentials(Member.of(CALLER).id()))
                .endpoints(world.emulator().endpoints())
                .grpc() // The HTTP transports are for the token endpoint only.
                .httpTransportFactory(http)
                .build()) {
      http.onRequest = Thread.currentThread()::interrupt;
      GoogleCredentials user =
          caller.googleCredentials(TARGET, CLOUD_PLATFORM).createDelegated(USER);

      assertThatThrownBy(user::refresh).isInstanceOf(IOException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(http.timeout)
          .isPositive()
          .isLessThanOrEqualTo(RetryPolicy.standard().totalTimeout().minus(signing));
    }
  }

  private AccessToken exchange(FakeHttp http) {
    return exchange(http, RetryPolicy.none());
  }

  private AccessToken exchange(HttpTransportFactory http, RetryPolicy policy) {
    Supplier<Retrier> retrier =
        () ->
            Retrier.of(
                policy.initialDelay(),
                policy.maxDelay(),
                policy.totalTimeout(),
                policy.retries(),
                InstantSource.system());
    TokenEndpoint endpoint =
        new TokenEndpoint(
            Endpoints.google().oauth2(),
            "/token",
            BoundedTransport.factory(http),
            InstantSource.system(),
            "The token endpoint did not respond in time");
    return new DomainWideDelegation(endpoint)
        .accessToken(
            TARGET,
            UserTokenRequest.of(TARGET, USER, CLOUD_PLATFORM),
            claims -> world.caller().signJwt(TARGET, claims),
            retrier);
  }
}
