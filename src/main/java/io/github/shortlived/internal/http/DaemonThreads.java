package io.github.shortlived.internal.http;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.api.client.http.LowLevelHttpResponse;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * Makes blocking calls on daemon threads: a thread that reads from a socket can be neither
 * interrupted nor limited in time. Threads end when they are idle for some seconds.
 */
final class DaemonThreads {
  static final String NAME = "short-lived-credentials-http";

  private static final int IDLE_SECONDS = 2;
  private static final ExecutorService CALLS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          SECONDS,
          new SynchronousQueue<>(),
          new ThreadFactoryBuilder().setNameFormat(NAME).setDaemon(true).build());

  private DaemonThreads() {}

  /** Makes the call, and abandons it at the timeout or at an interrupt. */
  static LowLevelHttpResponse call(BlockingCall call, int totalMillis) throws IOException {
    TotalTimeout.requireNotInterrupted();
    FutureTask<LowLevelHttpResponse> task =
        new FutureTask<>(call::call) {
          @Override
          protected void done() {
            if (isCancelled()) {
              CALLS.execute(call::abandon); // It may have to wait for a lock of the client.
            }
          }
        };
    CALLS.execute(task);
    return TotalTimeout.await(task, totalMillis);
  }
}
