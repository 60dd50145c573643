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
 * Tokens a second without a cache, by the library and by Google's generated client, asked of a
 * server in the same JVM that does next to nothing.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 3)
@State(Scope.Benchmark)
public class MintBenchmark {
  @Param({"http", "grpc"})
  private String transport;

  private DelayingService service;
  private ShortLivedCredentials credentials;
  private GapicClient gapic;

  /** Each thread asks for an account of its own: one entry of a cache is not minted by 64. */
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
  public AccessToken oneThread(Request own) {
    return credentials.issue(own.request);
  }

  @Benchmark
  @Threads(1)
  public GenerateAccessTokenResponse oneThreadGapic() throws IOException {
    return gapic.mint(DemoCalls.NAME);
  }

  @Benchmark
  @Threads(64)
  public AccessToken sixtyFourThreads(Request own) {
    return credentials.issue(own.request);
  }

  @Benchmark
  @Threads(64)
  public GenerateAccessTokenResponse sixtyFourThreadsGapic() throws IOException {
    return gapic.mint(DemoCalls.NAME);
  }
}
