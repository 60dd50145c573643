package io.github.shortlived.testing.internal.rpc;

import com.google.common.io.ByteStreams;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.github.shortlived.testing.internal.error.RpcException;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/**
 * Reads the bytes of a request; the result throws the error of a request that is too large or
 * cannot be decompressed. {@link GrpcHandler} parses them. So malformed requests are in the call
 * log, and gRPC does not log them as failures of the server. The texts are unverified.
 */
final class RequestMarshaller implements Marshaller<Supplier<ByteString>> {
  /** The limit of a server that sets none. */
  static final int LARGEST = 4 << 20;

  @Override
  public InputStream stream(Supplier<ByteString> request) {
    return request.get().newInput();
  }

  @Override
  public Supplier<ByteString> parse(InputStream request) {
    try {
      ByteString bytes = ByteString.readFrom(ByteStreams.limit(request, LARGEST + 1L));
      return bytes.size() > LARGEST ? refused(tooLarge()) : () -> bytes;
    } catch (IOException corrupt) {
      return refused(new RpcException(Code.INTERNAL, "Error decompressing request."));
    }
  }

  private static RpcException tooLarge() {
    return new RpcException(
        Code.RESOURCE_EXHAUSTED, "gRPC message exceeds maximum size " + LARGEST + ".");
  }

  private static Supplier<ByteString> refused(RpcException error) {
    return () -> {
      throw error;
    };
  }
}
