package io.github.shortlived.benchmarks;

import com.google.cloud.iam.credentials.v1.GenerateAccessTokenRequest;
import com.google.cloud.iam.credentials.v1.GenerateAccessTokenResponse;
import io.github.shortlived.testing.IamEmulator;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Makes blocking gRPC calls on one plaintext connection, without Google's generated client. */
final class GrpcClient implements AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final GenerateAccessTokenRequest REQUEST =
      GenerateAccessTokenRequest.newBuilder()
          .setName(DemoCalls.NAME)
          .addScope(DemoCalls.SCOPE)
          .build();
  static final MethodDescriptor<GenerateAccessTokenRequest, GenerateAccessTokenResponse> METHOD =
      MethodDescriptor.<GenerateAccessTokenRequest, GenerateAccessTokenResponse>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("google.iam.credentials.v1.IAMCredentials/GenerateAccessToken")
          .setRequestMarshaller(
              ProtoUtils.marshaller(GenerateAccessTokenRequest.getDefaultInstance()))
          .setResponseMarshaller(
              ProtoUtils.marshaller(GenerateAccessTokenResponse.getDefaultInstance()))
          .build();

  private final ManagedChannel channel;
  private final Channel authorized;

  GrpcClient(IamEmulator emulator) throws IOException {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, DemoCalls.bearer(emulator));
    String target = emulator.grpcEndpoint().getAuthority();
    channel = NettyChannelBuilder.forTarget(target).usePlaintext().build();
    authorized =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  GenerateAccessTokenResponse generateAccessToken() {
    return ClientCalls.blockingUnaryCall(authorized, METHOD, CallOptions.DEFAULT, REQUEST);
  }

  @Override
  public void close() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }
}
