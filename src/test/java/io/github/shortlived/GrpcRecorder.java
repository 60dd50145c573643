package io.github.shortlived;

import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerStreamTracer;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManager;

/** A gRPC server without methods that records the headers of the calls it refuses. */
final class GrpcRecorder implements AutoCloseable {
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Server server;

  private GrpcRecorder(ServerCredentials security) throws IOException {
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), security)
            .addStreamTracerFactory(new Tracers())
            .build()
            .start();
  }

  static GrpcRecorder start() throws IOException {
    return new GrpcRecorder(InsecureServerCredentials.create());
  }

  /** Starts a server with TLS and this key. */
  static GrpcRecorder start(KeyManager... key) throws IOException {
    return new GrpcRecorder(TlsServerCredentials.newBuilder().keyManager(key).build());
  }

  /** A call that the server received. */
  record Call(String method, Metadata headers) {
    String header(String name) {
      return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }
  }

  int port() {
    return server.getPort();
  }

  List<Call> calls() {
    return calls;
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Tracers extends ServerStreamTracer.Factory {
    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
      calls.add(new Call(fullMethodName, headers));
      return new ServerStreamTracer() {};
    }
  }
}
