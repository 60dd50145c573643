package io.github.shortlived.benchmarks;

import com.google.cloud.iam.credentials.v1.GenerateAccessTokenResponse;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessToken;
import java.io.IOException;
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
 * Measures access tokens per second over plaintext gRPC without a cache, for the library and for
 * Google's generated client. The option {@code -t} sets the threads.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 8, time = 3)
@Measurement(iterations = 5, time = 3)
@State(Scope.Benchmark)
public class GrpcTokenBenchmark {
  private ServiceProcess service;
  private ShortLivedCredentials credentials;
  private GapicClient gapic;

  @Setup
  public void connect() throws IOException, InterruptedException {
    service = ServiceProcess.start(false);
    credentials = DemoCalls.credentials("grpc", service.endpoints());
    gapic = GapicClient.over("grpc", DemoCalls.source(), service.endpoints());
  }

  @TearDown
  public void close() throws IOException {
    gapic.close();
    credentials.close();
    service.close();
  }

  @Benchmark
  public AccessToken library(ThreadRequest thread) {
    return credentials.issue(thread.request);
  }

  @Benchmark
  public GenerateAccessTokenResponse generatedClient() throws IOException {
    return gapic.generateAccessToken(DemoCalls.NAME);
  }
}
