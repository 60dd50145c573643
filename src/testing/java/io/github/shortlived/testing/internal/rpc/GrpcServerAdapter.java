package io.github.shortlived.testing.internal.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.github.shortlived.testing.internal.http.Loopback;
import io.github.shortlived.testing.internal.world.World;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The gRPC server, without TLS. */
public final class GrpcServerAdapter implements AutoCloseable {
  /** Up to this size, the emulator itself refuses requests that are too large. */
  private static final int LARGEST_READ = 64 << 20;

  private final URI uri;
  private final Server server;
  private final EventLoopGroup threads;

  private GrpcServerAdapter(Server server, EventLoopGroup threads) {
    this.uri = Loopback.uri(server.getPort());
    this.server = server;
    this.threads = threads;
  }

  public static GrpcServerAdapter start(
      List<RpcService> services,
      Supplier<World> world,
      Executor executor,
      ThreadFactory threadFactory) {
    // gRPC's shared threads would outlive this server.
    EventLoopGroup threads = new NioEventLoopGroup(2, GrpcLog.silent(threadFactory));
    GrpcConnections connections = new GrpcConnections();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(Loopback.address(0))
            .channelFactory(connections::listening)
            .bossEventLoopGroup(threads)
            .workerEventLoopGroup(threads)
            .maxInboundMessageSize(LARGEST_READ)
            .executor(GrpcLog.silentExecutor(executor))
            .fallbackHandlerRegistry(new NotEmulatedMethods());
    services.forEach(service -> builder.addService(bind(service, world, connections)));
    return new GrpcServerAdapter(started(builder.build(), threads), threads);
  }

  public URI uri() {
    return uri;
  }

  /** Refuses new calls, and cancels those without a response. */
  public void refuseCalls() {
    server.shutdownNow();
    try {
      server.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops the threads of the connections, after {@link #refuseCalls}. */
  @Override
  public void close() {
    stop(threads);
  }

  private static Server started(Server server, EventLoopGroup threads) {
    try {
      return server.start();
    } catch (IOException e) {
      stop(threads);
      throw new UncheckedIOException("Cannot listen on a free loopback port", e);
    }
  }

  private static void stop(EventLoopGroup threads) {
    threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
  }

  private static ServerServiceDefinition bind(
      RpcService service, Supplier<World> world, GrpcConnections connections) {
    ServerServiceDefinition.Builder definition =
        ServerServiceDefinition.builder(service.descriptor().getFullName());
    Stream.concat(service.methods(), service.notEmulated())
        .forEach(
            method ->
                definition.addMethod(
                    descriptor(method), new GrpcHandler(method, world, connections)));
    return definition.build();
  }

  private static MethodDescriptor<Supplier<ByteString>, Message> descriptor(RpcMethod<?> method) {
    return MethodDescriptor.<Supplier<ByteString>, Message>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(
            MethodDescriptor.generateFullMethodName(
                method.descriptor().getService().getFullName(), method.descriptor().getName()))
        .setRequestMarshaller(new RequestMarshaller())
        // Responses are never parsed, so any message serves as the prototype.
        .setResponseMarshaller(ProtoUtils.<Message>marshaller(method.prototype()))
        .build();
  }
}
