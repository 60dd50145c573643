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
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Servers on this machine that replace Google's services and the proxies before them. */
public final class LoopbackNetwork implements Closeable {
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

  /** A request that a server received. */
  public record ReceivedRequest(String host, String path, Headers headers) {}

  /** A service that returns one response to every request and records the requests. */
  public record Service(int port, List<ReceivedRequest> received) {
    public String address() {
      return "127.0.0.1:" + port;
    }
  }

  /** A proxy that tunnels to one service for every host and records the CONNECT lines. */
  public record Proxy(int port, List<String> connectLines) {
    InetSocketAddress address() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
  }

  Service http(String response) throws IOException {
    return started(HttpServer.create(loopback(), 0), response);
  }

  /** Starts a service over TLS, with a certificate that no default trust store contains. */
  public Service https(String response, KeyStore certificate) throws Exception {
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(certificate)));
    return started(server, response);
  }

  private Service started(HttpServer server, String response) {
    List<ReceivedRequest> received = new CopyOnWriteArrayList<>();
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          Headers headers = exchange.getRequestHeaders();
          received.add(
              new ReceivedRequest(
                  headers.getFirst("Host"), exchange.getRequestURI().getPath(), headers));
          byte[] body = response.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    open.add(() -> server.stop(0));
    return new Service(server.getAddress().getPort(), received);
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static SSLContext context(KeyStore certificate) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys(certificate), null, null);
    return context;
  }

  public static KeyManager[] keys(KeyStore certificate) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(certificate, password());
    return keys.getKeyManagers();
  }

  public Proxy proxyTo(Service service) throws IOException {
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

  /**
   * Starts a proxy that is every host itself: it decrypts TLS with the certificate, and sends
   * HTTP/2 to one local port and HTTP/1.1 to another.
   */
  public Proxy proxyToPlaintext(KeyStore certificate, int http, int http2) throws Exception {
    SSLSocketFactory tls = context(certificate).getSocketFactory();
    return proxy(
        client -> {
          client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
          try (SSLSocket decrypted = (SSLSocket) tls.createSocket(client, null, true)) {
            boolean isHttp2 = handshake(decrypted).equals("h2");
            try (Socket server =
                new Socket(InetAddress.getLoopbackAddress(), isHttp2 ? http2 : http)) {
              tunnel(decrypted, server);
            }
          }
        });
  }

  /** Returns the protocol that client and server agree on, or nothing. */
  private static String handshake(SSLSocket server) throws IOException {
    SSLParameters parameters = server.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"http/1.1", "h2"});
    server.setSSLParameters(parameters);
    server.startHandshake();
    return server.getApplicationProtocol();
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

  /** Starts a service that never responds, and runs this after each client connects. */
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
    List<String> connectLines = new CopyOnWriteArrayList<>();
    threads.execute(
        () -> {
          while (!socket.isClosed()) {
            accept(socket, connectLines, connection);
          }
        });
    return new Proxy(socket.getLocalPort(), connectLines);
  }

  private void accept(ServerSocket socket, List<String> connectLines, Connection connection) {
    try {
      Socket client = socket.accept();
      threads.execute(
          () -> {
            try (client) {
              connectLines.add(connectLine(client.getInputStream()));
              connection.serve(client);
            } catch (IOException e) {
              // The peer has closed the connection.
            }
          });
    } catch (IOException e) {
      // Closed.
    }
  }

  /** Reads the head of a request, and no further, and returns its first line. */
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
            // The peer has closed the connection.
          }
        });
    client.getInputStream().transferTo(server.getOutputStream());
  }

  private interface Connection {
    void serve(Socket client) throws IOException;
  }

  /** Returns the system properties that make the JVM trust the certificate in this folder. */
  public static Map<String, String> trustStore(Path folder) {
    return Map.of(
        "javax.net.ssl.trustStore",
        folder.resolve(FILE).toString(),
        "javax.net.ssl.trustStorePassword",
        PASSWORD);
  }

  /** Creates a key and its certificate for hosts such as {@code dns:localhost}. */
  public static KeyStore certificate(Path folder, String hosts) throws Exception {
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
    return certificateIn(folder);
  }

  /** Returns the key and the certificate that were created in this folder. */
  static KeyStore certificateIn(Path folder) throws Exception {
    return KeyStore.getInstance(folder.resolve(FILE).toFile(), password());
  }

  static char[] password() {
    return PASSWORD.toCharArray();
  }

  @Override
  public void close() throws IOException {
    for (Closeable server : open) {
      server.close();
    }
    threads.shutdownNow();
  }
}
