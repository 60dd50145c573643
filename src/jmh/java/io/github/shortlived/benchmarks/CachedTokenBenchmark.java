package io.github.shortlived.benchmarks;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.AccessToken;
import io.github.shortlived.AccessTokenRequest;
import io.github.shortlived.ServiceAccount;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.TokenSource;
import io.github.shortlived.testing.IamEmulator;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
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
 * Reading a fresh token, beside the least that it can cost and beside google-auth's own cache; with
 * {@code -prof gc} also what it allocates.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class CachedTokenBenchmark {
  private static final URI SERVICE = URI.create("https://storage.googleapis.com/");

  private final InstantSource clock = InstantSource.system();
  private IamEmulator emulator;
  private ShortLivedCredentials credentials;
  private TokenSource<AccessToken> source;
  private GoogleCredentials googleAuth;
  private volatile AccessToken field;

  @Setup
  public void issue() {
    emulator = DemoCalls.start();
    credentials =
        ShortLivedCredentials.builder() // With the system's clock.
            .source(emulator.googleCredentials("serviceAccount:" + DemoCalls.CALLER))
            .endpoints(emulator.endpoints())
            .build();
    source =
        credentials.tokenSource(
            AccessTokenRequest.of(ServiceAccount.of(DemoCalls.TARGET), DemoCalls.SCOPE));
    field = source.get();
    googleAuth =
        GoogleCredentials.create(
            new com.google.auth.oauth2.AccessToken(field.token(), Date.from(field.expireTime())));
  }

  @TearDown
  public void close() {
    credentials.close();
    emulator.close();
  }

  /** The limit: a volatile read and a clock read. */
  @Benchmark
  public AccessToken volatileAndClock() {
    AccessToken token = field;
    return clock.millis() > 0 ? token : null;
  }

  @Benchmark
  public AccessToken tokenSourceGet() {
    return source.get();
  }

  @Benchmark
  public Map<String, List<String>> googleAuthRequestMetadata() throws IOException {
    return googleAuth.getRequestMetadata(SERVICE);
  }
}
