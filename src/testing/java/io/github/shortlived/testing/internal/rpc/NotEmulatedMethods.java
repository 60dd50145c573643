package io.github.shortlived.testing.internal.rpc;

import com.google.protobuf.Empty;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Refuses the gRPC methods of all services that the emulator does not have. */
final class NotEmulatedMethods extends HandlerRegistry {
  @Override
  public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
    return ServerMethodDefinition.create(descriptor(name), this::refuse);
  }

  /** Ends the call before its request is read. */
  private <T> ServerCall.Listener<T> refuse(ServerCall<T, T> call, Metadata headers) {
    String name = call.getMethodDescriptor().getFullMethodName().replace('/', '.');
    StatusRuntimeException refusal =
        StatusProto.toStatusRuntimeException(GoogleErrors.notEmulated(name).status());
    call.close(
        refusal.getStatus(), Objects.requireNonNullElseGet(refusal.getTrailers(), Metadata::new));
    return new ServerCall.Listener<>() {};
  }

  private static MethodDescriptor<Empty, Empty> descriptor(String name) {
    return MethodDescriptor.<Empty, Empty>newBuilder()
        .setType(MethodDescriptor.MethodType.UNKNOWN)
        .setFullMethodName(name)
        .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
        .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
        .build();
  }
}
