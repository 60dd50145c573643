package io.github.shortlived.benchmarks;

import com.google.cloud.iam.credentials.v1.GenerateAccessTokenResponse;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.ServiceAccount;
import java.io.IOException;
import java.time.InstantSource;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures tokens per second without a cache, for the library and for Google's generated client,
 * with a minimal server in the same JVM.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 3)
@State(Scope.Benchmark)
public class UncachedTokenBenchmark {
  @Param({"http", "grpc"})
  private String transport;

  private DelayingService service;
  private ShortLivedCredentials credentials;
  private GapicClient gapic;

  /** Each thread requests the token of another account, so that they share no cache entry. */
  @State(Scope.Thread)
  public static class Request {
    private final AccessTokenRequest request =
        AccessTokenRequest.of(
                ServiceAccount.of(
                    "target-%d@demo-project.iam.gserviceaccount.com"
                        .formatted(Thread.currentThread().getId())),
                DemoCalls.SCOPE)
            .fresh();
  }

  @Setup
  public void connect() throws IOException {
    service = new DelayingService(InstantSource.system());
    credentials = DemoCalls.credentials(transport, service.endpoints());
    gapic = GapicClient.over(transport, DemoCalls.source(), service.endpoints());
  }

  @TearDown
  public void close() {
    gapic.close();
    credentials.close();
    service.close();
  }

  @Benchmark
  @Threads(1)
  public AccessToken oneThread(Request request) {
    return credentials.issue(request.request);
  }

  @Benchmark
  @Threads(1)
  public GenerateAccessTokenResponse oneThreadGapic() throws IOException {
    return gapic.generateAccessToken(DemoCalls.NAME);
  }

  @Benchmark
  @Threads(64)
  public AccessToken sixtyFourThreads(Request request) {
    return credentials.issue(request.request);
  }

  @Benchmark
  @Threads(64)
  public GenerateAccessTokenResponse sixtyFourThreadsGapic() throws IOException {
    return gapic.generateAccessToken(DemoCalls.NAME);
  }
}
