package io.github.shortlived;

import static io.github.shortlived.AdapterWorld.STRANGER;
import static io.github.shortlived.AdapterWorld.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.OAuth2Credentials;
import com.google.common.base.Throwables;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to a server that rejects tokens, with tokens of the emulator. */
class AuthorizedHttpClientTest {
  private final AdapterWorld world = new AdapterWorld();
  private final GoogleCredentials target = world.caller().googleCredentials(TARGET, CLOUD_PLATFORM);
  private final HttpClient plain = HttpClient.newHttpClient();
  private final AuthorizedHttpClient http = AuthorizedHttpClient.of(target, plain);
  private TokenRejecter server;

  @BeforeEach
  void start() throws IOException {
    server = new TokenRejecter();
  }

  @AfterEach
  void close() {
    server.close();
    world.close();
  }

  private HttpRequest request() {
    return HttpRequest.newBuilder(server.uri()).build();
  }

  /** Sends a request, blocking or not. */
  private HttpResponse<String> send(boolean async, HttpRequest request) throws Exception {
    return async
        ? http.sendAsync(request, BodyHandlers.ofString()).get()
        : http.send(request, BodyHandlers.ofString());
  }

  private long tokens() {
    return world.calls("generateAccessToken");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void send_accepted_sendsOneRequestWithTheToken(boolean async) throws Exception {
    HttpResponse<String> response = send(async, request());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("request 1");
    assertThat(server.authorizations()).singleElement().asString().startsWith("Bearer ya29.");
    assertThat(server.quotaProjects()).containsExactly("");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void send_tokenRejected_sendsTheRequestOnceMoreWithAnother(boolean async) throws Exception {
    server.reject(1);

    HttpResponse<String> response = send(async, request());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("request 2");
    assertThat(server.authorizations()).hasSize(2).doesNotHaveDuplicates();
    assertThat(tokens()).isEqualTo(2);
    assertThat(send(async, request()).statusCode()).isEqualTo(200);
    assertThat(tokens()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void send_tokenRejectedWithAnEndlessBody_doesNotReadIt(boolean async) throws Exception {
    server.rejectEndlessly();

    assertThat(send(async, request()).statusCode()).isEqualTo(200);
    assertThat(server.authorizations()).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void send_httpThroughAProxy_isRefusedBeforeTheNetwork() {
    HttpClient viaProxy =
        HttpClient.newBuilder()
            .proxy(
                ProxySelector.of(
                    new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), server.uri().getPort())))
            .build();
    AuthorizedHttpClient proxied = AuthorizedHttpClient.of(target, viaProxy);

    assertThatThrownBy(() -> proxied.send(request(), BodyHandlers.discarding()))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid proxy 'for http://127.0.0.1': a proxy receives the token of an http request in"
                + " clear text. Build the HttpClient without a proxy for this host, or use https.");
    assertThat(server.authorizations()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void send_everyTokenRejected_returnsTheSecond401(boolean async) throws Exception {
    server.reject(9);

    HttpResponse<String> response = send(async, request());

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.body()).isEqualTo("request 2");
    assertThat(server.authorizations()).hasSize(2).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void send_tokenReplacedBeforeThe401_keepsTheSuccessor(boolean async) throws Exception {
    server.reject(1);
    server.beforeResponse(
        () -> {
          if (server.authorizations().size() == 1) {
            refresh();
          }
        });

    assertThat(send(async, request()).statusCode()).isEqualTo(200);

    assertThat(server.authorizations()).hasSize(2).doesNotHaveDuplicates();
    assertThat(tokens()).isEqualTo(2);
  }

  private void refresh() {
    try {
      target.refresh();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void sendAsync_manyRejectedAtOnce_shareOneNewToken() throws Exception {
    int count = 8;
    CountDownLatch allSent = new CountDownLatch(count);
    server.reject(count);
    server.beforeResponse(
        () -> {
          allSent.countDown();
          await(allSent);
        });

    List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      responses.add(http.sendAsync(request(), BodyHandlers.ofString()));
    }

    assertThat(responses).allSatisfy(each -> assertThat(each.get().statusCode()).isEqualTo(200));
    assertThat(server.authorizations()).hasSize(2 * count);
    assertThat(tokens()).isEqualTo(2);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void send_post_publishesTheBodyAgain(boolean async) throws Exception {
    byte[] body = "payload".getBytes(StandardCharsets.UTF_8);
    for (BodyPublisher publisher :
        List.of(
            BodyPublishers.ofByteArray(body),
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
      server.reject(1);
      HttpRequest post =
          HttpRequest.newBuilder(server.uri()).header("X-Own", "kept").POST(publisher).build();
      assertThat(send(async, post).statusCode()).isEqualTo(200);
    }
    assertThat(server.bodies()).hasSize(4).containsOnly("POST kept payload");
  }

  @Test
  void send_quotaProject_isSentUnlessTheRequestHasOne() throws Exception {
    GoogleCredentials charged = target.createWithQuotaProject("billing");
    AuthorizedHttpClient client = AuthorizedHttpClient.of(charged, plain);
    client.send(request(), BodyHandlers.discarding());
    client.send(
        HttpRequest.newBuilder(server.uri()).header("X-Goog-User-Project", "own").build(),
        BodyHandlers.discarding());
    assertThat(server.quotaProjects()).containsExactly("billing", "own");
  }

  @Test
  void send_idToken_isAcceptedByItsAudience() throws Exception {
    OAuth2Credentials orders = world.caller().idTokenCredentials(TARGET, "https://orders");
    try (Receiver receiver = Receiver.requiringIdToken(world.emulator(), "https://orders", false)) {
      AuthorizedHttpClient client = AuthorizedHttpClient.of(orders, plain);
      HttpRequest call = HttpRequest.newBuilder(receiver.uri()).build();
      assertThat(client.send(call, BodyHandlers.ofString()).body()).isEqualTo("welcome");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void send_redirect_isReturnedAndNotFollowed(boolean async) throws Exception {
    try (TokenRejecter other = new TokenRejecter()) {
      server.redirectTo(other.uri());
      HttpResponse<String> response = send(async, request());
      assertThat(response.statusCode()).isEqualTo(302);
      assertThat(response.headers().firstValue("Location")).contains(other.uri().toString());
      assertThat(other.authorizations()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"NORMAL", "ALWAYS"})
  void of_clientThatFollowsRedirects_isRefused(Redirect policy) {
    HttpClient following = HttpClient.newBuilder().followRedirects(policy).build();
    assertThatThrownBy(() -> AuthorizedHttpClient.of(target, following))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid redirect policy '%s': some JDKs, such as 17, send the token to the host of any redirect. Build the HttpClient with Redirect.NEVER, and send a request to the new location."
                .formatted(policy));
  }

  @Test
  void of_otherCredentials_areRefused() {
    GoogleCredentials other = GoogleCredentials.create(new AccessToken("secret-token", null));
    assertThatThrownBy(() -> AuthorizedHttpClient.of(other, plain))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid credentials 'GoogleCredentials': ")
        .hasMessageNotContaining("secret-token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.example.com/key-123?key=key-123",
        "http://127.0.0.1.example.com/key-123",
        "http://localhost@api.example.com/key-123"
      })
  void send_plaintextToAnotherMachine_isRefusedBeforeAnyCall(String url) {
    HttpRequest unsafe = HttpRequest.newBuilder(URI.create(url)).build();
    assertThatThrownBy(() -> http.send(unsafe, BodyHandlers.discarding()))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid URL 'http://")
        .hasMessageEndingWith(
            "/…': bearer tokens are sent only over https (http only to 127.0.0.1). Use https.")
        .hasMessageNotContaining("key-123");
    assertThatThrownBy(() -> http.sendAsync(unsafe, BodyHandlers.discarding()))
        .isInstanceOf(InvalidRequest.class);
    assertThat(tokens()).isZero();
  }

  @Test
  void send_requestWithAuthorization_isRefused() {
    HttpRequest own =
        HttpRequest.newBuilder(server.uri()).header("authorization", "Bearer secret").build();
    assertThatThrownBy(() -> http.send(own, BodyHandlers.discarding()))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid header 'Authorization': this client sets it. Remove it from the request.");
  }

  @Test
  void send_withoutGrant_failsWithTheGrantAndSendsNothing() {
    AuthorizedHttpClient client =
        AuthorizedHttpClient.of(world.caller().googleCredentials(STRANGER, CLOUD_PLATFORM), plain);
    assertThatThrownBy(() -> client.send(request(), BodyHandlers.discarding()))
        .isInstanceOf(PermissionDenied.class);
    assertThatThrownBy(client.sendAsync(request(), BodyHandlers.discarding())::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("add-iam-policy-binding " + STRANGER);
    assertThat(server.authorizations()).isEmpty();
  }

  @Test
  void send_afterClose_fails() {
    world.caller().close();
    assertThatThrownBy(() -> http.send(request(), BodyHandlers.discarding()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(http.sendAsync(request(), BodyHandlers.discarding())::get)
        .cause()
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void send_serverIsGone_failsWithoutTheToken(boolean async) {
    HttpRequest request = request();
    server.close();
    assertThatThrownBy(() -> send(async, request))
        .satisfies(
            failure -> {
              assertThat(Throwables.getRootCause(failure)).isInstanceOf(IOException.class);
              assertThat(Throwables.getStackTraceAsString(failure)).doesNotContain("ya29.");
            });
    assertThat(http.toString()).startsWith("AuthorizedHttpClient[").doesNotContain("ya29.");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void send_interrupted_throws(boolean hasToken) throws Exception {
    if (hasToken) {
      target.refresh();
    }
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> http.send(request(), BodyHandlers.discarding()))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(server.authorizations()).isEmpty();
  }

  @Test
  void sendAsync_canceled_endsTheExchange() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      CompletableFuture<HttpResponse<Void>> response =
          http.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
      try (Socket connection = silent.accept()) {
        assertThat(connection.getInputStream().read()).isEqualTo('G');

        assertThat(response.cancel(true)).isTrue();

        connection.getInputStream().readAllBytes(); // Returns when the client disconnects.
      }
      assertThatThrownBy(response::get).isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void sendAsync_canceledBeforeTheToken_sendsNothing() throws Exception {
    List<Runnable> callbacks = new ArrayList<>();
    CountDownLatch loaded = new CountDownLatch(1);
    HttpClient client =
        HttpClient.newBuilder()
            .executor(
                task -> {
                  callbacks.add(task);
                  loaded.countDown();
                })
            .build();
    CompletableFuture<HttpResponse<Void>> response =
        AuthorizedHttpClient.of(target, client).sendAsync(request(), BodyHandlers.discarding());
    loaded.await();
    response.cancel(true);

    callbacks.get(0).run();

    assertThat(callbacks).hasSize(1);
    assertThat(server.authorizations()).isEmpty();
  }

  @Test
  void send_handler_getsTheLastResponseOnly() throws Exception {
    server.reject(1);
    AtomicInteger handled = new AtomicInteger();
    http.send(
        request(),
        head -> {
          handled.incrementAndGet();
          return BodyHandlers.ofString().apply(head);
        });
    assertThat(handled).hasValue(1);
  }
}
