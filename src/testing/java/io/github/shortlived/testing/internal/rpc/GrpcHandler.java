package io.github.shortlived.testing.internal.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import io.github.shortlived.testing.internal.control.CallTarget;
import io.github.shortlived.testing.internal.error.ConnectionFault;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.world.World;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** Serves one method over gRPC, each call in the world that is current when it begins. */
final class GrpcHandler implements ServerCallHandler<Supplier<ByteString>, Message> {
  private static final Metadata.Key<String> AUTHORIZATION = key(CallerHeaders.AUTHORIZATION);
  private static final Metadata.Key<String> USER_PROJECT = key(CallerHeaders.USER_PROJECT);

  /** The target before the request is parsed. */
  private static final CallTarget UNKNOWN = new CallTarget("", List.of());

  private final RpcMethod<?> method;
  private final Supplier<World> world;
  private final GrpcConnections connections;

  GrpcHandler(RpcMethod<?> method, Supplier<World> world, GrpcConnections connections) {
    this.method = method;
    this.world = world;
    this.connections = connections;
  }

  @Override
  public ServerCall.Listener<Supplier<ByteString>> startCall(
      ServerCall<Supplier<ByteString>, Message> call, Metadata headers) {
    return ServerCalls.<Supplier<ByteString>, Message>asyncUnaryCall(
            (request, responses) -> serve(call, headers(headers), request, responses))
        .startCall(call, headers);
  }

  private static CallerHeaders headers(Metadata headers) {
    return new CallerHeaders(headers.get(AUTHORIZATION), headers.get(USER_PROJECT));
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private void serve(
      ServerCall<Supplier<ByteString>, Message> call,
      CallerHeaders headers,
      Supplier<ByteString> request,
      StreamObserver<Message> responses) {
    try {
      responses.onNext(
          Dispatcher.call(world.get(), method, headers, UNKNOWN, () -> parse(request.get())));
      responses.onCompleted();
    } catch (RpcException refusal) {
      responses.onError(StatusProto.toStatusRuntimeException(refusal.status()));
    } catch (ConnectionFault fault) {
      inject(fault, call, responses);
    } catch (RejectedExecutionException closed) {
      // The emulator has been closed, so no client waits for the response.
    }
  }

  private void inject(
      ConnectionFault fault,
      ServerCall<Supplier<ByteString>, Message> call,
      StreamObserver<Message> responses) {
    switch (fault.kind()) {
      case DROPPED -> connections.close(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
      case MALFORMED -> responses.onError(unreadable().asRuntimeException());
    }
  }

  /** Returns the status that gRPC's client reports for a malformed response. */
  private static Status unreadable() {
    return Status.INTERNAL.withDescription("Invalid protobuf byte sequence");
  }

  /** Parses the request; the code of the error is gRPC's, its text is unverified. */
  private Message parse(ByteString request) {
    try {
      return EnumValues.requireKnown(method.prototype().getParserForType().parseFrom(request));
    } catch (InvalidProtocolBufferException malformed) {
      throw new RpcException(Code.INTERNAL, "Error parsing request proto.");
    }
  }
}
