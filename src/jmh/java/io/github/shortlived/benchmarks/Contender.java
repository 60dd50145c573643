package io.github.shortlived.benchmarks;

import com.google.auth.oauth2.ImpersonatedCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.TokenSource;
import io.github.shortlived.model.AccessToken;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A client that caches a token of {@link #service}, with a clock that can be advanced. */
interface Contender extends AutoCloseable {
  DelayingService service();

  /** Reads the token, as callers do. */
  Object read() throws IOException;

  /** Fetches a token and waits until a refresh is due, while the token is usable. */
  void untilRefresh() throws Exception;

  /** Fetches a token and waits until it is no longer usable. */
  void untilExpiry() throws Exception;

  @Override
  void close();

  /** The library, with a clock that is advanced. */
  final class Ours implements Contender {
    // The token lasts an hour; its refresh is due 15 to 25 percent of that before the last 10
    // seconds.
    private static final Duration REFRESH = Duration.ofMinutes(52);
    private static final Duration EXPIRY = Duration.ofMinutes(60);

    private final SetClock clock = new SetClock();
    private final DelayingService service;
    private final ShortLivedCredentials credentials;
    private final TokenSource<AccessToken> source;

    Ours() throws IOException {
      service = new DelayingService(clock);
      credentials =
          ShortLivedCredentials.builder()
              .source(DemoCalls.source())
              .endpoints(service.endpoints())
              .clock(clock)
              .build();
      source = credentials.tokenSource(DemoCalls.request());
    }

    @Override
    public DelayingService service() {
      return service;
    }

    @Override
    public Object read() {
      return source.get();
    }

    @Override
    public void untilRefresh() {
      read();
      clock.forward(REFRESH);
    }

    @Override
    public void untilExpiry() {
      read();
      clock.forward(EXPIRY);
    }

    @Override
    public void close() {
      credentials.close();
      service.close();
    }
  }

  /**
   * google-auth, whose clock cannot be advanced. It gets a token with little more than the
   * remaining lifetime at which it refreshes (3:45 minutes) or blocks (3:00 minutes).
   */
  final class GoogleAuth implements Contender {
    private static final URI SERVICE = URI.create("https://storage.googleapis.com/");
    private static final Duration REFRESH = Duration.ofSeconds(225);
    private static final Duration EXPIRY = Duration.ofSeconds(180);
    private static final Duration LONGER = Duration.ofSeconds(3);
    private static final Duration BEYOND = Duration.ofMillis(100);

    private final DelayingService service = new DelayingService(InstantSource.system());
    private final ImpersonatedCredentials credentials;

    GoogleAuth() throws IOException {
      credentials =
          DemoCalls.impersonated(DemoCalls.source(), DemoCalls.TARGET, service.endpoints());
    }

    @Override
    public DelayingService service() {
      return service;
    }

    @Override
    public Object read() throws IOException {
      return credentials.getRequestMetadata(SERVICE);
    }

    @Override
    public void untilRefresh() throws Exception {
      until(REFRESH);
    }

    @Override
    public void untilExpiry() throws Exception {
      until(EXPIRY);
    }

    private void until(Duration beforeExpiry) throws Exception {
      service.lifetime(beforeExpiry.plus(LONGER));
      credentials.refresh();
      Instant expiry = credentials.getAccessToken().getExpirationTime().toInstant();
      Duration wait = Duration.between(Instant.now(), expiry.minus(beforeExpiry)).plus(BEYOND);
      Thread.sleep(wait.toMillis());
      service.lifetime(Duration.ofHours(1));
    }

    @Override
    public void close() {
      service.close();
    }
  }
}
