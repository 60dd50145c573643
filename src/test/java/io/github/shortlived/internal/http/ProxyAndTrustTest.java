package io.github.shortlived.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.HttpResponse;
import io.github.shortlived.LoopbackNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The transports use the process's proxies and trust store. */
class ProxyAndTrustTest {
  private static final String URL = "http://service.test/path";

  /** Sends all requests through the proxy at this port. */
  private static final class OneProxy extends ProxySelector {
    private final int port;

    OneProxy(int port) {
      this.port = port;
    }

    @Override
    public List<Proxy> select(URI uri) {
      return List.of(
          new Proxy(
              Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
      // The request fails.
    }
  }

  @ParameterizedTest
  @EnumSource
  void post_proxyOfTheProcess_isUsed(Kind kind) throws Exception {
    BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    ProxySelector before = ProxySelector.getDefault();
    try (RawServer server =
        new RawServer(
            connection -> {
              heads.add(String.valueOf(connection.readRequest()));
              connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy");
            })) {
      ProxySelector.setDefault(new OneProxy(server.port()));

      assertThat(kind.post(URL).parseAsString()).isEqualTo("proxy");
      assertThat(heads.take()).startsWith("POST " + URL + " HTTP/1.1\r\n");
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  @ParameterizedTest
  @EnumSource
  void post_unknownHost_namesIt(Kind kind) {
    assertThatThrownBy(() -> kind.post("http://nowhere.invalid/"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("nowhere.invalid");
  }

  @ParameterizedTest
  @EnumSource
  void post_connectionRefused_fails(Kind kind) throws IOException {
    RawServer closed = RawServer.responding("");
    closed.close();

    assertThatThrownBy(() -> kind.post(closed.url())).isInstanceOf(SocketException.class);
  }

  @ParameterizedTest
  @EnumSource
  void post_untrustedCertificate_failsAsTls(Kind kind, @TempDir Path folder) throws Exception {
    KeyStore certificate = LoopbackNetwork.certificate(folder, "ip:127.0.0.1");
    try (LoopbackNetwork network = new LoopbackNetwork()) {
      String url = "https://" + network.https("{}", certificate).address();

      assertThatThrownBy(() -> kind.post(url))
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("unable to find valid certification path");
    }
  }

  /** A process reads its trust store once; therefore this test needs another process. */
  @Test
  void post_trustStoreOfTheProcess_isUsed(@TempDir Path folder) throws Exception {
    KeyStore certificate = LoopbackNetwork.certificate(folder, "ip:127.0.0.1");
    try (LoopbackNetwork network = new LoopbackNetwork()) {
      // Through a tunnel, too.
      LoopbackNetwork.Service service = network.https("{}", certificate);
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      Map<String, String> properties = LoopbackNetwork.trustStore(folder);
      properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
      command.addAll(
          List.of(
              "-cp",
              System.getProperty("java.class.path"),
              Program.class.getName(),
              "https://" + service.address(),
              Integer.toString(network.proxyTo(service).port())));
      Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(output.lines())
          .containsExactly("DEFAULT 200 {}", "WRAPPED 200 {}", "DEFAULT 200 {}", "WRAPPED 200 {}");
    }
  }

  /** Prints the response of each transport, directly and through a proxy. */
  static final class Program {
    public static void main(String[] args) throws IOException {
      print(args[0]);
      ProxySelector.setDefault(new OneProxy(Integer.parseInt(args[1])));
      print(args[0]);
    }

    private static void print(String url) throws IOException {
      for (Kind kind : Kind.values()) {
        HttpResponse response = kind.post(url);
        System.out.println(kind + " " + response.getStatusCode() + " " + response.parseAsString());
      }
    }
  }
}
