package io.github.shortlived.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Serves one method over gRPC. */
final class GrpcHandler implements ServerCallHandler<ByteString, Message> {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final RpcMethod<?> method;
  private final LiveBackend backend;
  private final GrpcConnections connections;

  GrpcHandler(RpcMethod<?> method, LiveBackend backend, GrpcConnections connections) {
    this.method = method;
    this.backend = backend;
    this.connections = connections;
  }

  @Override
  public ServerCall.Listener<ByteString> startCall(
      ServerCall<ByteString, Message> call, Metadata headers) {
    return ServerCalls.<ByteString, Message>asyncUnaryCall(
            (request, answers) -> answer(call, headers.get(AUTHORIZATION), request, answers))
        .startCall(call, headers);
  }

  private void answer(
      ServerCall<ByteString, Message> call,
      @Nullable String authorization,
      ByteString request,
      StreamObserver<Message> answers) {
    try {
      answers.onNext(backend.call(method, authorization, new GrpcRequest(method, request)));
      answers.onCompleted();
    } catch (RpcException refusal) {
      answers.onError(StatusProto.toStatusRuntimeException(refusal.status()));
    } catch (ConnectionFault fault) {
      strike(fault, call, answers);
    }
  }

  private void strike(
      ConnectionFault fault,
      ServerCall<ByteString, Message> call,
      StreamObserver<Message> answers) {
    switch (fault.kind()) {
      case DROPPED -> connections.cut(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
      case MALFORMED -> answers.onError(unreadable().asRuntimeException());
    }
  }

  /** What gRPC's own client says of an answer it cannot read. */
  private static Status unreadable() {
    return Status.INTERNAL.withDescription("Invalid protobuf byte sequence");
  }

  private record GrpcRequest(RpcMethod<?> method, ByteString bytes) implements RpcRequest {
    @Override
    public CallTarget target() {
      return new CallTarget("", List.of());
    }

    /** The code is gRPC's for such requests, the text unverified. */
    @Override
    public Message read() {
      try {
        return method.prototype().getParserForType().parseFrom(bytes);
      } catch (InvalidProtocolBufferException misfit) {
        throw new RpcException(Code.INTERNAL, "Error parsing request proto.");
      }
    }

    @Override
    public String toString() {
      return "GrpcRequest[" + method.descriptor().getFullName() + "]";
    }
  }
}
