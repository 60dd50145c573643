package io.github.shortlived;

import com.google.protobuf.MessageLite;
import io.github.shortlived.model.Endpoints;
import io.grpc.HandlerRegistry;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A gRPC server that has every method. Returns the given responses in order and records which
 * methods were called.
 */
public final class FakeGrpc implements AutoCloseable {
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final Deque<Response> responses = new ConcurrentLinkedDeque<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Server server;

  public FakeGrpc() {
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      server =
          NettyServerBuilder.forAddress(loopback, InsecureServerCredentials.create())
              .fallbackHandlerRegistry(new EveryMethod())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Response {
    void sendTo(ServerCall<byte[], byte[]> call);
  }

  public FakeGrpc respond(MessageLite message) {
    responses.add(
        call -> {
          call.sendHeaders(new Metadata());
          call.sendMessage(message.toByteArray());
          call.close(Status.OK, new Metadata());
        });
    return this;
  }

  /** Adds a failure with these bytes as its details, a {@code google.rpc.Status}. */
  public FakeGrpc fail(Status status, byte[] details) {
    Metadata trailers = new Metadata();
    trailers.put(DETAILS, details);
    responses.add(call -> call.close(status, trailers));
    return this;
  }

  /** Returns the methods that were called, such as {@code GenerateAccessToken}. */
  public List<String> calls() {
    return calls;
  }

  /** Returns endpoints of which only those for gRPC exist. */
  public Endpoints endpoints() {
    URI address = URI.create("http://127.0.0.1:" + server.getPort());
    URI nowhere = URI.create("http://127.0.0.1:1");
    return Endpoints.of(nowhere, address);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class EveryMethod extends HandlerRegistry
      implements ServerCallHandler<byte[], byte[]> {
    @Override
    public ServerMethodDefinition<byte[], byte[]> lookupMethod(String name, String authority) {
      return ServerMethodDefinition.create(
          MethodDescriptor.newBuilder(new Bytes(), new Bytes())
              .setFullMethodName(name)
              .setType(MethodType.UNARY)
              .build(),
          this);
    }

    @Override
    public ServerCall.Listener<byte[]> startCall(
        ServerCall<byte[], byte[]> call, Metadata headers) {
      calls.add(String.valueOf(call.getMethodDescriptor().getBareMethodName()));
      call.request(1);
      return new ServerCall.Listener<>() {
        @Override
        public void onHalfClose() {
          Response response = responses.poll();
          if (response == null) {
            call.close(Status.FAILED_PRECONDITION.withDescription("No response"), new Metadata());
          } else {
            response.sendTo(call);
          }
        }
      };
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
