package io.github.shortlived.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.cloud.iam.credentials.v1.GenerateAccessTokenRequest;
import com.google.cloud.iam.credentials.v1.GenerateAccessTokenResponse;
import com.google.protobuf.Timestamp;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.shortlived.model.Endpoints;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * A service with the method {@code generateAccessToken} over HTTP/JSON and gRPC. It responds to
 * every caller after a latency during which no thread waits, and does little else, because
 * benchmarks measure the clients.
 */
final class DelayingService implements AutoCloseable {
  private static final int BACKLOG = 1_000;
  private static final String TOKEN = "ya29.c.%0130d";
  private static final String REFUSAL =
      "{\"error\":{\"code\":503,\"message\":\"Try again.\",\"status\":\"UNAVAILABLE\"}}";

  static {
    // Without it every second response on a connection waits 40 ms for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
  private final AtomicInteger requests = new AtomicInteger();
  private final InstantSource clock;
  private final HttpServer http;
  private final String scheme;
  private final Server grpc;
  private volatile Duration latency = Duration.ZERO;
  private volatile Duration lifetime = Duration.ofHours(1);
  private volatile boolean failing;

  /** Starts a service without TLS. */
  DelayingService(InstantSource clock) throws IOException {
    this(clock, HttpServer.create(loopback(), BACKLOG), "http");
  }

  /** Starts a service with TLS over HTTP, and without over gRPC. */
  static DelayingService tls(InstantSource clock, SSLContext context) throws IOException {
    HttpsServer server = HttpsServer.create(loopback(), BACKLOG);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new DelayingService(clock, server, "https");
  }

  private DelayingService(InstantSource clock, HttpServer http, String scheme) throws IOException {
    this.clock = clock;
    this.http = http;
    this.scheme = scheme;
    http.setExecutor(threads);
    http.createContext("/", this::respondHttp);
    http.start();
    grpc = NettyServerBuilder.forAddress(loopback()).addService(grpcService()).build().start();
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  DelayingService latency(Duration latency) {
    this.latency = latency;
    return this;
  }

  DelayingService lifetime(Duration lifetime) {
    this.lifetime = lifetime;
    return this;
  }

  /** Makes all later requests fail with UNAVAILABLE. */
  void fail() {
    failing = true;
  }

  /** Returns the number of requests so far. */
  int requests() {
    return requests.get();
  }

  Endpoints endpoints() {
    URI overHttp = URI.create(scheme + "://127.0.0.1:" + http.getAddress().getPort());
    URI overGrpc = URI.create("http://127.0.0.1:" + grpc.getPort());
    return Endpoints.of(overHttp, overGrpc);
  }

  @Override
  public void close() {
    http.stop(0);
    grpc.shutdownNow();
    timer.shutdownNow();
    threads.shutdownNow();
  }

  private void respondHttp(HttpExchange exchange) throws IOException {
    int number = requests.incrementAndGet();
    try (InputStream body = exchange.getRequestBody()) {
      body.readAllBytes();
    }
    afterLatency(() -> reply(exchange, failing ? 503 : 200, failing ? REFUSAL : json(number)));
  }

  private void respondGrpc(StreamObserver<GenerateAccessTokenResponse> observer) {
    int number = requests.incrementAndGet();
    afterLatency(
        () -> {
          if (failing) {
            observer.onError(Status.UNAVAILABLE.asException());
          } else {
            observer.onNext(response(number));
            observer.onCompleted();
          }
        });
  }

  private void afterLatency(Runnable action) {
    if (latency.isZero()) {
      action.run();
    } else {
      timer.schedule(action, latency.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private static void reply(HttpExchange exchange, int status, String json) {
    byte[] body = json.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    try (OutputStream out = exchange.getResponseBody()) {
      exchange.sendResponseHeaders(status, body.length);
      out.write(body);
    } catch (IOException disconnected) {
      exchange.close();
    }
  }

  private String json(int number) {
    return "{\"accessToken\":\"%s\",\"expireTime\":\"%s\"}"
        .formatted(TOKEN.formatted(number), expiry());
  }

  private GenerateAccessTokenResponse response(int number) {
    return GenerateAccessTokenResponse.newBuilder()
        .setAccessToken(TOKEN.formatted(number))
        .setExpireTime(Timestamp.newBuilder().setSeconds(expiry().getEpochSecond()))
        .build();
  }

  /** Returns the expiry in whole seconds, because google-auth parses no fractions. */
  private Instant expiry() {
    return clock.instant().plus(lifetime).truncatedTo(ChronoUnit.SECONDS);
  }

  private ServerServiceDefinition grpcService() {
    return ServerServiceDefinition.builder(GrpcClient.METHOD.getServiceName())
        .addMethod(
            GrpcClient.METHOD,
            ServerCalls.asyncUnaryCall(
                (GenerateAccessTokenRequest request,
                    StreamObserver<GenerateAccessTokenResponse> observer) -> respondGrpc(observer)))
        .build();
  }
}
