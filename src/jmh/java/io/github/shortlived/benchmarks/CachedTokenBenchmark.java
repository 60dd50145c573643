package io.github.shortlived.benchmarks;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.TokenSource;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
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
import software.amazon.awssdk.utils.cache.CachedSupplier;
import software.amazon.awssdk.utils.cache.NonBlocking;
import software.amazon.awssdk.utils.cache.RefreshResult;

/**
 * Reads a cached token: values of the library and of the AWS SDK, and headers of the library's
 * adapter and of google-auth, beside the lower bound for a value. {@code -prof gc} shows the
 * allocations, {@code -t} sets the number of threads.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class CachedTokenBenchmark {
  private static final URI SERVICE = URI.create("https://storage.googleapis.com/");

  private final AccessTokenRequest request = DemoCalls.request();
  private final InstantSource clock = InstantSource.system();
  private DelayingService service;
  private ShortLivedCredentials credentials;
  private TokenSource<AccessToken> source;
  private CachedSupplier<AccessToken> aws;
  private GoogleCredentials adapter;
  private GoogleCredentials googleAuth;
  private volatile AccessToken field;

  @Setup
  public void issue() throws IOException {
    service = new DelayingService(clock);
    credentials =
        ShortLivedCredentials.builder() // With the system clock.
            .source(DemoCalls.source())
            .endpoints(service.endpoints())
            .build();
    source = credentials.tokenSource(request);
    field = source.get();
    aws =
        CachedSupplier.builder(this::loadedToken).prefetchStrategy(new NonBlocking("aws")).build();
    adapter = credentials.googleCredentials(request);
    googleAuth =
        GoogleCredentials.create(
            new com.google.auth.oauth2.AccessToken(field.token(), Date.from(field.expireTime())));
  }

  private RefreshResult<AccessToken> loadedToken() {
    Instant expiry = field.expireTime();
    return RefreshResult.builder(field)
        .staleTime(expiry.minusSeconds(60))
        .prefetchTime(expiry.minusSeconds(600))
        .build();
  }

  @TearDown
  public void close() {
    aws.close();
    credentials.close();
    service.close();
  }

  /** The lower bound: a volatile read and a clock read. */
  @Benchmark
  public AccessToken volatileAndClock() {
    AccessToken token = field;
    return clock.millis() > 0 ? token : null;
  }

  @Benchmark
  public AccessToken tokenSourceGet() {
    return source.get();
  }

  /** The facade, with one reused request. */
  @Benchmark
  public AccessToken issueReusedRequest() {
    return credentials.issue(request);
  }

  /** The facade, with a new request for each call. */
  @Benchmark
  public AccessToken accessToken() {
    return credentials.accessToken(request.target(), DemoCalls.SCOPE);
  }

  @Benchmark
  public AccessToken awsCachedSupplierGet() {
    return aws.get();
  }

  @Benchmark
  public Map<String, List<String>> adapterRequestMetadata() throws IOException {
    return adapter.getRequestMetadata(SERVICE);
  }

  @Benchmark
  public Map<String, List<String>> googleAuthRequestMetadata() throws IOException {
    return googleAuth.getRequestMetadata(SERVICE);
  }
}
