package io.github.shortlived.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.api.client.testing.http.MockHttpTransport;
import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutures;
import com.google.api.core.SettableApiFuture;
import com.google.api.gax.core.BackgroundResource;
import com.google.api.gax.httpjson.HttpJsonCallContext;
import com.google.api.gax.httpjson.HttpJsonStatusCode;
import com.google.api.gax.rpc.ApiCallContext;
import com.google.api.gax.rpc.CancelledException;
import com.google.api.gax.rpc.ClientSettings;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.api.gax.rpc.UnaryCallable;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60) // A lost interruption must not stall the build.
class GoogleApiClientTest {
  private static final URI ENDPOINT = URI.create("https://one.example.com");

  @Test
  void call_interruptedWhileSending_isAnInterruptionAndKeepsTheStatus() {
    ApiFuture<String> sent =
        ApiFutures.immediateFailedFuture(
            new CancelledException(
                "Exception in message delivery",
                new InterruptedException(),
                HttpJsonStatusCode.of(499),
                false));
    assertInterrupted(catchThrowable(() -> call(() -> sent)));
  }

  @Test
  void call_interruptedWhileWaiting_isAnInterruptionAndKeepsTheStatus() {
    SettableApiFuture<String> pending = SettableApiFuture.create();
    Throwable failure =
        catchThrowable(
            () ->
                call(
                    () -> {
                      Thread.currentThread().interrupt();
                      return pending;
                    }));
    assertInterrupted(failure);
    assertThat(pending.isCancelled()).isTrue();
  }

  @Test
  void call_noResponseAtTheDeadline_isCancelledAndTimesOut() {
    SettableApiFuture<String> pending = SettableApiFuture.create();
    Deadline expired = Retrier.deadlineIn(Duration.ZERO);
    Throwable failure = catchThrowable(() -> call(() -> pending, expired));
    assertThat(failure)
        .isInstanceOf(FailedCallException.class)
        .cause()
        .isInstanceOf(TimeoutException.class)
        .hasMessage("The service did not respond in time");
    assertThat(FailedCallException.of(failure).failure().status())
        .isEqualTo(Code.DEADLINE_EXCEEDED);
    assertThat(pending.isCancelled()).isTrue();
  }

  @Test
  void call_cancelledOtherwise_isThatFailure() {
    CancelledException cancelled = new CancelledException(null, HttpJsonStatusCode.of(499), false);
    Throwable failure =
        catchThrowable(() -> call(() -> ApiFutures.immediateFailedFuture(cancelled)));
    assertThat(failure).isInstanceOf(FailedCallException.class).hasCause(cancelled);
    assertThat(Thread.interrupted()).isFalse();
  }

  /** Otherwise gax compares them with the environment's GOOGLE_CLOUD_UNIVERSE_DOMAIN. */
  @Test
  void iamClients_noCredentials_haveGooglesUniverse() throws Exception {
    URI endpoint = URI.create("https://iamcredentials.apis.example");
    try (GoogleApiClient<IamCredentialsClient> http =
            GoogleApiClient.iamCredentialsHttpJson(endpoint, new MockHttpTransport());
        GoogleApiClient<IamCredentialsClient> grpc = GoogleApiClient.iamCredentialsGrpc(endpoint);
        GoogleApiClient<IAMClient> iam = GoogleApiClient.iam(endpoint)) {
      assertThat(universe(http, IamCredentialsClient::getSettings)).isEqualTo("googleapis.com");
      assertThat(universe(grpc, IamCredentialsClient::getSettings)).isEqualTo("googleapis.com");
      assertThat(universe(iam, IAMClient::getSettings)).isEqualTo("googleapis.com");
    }
  }

  private static <C extends BackgroundResource> String universe(
      GoogleApiClient<C> client, Function<C, ClientSettings<?>> settings) throws Exception {
    AtomicReference<String> universe = new AtomicReference<>();
    Object unused =
        client.call(
            "get",
            generated -> {
              universe.set(settings.apply(generated).getUniverseDomain());
              return responding(() -> ApiFutures.immediateFuture("response"));
            },
            "request",
            source(),
            Retrier.deadlineIn(Duration.ofMinutes(1)));
    return String.valueOf(universe.get());
  }

  @Test
  void close_client_shutsItDown() {
    Idle idle = new Idle();
    new GoogleApiClient<>(idle, HttpJsonCallContext.createDefault(), ENDPOINT).close();
    assertThat(idle.isShutdown()).isTrue();
  }

  private static void assertInterrupted(Throwable failure) {
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure)
        .isInstanceOf(FailedCallException.class)
        .cause()
        .isInstanceOf(CancellationException.class)
        .hasMessage("Interrupted before the service responded");
  }

  private static String call(Supplier<ApiFuture<String>> response) throws Exception {
    return call(response, Retrier.deadlineIn(Duration.ofMinutes(1)));
  }

  private static String call(Supplier<ApiFuture<String>> response, Deadline deadline)
      throws Exception {
    SourceCredentials source = source();
    try (GoogleApiClient<Idle> client =
        new GoogleApiClient<>(new Idle(), HttpJsonCallContext.createDefault(), ENDPOINT)) {
      return client.call("get", idle -> responding(response), "request", source, deadline);
    }
  }

  private static SourceCredentials source() {
    Date end = Date.from(Instant.now().plusSeconds(3600));
    return SourceCredentials.of(GoogleCredentials.create(new AccessToken("token", end)), "scope");
  }

  private static UnaryCallable<String, String> responding(Supplier<ApiFuture<String>> response) {
    return new UnaryCallable<>() {
      @Override
      public ApiFuture<String> futureCall(String request, ApiCallContext context) {
        return response.get();
      }
    };
  }

  /** A generated client without methods. */
  private static final class Idle implements BackgroundResource {
    private boolean shutdown;

    @Override
    public void shutdown() {
      shutdown = true;
    }

    @Override
    public boolean isShutdown() {
      return shutdown;
    }

    @Override
    public boolean isTerminated() {
      return shutdown;
    }

    @Override
    public void shutdownNow() {
      shutdown();
    }

    @Override
    public boolean awaitTermination(long duration, TimeUnit unit) {
      return true;
    }

    @Override
    public void close() {
      shutdown();
    }
  }
}
