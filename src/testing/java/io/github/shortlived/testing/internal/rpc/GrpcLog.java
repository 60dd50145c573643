package io.github.shortlived.testing.internal.rpc;

import com.google.common.collect.MapMaker;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.logging.Filter;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Drops what gRPC logs on the threads of an emulator: a stack trace for each client that sends a
 * malformed message or does not speak HTTP/2. Other servers of the JVM still log that.
 */
final class GrpcLog {
  private static final Set<Thread> SILENT =
      Collections.newSetFromMap(new MapMaker().weakKeys().makeMap());

  /** The JDK forgets the filter of a logger without a reference. */
  private static final List<Logger> LOGGERS =
      Stream.of(
              "grpc.netty.NettyServerStream",
              "grpc.netty.NettyServerTransport.connections",
              "grpc.netty.NettyServerHandler",
              "netty.util.concurrent.DefaultPromise.rejectedExecution")
          .map("io.grpc.netty.shaded.io."::concat)
          .map(Logger::getLogger)
          .toList();

  static {
    LOGGERS.forEach(logger -> logger.setFilter(exceptSilent(logger.getFilter())));
  }

  private GrpcLog() {}

  /** Returns a factory of threads on which gRPC logs nothing. */
  static ThreadFactory silent(ThreadFactory threads) {
    return task -> {
      Thread thread = threads.newThread(task);
      SILENT.add(thread);
      return thread;
    };
  }

  /** Returns an executor in whose tasks gRPC logs nothing, such as a response after the close. */
  static Executor silentExecutor(Executor executor) {
    return task -> executor.execute(() -> runSilently(task));
  }

  private static void runSilently(Runnable task) {
    Thread thread = Thread.currentThread();
    SILENT.add(thread);
    try {
      task.run();
    } finally {
      SILENT.remove(thread);
    }
  }

  private static Filter exceptSilent(@Nullable Filter others) {
    return entry ->
        !SILENT.contains(Thread.currentThread()) && (others == null || others.isLoggable(entry));
  }
}
