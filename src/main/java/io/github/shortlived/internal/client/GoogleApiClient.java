package io.github.shortlived.internal.client;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.google.api.client.http.HttpTransport;
import com.google.api.core.ApiFuture;
import com.google.api.gax.core.BackgroundResource;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.GrpcCallContext;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.api.gax.httpjson.ApiMethodDescriptor;
import com.google.api.gax.httpjson.HttpJsonCallContext;
import com.google.api.gax.httpjson.HttpJsonCallOptions;
import com.google.api.gax.httpjson.HttpJsonChannel;
import com.google.api.gax.httpjson.HttpJsonClientCall;
import com.google.api.gax.httpjson.HttpJsonClientInterceptor;
import com.google.api.gax.httpjson.InstantiatingHttpJsonChannelProvider;
import com.google.api.gax.rpc.ApiCallContext;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.ClientSettings;
import com.google.api.gax.rpc.FixedHeaderProvider;
import com.google.api.gax.rpc.HeaderProvider;
import com.google.api.gax.rpc.TransportChannelProvider;
import com.google.api.gax.rpc.UnaryCallable;
import com.google.auth.Credentials;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.cloud.iam.admin.v1.IAMSettings;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.cloud.iam.credentials.v1.IamCredentialsSettings;
import com.google.common.base.Throwables;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.SourceFailureException;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * A generated Google client. Each attempt sends the headers of the {@link SourceCredentials}
 * itself, so that a source that fails is distinct from a call that fails. The client's own retries
 * are off, because one {@link Retrier} serves both transports. Thread-safe. Calls block until there
 * is a response, the deadline expires or the thread is interrupted, which keeps its interrupted
 * status.
 *
 * @param <C> the generated client
 */
public final class GoogleApiClient<C extends BackgroundResource> implements AutoCloseable {
  private static final int HTTPS_PORT = 443;

  private final C client;
  private final ApiCallContext context;
  private final boolean grpc;
  private final URI endpoint;

  /** Wraps a client that was created with {@link #settings}. */
  public GoogleApiClient(C client, ApiCallContext context, URI endpoint) {
    this.client = client;
    this.context = context.withRetryableCodes(Set.of());
    this.grpc = context instanceof GrpcCallContext;
    this.endpoint = endpoint;
  }

  /** Connects to the IAM Service Account Credentials API over HTTP/JSON. */
  public static GoogleApiClient<IamCredentialsClient> iamCredentialsHttpJson(
      URI endpoint, HttpTransport http) throws IOException {
    TransportChannelProvider channel =
        httpJsonTo(
            endpoint, http, IamCredentialsSettings.defaultHttpJsonTransportProviderBuilder());
    return new GoogleApiClient<>(
        IamCredentialsClient.create(settings(IamCredentialsSettings.newHttpJsonBuilder(), channel)),
        HttpJsonCallContext.createDefault(),
        endpoint);
  }

  /** Connects to the IAM Service Account Credentials API over gRPC. */
  public static GoogleApiClient<IamCredentialsClient> iamCredentialsGrpc(URI endpoint)
      throws IOException {
    TransportChannelProvider channel =
        grpcTo(endpoint, IamCredentialsSettings.defaultGrpcTransportProviderBuilder());
    return new GoogleApiClient<>(
        IamCredentialsClient.create(settings(IamCredentialsSettings.newBuilder(), channel)),
        GrpcCallContext.createDefault(),
        endpoint);
  }

  /** Connects to the IAM API, whose client supports gRPC only. */
  public static GoogleApiClient<IAMClient> iam(URI endpoint) throws IOException {
    TransportChannelProvider channel =
        grpcTo(endpoint, IAMSettings.defaultGrpcTransportProviderBuilder());
    return new GoogleApiClient<>(
        IAMClient.create(settings(IAMSettings.newBuilder(), channel)),
        GrpcCallContext.createDefault(),
        endpoint);
  }

  /**
   * Builds the settings of a client without credentials; {@link #call} sends the headers. gax
   * assumes Google's own universe for such a client and refuses to call if {@code
   * GOOGLE_CLOUD_UNIVERSE_DOMAIN} differs. Therefore the universe domain is set here.
   */
  public static <S extends ClientSettings<S>, B extends ClientSettings.Builder<S, B>> S settings(
      B settings, TransportChannelProvider channel) throws IOException {
    settings.setCredentialsProvider(NoCredentialsProvider.create());
    settings.setUniverseDomain(Credentials.GOOGLE_DEFAULT_UNIVERSE);
    settings.setHeaderProvider(userAgent());
    settings.setTransportChannelProvider(channel);
    return settings.build();
  }

  /** Configures HTTP/JSON without gax's timeout. */
  public static TransportChannelProvider httpJsonTo(
      URI endpoint, HttpTransport http, InstantiatingHttpJsonChannelProvider.Builder channel) {
    return channel
        .setHttpTransport(http)
        .setEndpoint(endpoint.toString())
        .setInterceptorProvider(() -> List.of(new NoTimeout()))
        .build();
  }

  /** Configures TLS, or plaintext for an http endpoint, which is always a loopback address. */
  @SuppressWarnings("rawtypes") // gax declares the configurator's types raw.
  private static InstantiatingGrpcChannelProvider grpcTo(
      URI endpoint, InstantiatingGrpcChannelProvider.Builder channel) {
    int port = endpoint.getPort() < 0 ? HTTPS_PORT : endpoint.getPort();
    channel.setEndpoint(endpoint.getHost() + ":" + port);
    if ("http".equals(endpoint.getScheme())) {
      channel.setChannelConfigurator(ManagedChannelBuilder::usePlaintext);
    }
    return channel.build();
  }

  /**
   * Makes one attempt of a call.
   *
   * @param name the name of the method, as in Google's API reference
   * @param method selects the method from the client
   * @throws SourceFailureException if the source has no token
   * @throws FailedCallException if the call fails
   */
  public <Q, R> R call(
      String name,
      Function<C, UnaryCallable<Q, R>> method,
      Q request,
      SourceCredentials source,
      Deadline deadline)
      throws SourceFailureException, FailedCallException {
    Map<String, List<String>> headers = source.headersFor(endpoint, deadline);
    ApiCallContext authenticated = context.withExtraHeaders(source.headersToSend(headers));
    try {
      Deadline.checkNotInterrupted();
      ApiCallContext timed = authenticated.withTimeoutDuration(deadline.remaining());
      return await(method.apply(client).futureCall(request, timed), deadline);
    } catch (CancellationException | TimeoutException e) {
      throw failed(name, e);
    } catch (ApiException e) {
      throw source.withRenewal(failed(name, isInterruption(e) ? interrupted() : e), headers);
    }
  }

  /** Creates the exception for a failed call of this method. */
  public FailedCallException failed(String name, Exception cause) {
    return FailedCallException.of(endpoint.getHost(), name, cause);
  }

  /** Waits for the response. gRPC enforces the deadline itself; over HTTP/JSON, this does. */
  private <R> R await(ApiFuture<R> response, Deadline deadline) throws TimeoutException {
    try {
      return grpc ? response.get() : response.get(deadline.remaining().toNanos(), NANOSECONDS);
    } catch (InterruptedException e) {
      response.cancel(true);
      throw interrupted();
    } catch (TimeoutException e) {
      response.cancel(true);
      throw new TimeoutException("The service did not respond in time");
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      Throwables.throwIfUnchecked(cause);
      throw new UndeclaredThrowableException(cause);
    }
  }

  /**
   * Returns whether an interruption caused the failure. gax's HTTP/JSON transport clears the
   * interrupted status then.
   */
  private static boolean isInterruption(ApiException e) {
    return Throwables.getCausalChain(e).stream().anyMatch(InterruptedException.class::isInstance);
  }

  /** Restores the interrupted status. */
  private static CancellationException interrupted() {
    Thread.currentThread().interrupt();
    return new CancellationException("Interrupted before the service responded");
  }

  static HeaderProvider userAgent() {
    return FixedHeaderProvider.create("user-agent", UserAgent.TEXT);
  }

  @Override
  public void close() {
    client.shutdown();
  }

  /**
   * Removes gax's timeout from HTTP/JSON calls: it starts a thread that is not a daemon, so that
   * the JVM does not exit until the client is closed. {@link #await} enforces the deadline instead.
   */
  private static final class NoTimeout implements HttpJsonClientInterceptor {
    @Override
    public <Q, R> HttpJsonClientCall<Q, R> interceptCall(
        ApiMethodDescriptor<Q, R> method, HttpJsonCallOptions options, HttpJsonChannel next) {
      return next.newCall(method, options.toBuilder().setTimeoutDuration(null).build());
    }
  }
}
