package io.github.shortlived.testing;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;

/** Calls gRPC methods by their names, for services without a client on the class path. */
final class GrpcCalls {
  private final String target;
  private final Metadata headers = new Metadata();

  private GrpcCalls(String target, String token) {
    this.target = target;
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
  }

  static GrpcCalls as(IamEmulator emulator, String member) {
    return new GrpcCalls(emulator.grpcEndpoint().getAuthority(), Wire.token(emulator, member));
  }

  /** Calls a method whose response has the type of its request. */
  <T extends Message> T call(String method, T request) {
    return call(method, request, request);
  }

  @SuppressWarnings("unchecked")
  <Q extends Message, R extends Message> R call(String method, Q request, R responseType) {
    ManagedChannel channel =
        Grpc.newChannelBuilder(target, InsecureChannelCredentials.create()).build();
    try {
      Channel withToken =
          ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
      return ClientCalls.blockingUnaryCall(
          withToken,
          MethodDescriptor.<Q, R>newBuilder()
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(method)
              .setRequestMarshaller(ProtoUtils.marshaller((Q) request.getDefaultInstanceForType()))
              .setResponseMarshaller(
                  ProtoUtils.marshaller((R) responseType.getDefaultInstanceForType()))
              .build(),
          CallOptions.DEFAULT,
          request);
    } finally {
      channel.shutdownNow();
    }
  }
}
