package io.github.shortlived.testing.internal.rpc;

import com.google.common.collect.MapMaker;
import java.util.Collections;
import java.util.List;
import java.util.Set;
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
      Stream.of("NettyServerStream", "NettyServerTransport.connections", "NettyServerHandler")
          .map("io.grpc.netty.shaded.io.grpc.netty."::concat)
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

  private static Filter exceptSilent(@Nullable Filter others) {
    return entry ->
        !SILENT.contains(Thread.currentThread()) && (others == null || others.isLoggable(entry));
  }
}
