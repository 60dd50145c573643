package io.github.shortlived.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Throwables;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.CredentialException.VerificationFailed;
import io.github.shortlived.model.ServiceAccount;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Key servers that are slow, down, huge or hostile: a genuine token is never called forged. */
@Timeout(60)
class KeyServerTest {
  private static final TestSigner SIGNER = TestSigner.rsa("key-1");
  private static final String TOKEN = TestToken.id().signedBy(SIGNER);

  private volatile Instant now = TestToken.NOW;
  private final KeyServer server = KeyServer.publishing(SIGNER);
  private final TokenVerification verification = builder().withoutRetries().build();

  private TokenVerification.Builder builder() {
    return TokenVerification.builder()
        .endpoints(server.endpoints())
        .clock(() -> now)
        .timeout(Duration.ofSeconds(30))
        .maximumAccounts(2);
  }

  @AfterEach
  void stop() {
    verification.close();
    server.close();
  }

  private VerifiedIdToken verify() {
    return verification.verifyIdToken(TOKEN, TestToken.AUDIENCE);
  }

  private void assertUnavailable(String message) {
    assertThatThrownBy(this::verify)
        .isInstanceOf(Unavailable.class)
        .hasMessageStartingWith("Fetching the keys of Google failed: ")
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(Throwables.getStackTraceAsString(e)).doesNotContain(TOKEN));
  }

  @Test
  void verify_keysOfGoogle_areAtTheDocumentedPath() {
    assertThat(verify().subject()).isEqualTo(TestToken.UNIQUE_ID);
    assertThat(verify().subject()).isEqualTo(TestToken.UNIQUE_ID);
    assertThat(server.paths()).containsExactly("/oauth2/v3/certs");
  }

  @Test
  void verify_silentServer_isUnavailableAfterTheTimeout() {
    CountDownLatch end = new CountDownLatch(1);
    server.respondWith(
        exchange -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try (TokenVerification impatient = builder().timeout(Duration.ofMillis(100)).build()) {
      assertThatThrownBy(() -> impatient.verifyIdToken(TOKEN, TestToken.AUDIENCE))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("did not respond");
    }
    end.countDown();
  }

  @Test
  void verify_noServer_isUnavailable() {
    server.close();
    assertUnavailable("ConnectException");
  }

  @ParameterizedTest
  @CsvSource({
    "500, UNAVAILABLE",
    "503, UNAVAILABLE",
    "429, RESOURCE_EXHAUSTED",
    "401, HTTP 401",
    "403, HTTP 403",
    "400, HTTP 400",
    "409, HTTP 409",
    "410, HTTP 410"
  })
  void verify_errorOfTheServer_isUnavailable(int status, String message) {
    server.respondWith(exchange -> KeyServer.send(exchange, status, "text/plain", "no"));
    assertThatThrownBy(this::verify).isInstanceOf(Unavailable.class);
    assertUnavailable(status >= 500 ? "HTTP " + status : message);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void verify_redirect_isRefused(int status) {
    KeyServer other = KeyServer.publishing(SIGNER);
    server.respondWith(
        exchange -> {
          exchange.getResponseHeaders().add("Location", other.uri() + "/oauth2/v3/certs");
          exchange.sendResponseHeaders(status, -1);
        });
    assertUnavailable("redirect refused");
    assertThat(other.paths()).isEmpty();
    other.close();
  }

  static Stream<String> otherBodies() {
    return Stream.of(
        "",
        "<html><body>Please log in</body></html>",
        "[]",
        "null",
        "\"keys\"",
        TestSigner.jwks(SIGNER) + "{}",
        "{\"keys\":[],\"keys\":[]}",
        "{\"x\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}",
        "{\"x\":\"" + "x".repeat(65_536) + "\"}");
  }

  @ParameterizedTest
  @MethodSource("otherBodies")
  void verify_noJsonObject_isUnavailable(String body) {
    server.respondWith(KeyServer.json(body));
    assertUnavailable("The response is not JSON");
  }

  static Stream<String> withoutKeys() {
    RSAKey key =
        new RSAKey.Builder((RSAPublicKey) SIGNER.pair().getPublic()).keyID("key-1").build();
    return Stream.of(
        "{}",
        "{\"keys\":[]}",
        "{\"keys\":{}}",
        "{\"keys\":[1,\"x\",[],{}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"key-1\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}",
        "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"key-1\",\"k\":\"AAAA\"}]}",
        jwks(new RSAKey.Builder(key).keyUse(KeyUse.ENCRYPTION).build()),
        jwks(new RSAKey.Builder(key).algorithm(JWSAlgorithm.RS512).build()),
        jwks(new RSAKey.Builder(key).keyID(null).build()),
        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"AQ\",\"e\":\"AQAB\",\"oth\":[{}]}]}",
        TestSigner.jwks(TestSigner.rsa("key-1", 1024)),
        TestSigner.jwks(TestSigner.ec("key-1", "secp256r1")));
  }

  private static String jwks(RSAKey key) {
    return "{\"keys\":[" + key.toJSONString() + "]}";
  }

  @ParameterizedTest
  @MethodSource("withoutKeys")
  void verify_noUsableKey_isUnavailable(String body) {
    server.respondWith(KeyServer.json(body));
    assertUnavailable("The response is incomplete");
  }

  @Test
  void verify_endlessBody_isRefused() {
    server.respondWith(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] part = new byte[1 << 16];
          while (true) {
            exchange.getResponseBody().write(part);
          }
        });
    assertThatThrownBy(this::verify).isInstanceOf(Unavailable.class);
  }

  @Test
  void verify_serverRecovers_isAccepted() {
    server.respondWith(exchange -> KeyServer.send(exchange, 503, "text/plain", "no"));
    assertThatThrownBy(this::verify).isInstanceOf(Unavailable.class);
    server.respondWith(KeyServer.keys(SIGNER));
    now = now.plusSeconds(1);
    assertThat(verify().subject()).isEqualTo(TestToken.UNIQUE_ID);
  }

  @Test
  void verify_oneFault_isRetried() {
    server.respondWith(
        exchange -> {
          server.respondWith(KeyServer.keys(SIGNER));
          KeyServer.send(exchange, 503, "text/plain", "no");
        });
    try (TokenVerification retrying = builder().build()) {
      assertThat(retrying.verifyIdToken(TOKEN, TestToken.AUDIENCE).subject())
          .isEqualTo(TestToken.UNIQUE_ID);
    }
    assertThat(server.paths()).hasSize(2);
  }

  @Test
  void verify_noKeysOfGoogle_isUnavailable() {
    server.respondWith(exchange -> KeyServer.send(exchange, 404, "text/plain", "no"));
    assertThatThrownBy(this::verify)
        .isInstanceOf(Unavailable.class)
        .hasMessageStartingWith(
            "The server does not have the keys of Google. Check the endpoints.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain; charset=foo", "application/json; charset=\" \"", "x"})
  void verify_unknownContentType_isReadAsUtf8(String contentType) {
    server.respondWith(
        exchange -> KeyServer.send(exchange, 200, contentType, TestSigner.jwks(SIGNER)));
    assertThat(verify().subject()).isEqualTo(TestToken.UNIQUE_ID);
  }

  @Test
  void verify_keyAmongMalformedOnes_isUsed() {
    String odd = "{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"AQ\",\"e\":\"AQAB\",\"oth\":[{}]}";
    server.respondWith(
        KeyServer.json(
            "{\"keys\":[{\"kty\":\"RSA\"},{\"kty\":\"new\"},%s,%s]}"
                .formatted(odd, SIGNER.jwk().toJSONString())));
    assertThat(verify().subject()).isEqualTo(TestToken.UNIQUE_ID);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "public, max-age=600 | | 599 | 600",
        "Max-Age=\"600\", public | | 599 | 600",
        "max-age=600 | 100 | 499 | 500",
        "max-age=600 | 9999 | 59 | 60",
        "max-age=600 | abc | 599 | 600",
        "max-age=600 | '' | 599 | 600",
        "no-cache, max-age=600 | | 59 | 60",
        "s-maxage=900 | | 299 | 300",
        "max-age=x | | 299 | 300",
        "'' | | 299 | 300"
      })
  void verify_cacheControl_decidesWhenKeysAreFetched(
      String cacheControl, @Nullable String age, long fresh, long stale) throws Exception {
    KeyServer.Responder keys =
        exchange -> {
          exchange.getResponseHeaders().add("Cache-Control", cacheControl);
          if (age != null) {
            exchange.getResponseHeaders().add("Age", age);
          }
          KeyServer.send(exchange, 200, "application/json", TestSigner.jwks(SIGNER));
        };
    server.respondWith(keys);
    verify();
    CountDownLatch asked = new CountDownLatch(1);
    server.respondWith(
        exchange -> {
          asked.countDown();
          KeyServer.send(exchange, 200, "application/json", TestSigner.jwks(SIGNER.named("2")));
        });
    now = TestToken.NOW.plusSeconds(fresh * 3 / 4 - 1);
    verify();
    assertThat(server.paths()).hasSize(1);
    now = TestToken.NOW.plusSeconds(stale);
    assertThatThrownBy(this::verify).isInstanceOf(VerificationFailed.class);
    asked.await();
  }

  @Test
  void verifyJwt_unknownAccount_isNotFound() {
    server.respondWith(exchange -> KeyServer.send(exchange, 404, "text/html", "<html>"));
    String token = TestToken.jwt().signedBy(SIGNER);
    assertThatThrownBy(() -> verification.verifyJwt(token, TestToken.ACCOUNT, TestToken.AUDIENCE))
        .isInstanceOf(NotFound.class)
        .hasMessageStartingWith("Fetching the keys of " + TestToken.ACCOUNT + " failed: HTTP 404");
  }

  @Test
  void verifyJwt_manyAccounts_cachesThoseUsedLast() {
    ServiceAccount[] accounts = new ServiceAccount[3];
    for (int i = 0; i < 3; i++) {
      accounts[i] = ServiceAccount.of("a" + i + "@demo-project.iam.gserviceaccount.com");
    }
    for (int i : new int[] {0, 1, 0, 2, 0, 1}) {
      String token = TestToken.jwt().claim("iss", accounts[i].id()).signedBy(SIGNER);
      assertThat(verification.verifyJwt(token, accounts[i], TestToken.AUDIENCE).signer())
          .isEqualTo(accounts[i]);
    }
    assertThat(server.paths())
        .extracting(path -> path.replaceFirst(".*/metadata/jwk/(a[0-9])@.*", "$1"))
        .containsExactly("a0", "a1", "a2", "a1");
  }

  @Test
  void verify_closed_throws() {
    verification.close();
    assertThatThrownBy(this::verify)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("This TokenVerification is closed");
    verification.close();
  }

  @Test
  void verify_interrupted_isUnavailableAndKeepsTheStatus() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(this::verify).isInstanceOf(CredentialException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
