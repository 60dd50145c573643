package io.github.shortlived.testing.internal.metadata;

import io.github.shortlived.testing.internal.http.HttpReply;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits until the ETag of a response changes. The time is real, like that of the client. */
final class ChangeWatch {
  private static final int INTERVAL_MILLIS = 20;

  private ChangeWatch() {}

  /**
   * Returns the first response with another ETag than {@code last}; the current one at the timeout,
   * or when the emulator closes. Without {@code last}, waits for a change of the current response.
   * A response without an ETag, such as an error, is never awaited.
   */
  static HttpReply await(Supplier<HttpReply> current, Optional<String> last, Duration timeout) {
    long start = System.nanoTime();
    HttpReply reply = current.get();
    Optional<String> known = last.isPresent() ? last : etagOf(reply);
    while (etagOf(reply).isPresent()
        && etagOf(reply).equals(known)
        && System.nanoTime() - start < timeout.toNanos()
        && hasPaused()) {
      reply = current.get();
    }
    return reply;
  }

  private static Optional<String> etagOf(HttpReply reply) {
    return Optional.ofNullable(reply.headers().get(MetadataReply.ETAG));
  }

  /** Returns false if the emulator closes. */
  private static boolean hasPaused() {
    try {
      TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
      return true;
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
