package io.github.shortlived.testing;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC server, in plaintext. A method without a handler is unimplemented, as gRPC itself says.
 */
final class GrpcFront implements AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final URI uri;
  private final Server server;
  private final EventLoopGroup threads;

  private GrpcFront(Server server, EventLoopGroup threads) {
    this.uri = Loopback.uri(server.getPort());
    this.server = server;
    this.threads = threads;
  }

  static GrpcFront start(LiveBackend backend, Executor executor, ThreadFactory threadFactory) {
    // Threads of our own rather than gRPC's shared ones: they end when this server does.
    EventLoopGroup threads = new NioEventLoopGroup(2, threadFactory);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(Loopback.anyPort())
            .channelType(NioServerSocketChannel.class)
            .bossEventLoopGroup(threads)
            .workerEventLoopGroup(threads)
            .executor(executor);
    backend.get().services().forEach(service -> builder.addService(bind(service, backend)));
    return new GrpcFront(started(builder.build(), threads), threads);
  }

  URI uri() {
    return uri;
  }

  /** Takes no more calls, and cuts those off that have no answer yet. */
  void refuseCalls() {
    server.shutdownNow();
    try {
      server.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops the threads that carry the calls, once no handler runs any more. */
  @Override
  public void close() {
    stop(threads);
  }

  private static Server started(Server server, EventLoopGroup threads) {
    try {
      return server.start();
    } catch (IOException e) {
      stop(threads);
      throw new UncheckedIOException("No loopback port to be had", e);
    }
  }

  private static void stop(EventLoopGroup threads) {
    threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
  }

  private static ServerServiceDefinition bind(RpcService service, LiveBackend backend) {
    ServerServiceDefinition.Builder definition =
        ServerServiceDefinition.builder(service.descriptor().getFullName());
    service
        .methods()
        .forEach(method -> definition.addMethod(descriptor(method), handler(method, backend)));
    return definition.build();
  }

  private static MethodDescriptor<Message, Message> descriptor(RpcMethod<?> method) {
    return MethodDescriptor.<Message, Message>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(
            MethodDescriptor.generateFullMethodName(
                method.descriptor().getService().getFullName(), method.descriptor().getName()))
        .setRequestMarshaller(ProtoUtils.<Message>marshaller(method.prototype()))
        // Answers are only ever written, so any message serves as the prototype.
        .setResponseMarshaller(ProtoUtils.<Message>marshaller(method.prototype()))
        .build();
  }

  private static ServerCallHandler<Message, Message> handler(
      RpcMethod<?> method, LiveBackend backend) {
    return (call, headers) ->
        ServerCalls.<Message, Message>asyncUnaryCall(
                (request, answers) ->
                    answer(backend, method, headers.get(AUTHORIZATION), request, answers))
            .startCall(call, headers);
  }

  private static void answer(
      LiveBackend backend,
      RpcMethod<?> method,
      @Nullable String authorization,
      Message request,
      StreamObserver<Message> answers) {
    try {
      answers.onNext(backend.call(method, authorization, request));
      answers.onCompleted();
    } catch (RpcException refusal) {
      answers.onError(StatusProto.toStatusRuntimeException(refusal.status()));
    } catch (ConnectionFault fault) {
      answers.onError(status(fault).asRuntimeException());
    }
  }

  /** What gRPC's own client says of a lost connection and of an answer it cannot read. */
  private static Status status(ConnectionFault fault) {
    return switch (fault.kind()) {
      case DROPPED -> Status.UNAVAILABLE.withDescription("io exception");
      case MALFORMED -> Status.INTERNAL.withDescription("Invalid protobuf byte sequence");
    };
  }
}
