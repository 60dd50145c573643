package io.github.shortlived.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/** A loopback server whose script writes each byte of the responses. */
final class RawServer implements Closeable {
  /** The time between two bytes of a trickle. */
  private static final int TRICKLE_MILLIS = 5;

  private final ServerSocket server;
  private final Script script;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  /** Counts the connections whose scripts have ended. */
  final Semaphore ended = new Semaphore(0);

  /** Serves one connection, which is closed afterwards. */
  interface Script {
    void serve(Connection connection) throws IOException;
  }

  RawServer(Script script) throws IOException {
    this(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), script);
  }

  RawServer(ServerSocket server, Script script) {
    this.server = server;
    this.script = script;
    daemon(this::accept);
  }

  /** Starts a server that sends this response to each request. */
  static RawServer responding(String response) throws IOException {
    return new RawServer(
        connection -> {
          while (connection.readRequest() != null) {
            connection.write(response);
          }
        });
  }

  String url() {
    return (server instanceof SSLServerSocket ? "https" : "http") + "://127.0.0.1:" + port() + "/";
  }

  int port() {
    return server.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        sockets.add(socket);
        daemon(() -> serve(socket));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      script.serve(new Connection(socket));
    } catch (IOException e) {
      // The client has closed the connection.
    } finally {
      ended.release();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** The server's side of a connection. */
  static final class Connection {
    private final Socket socket;
    private final InputStream in;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Reads a request with its body. Returns its head, or null if the client has closed. */
    @Nullable String readRequest() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          return null;
        }
        head.append((char) next);
      }
      in.readNBytes(contentLength(head.toString()));
      return head.toString();
    }

    private static int contentLength(String head) {
      return head.lines()
          .filter(line -> line.regionMatches(true, 0, "Content-Length:", 0, 15))
          .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
          .findFirst()
          .orElse(0);
    }

    void write(String text) throws IOException {
      write(text.getBytes(ISO_8859_1));
    }

    void write(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    }

    /** Sends this text again and again until the client closes the connection. */
    void trickleUntilClosed(String text) throws IOException {
      socket.setSoTimeout(TRICKLE_MILLIS);
      try {
        while (!isClosed()) {
          write(text);
        }
      } catch (IOException e) {
        // The client has reset the connection.
      }
    }

    private boolean isClosed() throws IOException {
      try {
        return in.read() < 0;
      } catch (SocketTimeoutException e) {
        return false;
      }
    }

    /** Sends this as fast as possible until the client closes the connection. */
    void writeUntilClosed(byte[] bytes) {
      try {
        while (true) {
          write(bytes);
        }
      } catch (IOException e) {
        // The client has reset the connection.
      }
    }

    /** Sends nothing until the client closes the connection. */
    void waitUntilClosed() {
      try {
        while (in.read() >= 0) {
          // More of the request.
        }
      } catch (IOException e) {
        // The client has reset the connection.
      }
    }

    /** Closes the connection with a reset. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
