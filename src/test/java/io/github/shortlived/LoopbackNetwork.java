package io.github.shortlived;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Servers of this machine that stand for what is between an application and Google. */
final class LoopbackNetwork implements Closeable {
  private static final String PASSWORD = "changeit";
  private static final String FILE = "tls.p12";

  private final List<Closeable> open = new CopyOnWriteArrayList<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
          });

  /** A request as a server saw it. */
  record Seen(String host, String path, Headers headers) {}

  /** A service that answers every request alike, and keeps what it saw. */
  record Service(int port, List<Seen> seen) {
    String address() {
      return "127.0.0.1:" + port;
    }
  }

  /** A proxy that tunnels to a service whatever host it is asked for, and keeps the hosts. */
  record Proxy(int port, List<String> asked) {
    InetSocketAddress address() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
  }

  Service http(String answer) throws IOException {
    return started(HttpServer.create(loopback(), 0), answer);
  }

  /** Over TLS, by a certificate that nobody trusts unless told. */
  Service https(String answer, KeyStore certificate) throws Exception {
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(certificate)));
    return started(server, answer);
  }

  private Service started(HttpServer server, String answer) {
    List<Seen> seen = new CopyOnWriteArrayList<>();
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          Headers headers = exchange.getRequestHeaders();
          seen.add(new Seen(headers.getFirst("Host"), exchange.getRequestURI().getPath(), headers));
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    open.add(() -> server.stop(0));
    return new Service(server.getAddress().getPort(), seen);
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static SSLContext context(KeyStore certificate) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys(certificate), null, null);
    return context;
  }

  static KeyManager[] keys(KeyStore certificate) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(certificate, PASSWORD.toCharArray());
    return keys.getKeyManagers();
  }

  Proxy proxyTo(Service service) throws IOException {
    return proxyTo(service.port());
  }

  Proxy proxyTo(int port) throws IOException {
    return proxy(
        client -> {
          try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
            tunnel(client, server);
          }
        });
  }

  Proxy proxyToNowhere() throws IOException {
    return proxyRefusing("503 Nowhere");
  }

  Proxy proxyRefusing(String status) throws IOException {
    return proxy(
        client ->
            client
                .getOutputStream()
                .write(
                    "HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                        .formatted(status)
                        .getBytes(US_ASCII)));
  }

  /** A service that never answers; runs this when a client has connected. */
  URI silent(Runnable connected) throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    open.add(socket);
    threads.execute(
        () -> {
          while (!socket.isClosed()) {
            try {
              open.add(socket.accept());
              connected.run();
            } catch (IOException e) {
              // Closed.
            }
          }
        });
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  private Proxy proxy(Connection connection) throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    open.add(socket);
    List<String> asked = new CopyOnWriteArrayList<>();
    threads.execute(
        () -> {
          while (!socket.isClosed()) {
            accept(socket, asked, connection);
          }
        });
    return new Proxy(socket.getLocalPort(), asked);
  }

  private void accept(ServerSocket socket, List<String> asked, Connection connection) {
    try {
      Socket client = socket.accept();
      threads.execute(
          () -> {
            try (client) {
              asked.add(connectLine(client.getInputStream()));
              connection.serve(client);
            } catch (IOException e) {
              // The other side has gone.
            }
          });
    } catch (IOException e) {
      // Closed.
    }
  }

  /** The first line of a request, read to the end of its head and not a byte further. */
  private static String connectLine(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("The client has gone");
      }
      head.append((char) next);
    }
    return head.substring(0, head.indexOf("\r\n"));
  }

  private void tunnel(Socket client, Socket server) throws IOException {
    InputStream fromServer = server.getInputStream();
    OutputStream toClient = client.getOutputStream();
    threads.execute(
        () -> {
          try {
            fromServer.transferTo(toClient);
          } catch (IOException e) {
            // The other side has gone.
          }
        });
    client.getInputStream().transferTo(server.getOutputStream());
  }

  private interface Connection {
    void serve(Socket client) throws IOException;
  }

  /** Where the JVM is to find the certificate that was made in this folder. */
  static Map<String, String> trustStore(Path folder) {
    return Map.of(
        "javax.net.ssl.trustStore",
        folder.resolve(FILE).toString(),
        "javax.net.ssl.trustStorePassword",
        PASSWORD);
  }

  /** A key and its certificate, made now, for hosts such as {@code dns:localhost}. */
  static KeyStore certificate(Path folder, String hosts) throws Exception {
    Path file = folder.resolve(FILE);
    String options =
        "-genkeypair -alias tls -keyalg RSA -keysize 2048 -dname CN=test -validity 2"
            + " -storetype PKCS12 -storepass %s -ext san=%s -keystore".formatted(PASSWORD, hosts);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(options.split(" ", -1)));
    command.add(file.toString());
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new AssertionError(output);
    }
    return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  @Override
  public void close() throws IOException {
    for (Closeable server : open) {
      server.close();
    }
    threads.shutdownNow();
  }
}
