package io.github.shortlived.benchmarks;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.cloud.iam.credentials.v1.GenerateAccessTokenResponse;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.http.DefaultTransport;
import io.github.shortlived.model.AccessTokenRequest;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures access tokens per second over HTTP without a cache, for the library, for google-auth's
 * {@code ImpersonatedCredentials} with its default transport and with the library's, and for
 * Google's generated client, with a minimal server in the same JVM. The option {@code -t} sets the
 * threads.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 3)
@State(Scope.Benchmark)
public class HttpTokenBenchmark {
  private DelayingService service;
  private ShortLivedCredentials credentials;
  private ImpersonatedCredentials impersonated;
  private ImpersonatedCredentials sameTransport;
  private GapicClient gapic;
  private final AccessTokenRequest request = DemoCalls.request().fresh();

  @Setup
  public void connect() throws IOException {
    service = new DelayingService(InstantSource.system());
    credentials = DemoCalls.credentials("http", service.endpoints());
    impersonated =
        DemoCalls.impersonated(DemoCalls.source(), DemoCalls.TARGET, service.endpoints());
    sameTransport =
        impersonated.toBuilder().setHttpTransportFactory(DefaultTransport.factory()).build();
    gapic = GapicClient.over("http", DemoCalls.source(), service.endpoints());
  }

  @TearDown
  public void close() {
    gapic.close();
    credentials.close();
    service.close();
  }

  @Benchmark
  public io.github.shortlived.model.AccessToken library() {
    return credentials.issue(request);
  }

  @Benchmark
  public AccessToken impersonated() throws IOException {
    return impersonated.refreshAccessToken();
  }

  @Benchmark
  public AccessToken impersonatedSameTransport() throws IOException {
    return sameTransport.refreshAccessToken();
  }

  @Benchmark
  public GenerateAccessTokenResponse generatedClient() throws IOException {
    return gapic.generateAccessToken(DemoCalls.NAME);
  }
}
