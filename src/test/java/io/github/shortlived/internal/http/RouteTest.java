package io.github.shortlived.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.HttpResponse;
import io.github.shortlived.LoopbackNetwork;
import java.io.IOException;
import java.net.Authenticator;
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

/** All transports use the process's proxies and trust store. */
class RouteTest {
  private static final String URL = "http://service.test/path";
  @TempDir Path folder;

  private interface Work {
    void run() throws Exception;
  }

  private static void withProxy(Proxy proxy, Work work) throws Exception {
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            return List.of(proxy);
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        });
    try {
      work.run();
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  @ParameterizedTest
  @EnumSource
  void post_proxyOfTheProcess_isUsed(Kind kind) throws Exception {
    BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    try (RawServer server =
        new RawServer(
            connection -> {
              heads.add(connection.readRequest());
              connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy");
            })) {
      withProxy(
          new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", server.port())),
          () -> {
            assertThat(Route.isCommon(URL)).isTrue();
            assertThat(kind.post(URL).parseAsString()).isEqualTo("proxy");
          });
      assertThat(heads.take()).startsWith("POST " + URL + " HTTP/1.1\r\n");
    }
  }

  @Test
  void isCommon_socksProxy_isNot() throws Exception {
    InetSocketAddress address = new InetSocketAddress("127.0.0.1", 1);
    withProxy(
        new Proxy(Proxy.Type.SOCKS, address), () -> assertThat(Route.isCommon(URL)).isFalse());
  }

  @Test
  void isCommon_authenticatorOfTheProcess_isNot() {
    assertThat(Route.isCommon(URL)).isTrue();
    Authenticator.setDefault(new Authenticator() {});
    try {
      assertThat(Route.isCommon(URL)).isFalse();
    } finally {
      Authenticator.setDefault(null);
    }
  }

  @Test
  void isCommon_noUri_isNot() {
    assertThat(Route.isCommon("http://under_score.test/")).isFalse();
    assertThat(Route.isCommon("http://service.test/a|b")).isFalse();
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
  void post_untrustedCertificate_failsAsTls(Kind kind) throws Exception {
    KeyStore certificate = LoopbackNetwork.certificate(folder, "ip:127.0.0.1");
    try (LoopbackNetwork network = new LoopbackNetwork()) {
      String url = "https://" + network.https("{}", certificate).address();

      assertThatThrownBy(() -> kind.post(url))
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("unable to find valid certification path");
    }
  }

  /** The trust store of a process is read once, therefore in another process. */
  @Test
  void post_trustStoreOfTheProcess_isUsed() throws Exception {
    KeyStore certificate = LoopbackNetwork.certificate(folder, "ip:127.0.0.1");
    try (LoopbackNetwork network = new LoopbackNetwork()) {
      String url = "https://" + network.https("{}", certificate).address();
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      Map<String, String> properties = LoopbackNetwork.trustStore(folder);
      properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
      command.addAll(
          List.of("-cp", System.getProperty("java.class.path"), Program.class.getName(), url));
      Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(output.lines())
          .containsExactly(
              "URL_CONNECTION 200 {}", "POOLED 200 {}", "DEFAULT 200 {}", "WRAPPED 200 {}");
    }
  }

  /** Prints the response of each transport. */
  static final class Program {
    public static void main(String[] args) throws IOException {
      for (Kind kind : Kind.values()) {
        HttpResponse response = kind.post(args[0]);
        System.out.println(kind + " " + response.getStatusCode() + " " + response.parseAsString());
      }
    }
  }
}
