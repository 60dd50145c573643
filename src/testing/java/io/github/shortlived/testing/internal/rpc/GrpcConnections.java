package io.github.shortlived.testing.internal.rpc;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler.Sharable;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Tracks the connections of a gRPC server, so that a fault can close one: gRPC itself only ends
 * calls and connections in an orderly form. Safe for concurrent use.
 */
@Sharable
final class GrpcConnections extends ChannelInboundHandlerAdapter {
  private final Map<SocketAddress, Channel> open = new ConcurrentHashMap<>();

  /** Creates a listening socket whose connections are all registered here. */
  ServerChannel listening() {
    NioServerSocketChannel server = new NioServerSocketChannel();
    server.pipeline().addFirst(this);
    return server;
  }

  /** A listening socket reads accepted connections. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object connection) {
    register((Channel) connection);
    context.fireChannelRead(connection);
  }

  private void register(Channel connection) {
    @Nullable SocketAddress client = connection.remoteAddress();
    if (client != null) {
      open.put(client, connection);
      Future<?> unused =
          connection.closeFuture().addListener(closed -> open.remove(client, connection));
    }
  }

  /** Closes a client's connection below HTTP/2, without a message. */
  void close(@Nullable SocketAddress client) {
    @Nullable Channel connection = client == null ? null : open.get(client);
    @Nullable ChannelHandlerContext first =
        connection == null ? null : connection.pipeline().firstContext();
    if (first != null) {
      Future<?> unused = first.close();
    }
  }
}
