package io.github.shortlived.benchmarks;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.cloud.iam.credentials.v1.GenerateAccessTokenResponse;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.http.DefaultTransport;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures access tokens per second over HTTP without a cache, for the library, for google-auth's
 * {@code ImpersonatedCredentials} with its default transport and with the library's, and for
 * Google's generated client. The option {@code -t} sets the threads.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 8, time = 3)
@Measurement(iterations = 5, time = 3)
@State(Scope.Benchmark)
public class HttpTokenBenchmark {
  @Param({"false", "true"})
  private boolean tls;

  private ServiceProcess service;
  private ShortLivedCredentials credentials;
  private ImpersonatedCredentials impersonated;
  private ImpersonatedCredentials sameTransport;
  private GapicClient gapic;

  @Setup
  public void connect() throws IOException, InterruptedException {
    service = ServiceProcess.start(tls);
    credentials = DemoCalls.credentials("http", service.endpoints());
    impersonated =
        DemoCalls.impersonated(DemoCalls.source(), DemoCalls.TARGET, service.endpoints());
    var transport = DefaultTransport.factory().create();
    sameTransport = impersonated.toBuilder().setHttpTransportFactory(() -> transport).build();
    gapic = GapicClient.over("http", DemoCalls.source(), service.endpoints());
  }

  @TearDown
  public void close() throws IOException {
    gapic.close();
    credentials.close();
    service.close();
  }

  @Benchmark
  public io.github.shortlived.model.AccessToken library(ThreadRequest thread) {
    return credentials.issue(thread.request);
  }

  @Benchmark
  public AccessToken impersonated() throws IOException {
    return impersonated.refreshAccessToken();
  }

  @Benchmark
  public AccessToken impersonatedSameTransport() throws IOException {
    return sameTransport.refreshAccessToken();
  }

  /** Builds the credentials for each call, as the library does. */
  @Benchmark
  public AccessToken impersonatedPerCall() throws IOException {
    return sameTransport.toBuilder().build().refreshAccessToken();
  }

  @Benchmark
  public GenerateAccessTokenResponse generatedClient() throws IOException {
    return gapic.generateAccessToken(DemoCalls.NAME);
  }
}
