package io.github.shortlived.model;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.rpc.Code;
import io.github.shortlived.DemoProject;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.SourceCredentials;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.testing.EmulatorCall;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks the details of a failure, and the requests after a rejected source token, over both
 * transports.
 */
@ParameterizedClass(name = "grpc={0}")
@ValueSource(booleans = {false, true})
class FailureDetailsTest {
  private static final String METHOD = "generateAccessToken";
  private static final Duration HOUR = Duration.ofHours(1);

  private final boolean grpc;
  private final DemoProject demo = new DemoProject();
  private ShortLivedCredentials credentials;

  FailureDetailsTest(boolean grpc) {
    this.grpc = grpc;
  }

  @BeforeEach
  void connect() {
    credentials = demo.caller(grpc);
  }

  @AfterEach
  void close() {
    credentials.close();
    demo.close();
  }

  private void grant() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).on(TARGET));
  }

  private <E extends CredentialException> E failure(Class<E> type) {
    AccessTokenRequest request = AccessTokenRequest.of(TARGET, CLOUD_PLATFORM).fresh();
    return catchThrowableOfType(type, () -> credentials.issue(request));
  }

  @Test
  void accessToken_refused_hasServiceMethodAndAttempts() {
    PermissionDenied refusal = failure(PermissionDenied.class);

    assertThat(refusal.service()).contains(demo.emulator().httpEndpoint().getHost());
    assertThat(refusal.method()).contains(METHOD);
    assertThat(refusal.status()).contains(StatusCode.Code.PERMISSION_DENIED);
    assertThat(refusal.httpStatus()).isEqualTo(grpc ? OptionalInt.empty() : OptionalInt.of(403));
    assertThat(refusal.reason()).contains("IAM_PERMISSION_DENIED");
    assertThat(refusal.permission()).contains("iam.serviceAccounts.getAccessToken");
    assertThat(refusal.requestId()).isEmpty();
    assertThat(refusal.attempts()).isOne();
    assertThat(refusal.elapsed()).isPositive();
    assertThat(refusal.getCause())
        .isInstanceOf(grpc ? ApiException.class : HttpResponseException.class);
  }

  @Test
  void accessToken_retryDelayBeyondTheTimeout_failsAtOnce() {
    demo.emulator().faults().on(METHOD).fail(Code.RESOURCE_EXHAUSTED, HOUR);
    Unavailable failure = failure(Unavailable.class);

    assertThat(failure)
        .hasMessageContaining("(RESOURCE_EXHAUSTED) Given up after 1 attempt in ")
        .hasMessageContaining(
            " The service requested a retry delay of 1 hour, which exceeds the rest of the total timeout. A"
                + " retry may succeed.");
    assertThat(failure.attempts()).isOne();
    assertThat(calls(METHOD)).isOne();
  }

  @Test
  void accessToken_faultsUntilTheTimeout_countsAttemptsAndTime() {
    demo.emulator().faults().on(METHOD).fail(Code.UNAVAILABLE);
    credentials.close();
    credentials = caller(new RetryPolicy(ms(20), ms(20), ms(3_000), true));
    Unavailable failure = failure(Unavailable.class);

    assertThat(failure.attempts()).isGreaterThan(1);
    assertThat(failure.elapsed()).isPositive();
    assertThat(failure)
        .hasMessageContaining("Given up after %d attempts in ".formatted(failure.attempts()));
    // The last request may have timed out before it arrived.
    assertThat(calls(METHOD)).isBetween(failure.attempts() - 1L, (long) failure.attempts());
  }

  @Test
  void accessToken_sourceTokenRejected_isRenewedOnceAndUsed() {
    grant();
    demo.emulator().faults().on(METHOD).times(1).fail(Code.UNAUTHENTICATED);

    assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM).token()).startsWith("ya29.");
    assertThat(calls("token")).isEqualTo(2);
    assertThat(calls(METHOD)).isEqualTo(2);
  }

  @Test
  void accessToken_everySourceTokenRejected_isRetriedOnce() {
    demo.emulator().faults().on(METHOD).fail(Code.UNAUTHENTICATED);
    SourceCredentials failure = failure(SourceCredentials.class);

    assertThat(failure.attempts()).isEqualTo(2);
    assertThat(failure.method()).contains(METHOD);
    assertThat(calls("token")).isEqualTo(2);
    assertThat(calls(METHOD)).isEqualTo(2);
  }

  @Test
  void accessToken_fixedTokenRejected_isNotRetried() {
    credentials.close();
    Date end = Date.from(Instant.parse("2100-01-01T00:00:00Z"));
    credentials =
        builder(RetryPolicy.standard())
            .source(GoogleCredentials.create(new AccessToken("made by hand", end)))
            .build();
    SourceCredentials failure = failure(SourceCredentials.class);

    assertThat(failure.status()).contains(StatusCode.Code.UNAUTHENTICATED);
    assertThat(failure.attempts()).isOne();
    assertThat(calls(METHOD)).isOne();
  }

  @Test
  void accessToken_sourceBroken_namesItsService() {
    demo.emulator().faults().on("token").fail(Code.INVALID_ARGUMENT);
    SourceCredentials failure = failure(SourceCredentials.class);

    assertThat(failure.service()).contains(demo.emulator().httpEndpoint().getHost());
    assertThat(failure.method()).contains("token");
    assertThat(failure.httpStatus()).hasValue(400);
    assertThat(failure.attempts()).isOne();
  }

  @Test
  void accessToken_sourceDoesNotRespond_failsAtTheTimeout() {
    demo.emulator().faults().on("token").delay(Duration.ofSeconds(30));
    credentials.close();
    credentials = caller(RetryPolicy.none().withTotalTimeout(ms(200)));
    Unavailable failure = failure(Unavailable.class);

    assertThat(failure)
        .hasMessageContaining(
            " failed because the source credentials returned no token: The source did not respond in time."
                + " (DEADLINE_EXCEEDED)");
    assertThat(failure.elapsed()).isBetween(ms(200), Duration.ofSeconds(20));
    assertThat(failure.method()).contains("token");
  }

  @Test
  void accessToken_interruptedDuringTheSourceRequest_failsAndKeepsTheStatus() {
    demo.emulator().faults().on("token").delay(Duration.ofSeconds(30));
    Thread.currentThread().interrupt();
    Unavailable failure = failure(Unavailable.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.status()).contains(StatusCode.Code.CANCELLED);
    assertThat(failure.attempts()).isOne();
    assertThat(failure.elapsed()).isLessThan(Duration.ofSeconds(20));
  }

  private ShortLivedCredentials caller(RetryPolicy policy) {
    return builder(policy).keyJson(demo.emulator().serviceAccountKey(CALLER.id())).build();
  }

  private ShortLivedCredentials.Builder builder(RetryPolicy policy) {
    ShortLivedCredentials.Builder builder =
        ShortLivedCredentials.builder().endpoints(demo.emulator().endpoints()).retryPolicy(policy);
    return grpc ? builder.grpc() : builder;
  }

  private long calls(String method) {
    return demo.emulator().calls().stream()
        .map(EmulatorCall::method)
        .filter(method::equals)
        .count();
  }

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }
}
