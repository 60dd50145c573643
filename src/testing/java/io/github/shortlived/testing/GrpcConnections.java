package io.github.shortlived.testing;

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
 * The connections of a gRPC server, so that one can be cut: gRPC itself ends calls only, or says
 * goodbye first. Safe for concurrent use.
 */
@Sharable
final class GrpcConnections extends ChannelInboundHandlerAdapter {
  private final Map<SocketAddress, Channel> open = new ConcurrentHashMap<>();

  /** A listening socket, whose connections are all noted here. */
  ServerChannel listening() {
    NioServerSocketChannel server = new NioServerSocketChannel();
    server.pipeline().addFirst(this);
    return server;
  }

  /** To a listening socket, a connection is what it reads. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object connection) {
    note((Channel) connection);
    context.fireChannelRead(connection);
  }

  private void note(Channel connection) {
    @Nullable SocketAddress client = connection.remoteAddress();
    if (client != null) {
      open.put(client, connection);
      Future<?> unused =
          connection.closeFuture().addListener(closed -> open.remove(client, connection));
    }
  }

  /** Closes a client's connection without a word: from the first handler on, past HTTP/2's. */
  boolean cut(@Nullable SocketAddress client) {
    @Nullable Channel connection = client == null ? null : open.get(client);
    @Nullable ChannelHandlerContext first =
        connection == null ? null : connection.pipeline().firstContext();
    if (first != null) {
      Future<?> unused = first.close();
    }
    return first != null;
  }
}
