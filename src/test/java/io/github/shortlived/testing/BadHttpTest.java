package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.rpc.Code;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that no HTTP client sends: the emulator responds with an error and serves the next
 * client.
 */
class BadHttpTest {
  private static final String ID_TOKEN = "/v1/" + name(SA2) + ":generateIdToken";
  private static final String INSTANCES =
      "/compute/v1/projects/demo-project/zones/us-west1-a/instances";
  private static final String BODY = "{\"audience\":\"a\"}";

  private final IamEmulator emulator =
      Demo.world()
          .binding(SA2, TOKEN_CREATOR, member(SA1))
          .metadataServiceAccount(SA1)
          .instance(Demo.PROJECT, Demo.ZONE, "vm-1")
          .start();
  private final Wire sa1 = Wire.as(emulator, member(SA1));

  @AfterEach
  void stop() {
    assertThat(sa1.post(ID_TOKEN, BODY).statusCode()).as("still serving").isEqualTo(200);
    emulator.close();
    assertThat(Demo.accepts(emulator.httpEndpoint())).isFalse();
  }

  /** The JDK's server responds to these itself, in HTML; they do not reach the emulator. */
  static Stream<String> refusedByTheJdk() {
    String head = "POST /token HTTP/1.1\r\nHost: x\r\n";
    return Stream.of(
        "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /token?a=%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /v1/<x>|\" HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET v1 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET http://iam.googleapis.com HTTP/1.1\r\nHost: x\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        "CONNECT iam.googleapis.com:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET mailto:x HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /x\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n",
        "GET /x HTTP/1.1\r\ngarbage\r\n\r\n",
        "GET /x HTTP/1.1\r\nA\u0000: c\r\n\r\n",
        head + "Content-Length: -1\r\n\r\n{}",
        head + "Content-Length: abc\r\n\r\n{}",
        head + "Content-Length: 99999999999999999999\r\n\r\n{}",
        head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        head + "Transfer-Encoding: gzip\r\n\r\n{}",
        head.substring(0, 20));
  }

  @ParameterizedTest
  @MethodSource("refusedByTheJdk")
  void request_refusedByTheJdk_closesTheConnection(String request) throws IOException {
    try (RawSocket socket = RawSocket.to(emulator.httpEndpoint())) {
      String response = socket.send(request).endOutput().readToEnd();
      assertThat(response).matches("(?s)|HTTP/1.1 (400|404|501) .*");
      assertThat(response)
          .doesNotContain("\tat ", ".java", "io.github", System.getProperty("user.dir"));
    }
    assertThat(emulator.calls()).isEmpty();
  }

  @Test
  void headers_beyondTheLimitsOfTheJdk_closeTheConnection() throws IOException {
    try (RawSocket socket = RawSocket.to(emulator.httpEndpoint())) {
      socket.send("GET /token HTTP/1.1\r\n" + "A: b\r\n".repeat(100) + "B: " + "b".repeat(1 << 19));
      socket.awaitEnd();
    } catch (IOException resetWhileSending) {
      assertThat(resetWhileSending).isInstanceOf(SocketException.class);
    }
  }

  /** Requests that are unusual but well-formed. */
  static Stream<String> unusual() {
    return Stream.of(
        "POST http://iamcredentials.googleapis.com" + ID_TOKEN + " HTTP/1.1\r\nHost: x\r\n",
        "POST " + ID_TOKEN + " HTTP/1.1\r\n",
        "POST " + ID_TOKEN + " HTTP/1.0\r\n",
        "POST " + ID_TOKEN + " HTTP/1.1\r\nA: b\r\n c\r\n");
  }

  @ParameterizedTest
  @MethodSource("unusual")
  void request_unusual_isServed(String head) throws IOException {
    assertThat(exchange(head, BODY)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void body_afterContinue_isServed() throws IOException {
    String head = "POST " + ID_TOKEN + " HTTP/1.1\r\nExpect: 100-continue\r\n";
    assertThat(exchange(head, BODY)).startsWith("HTTP/1.1 100 ").contains("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz\r\n{}\r\n0\r\n\r\n",
        "-1\r\n{}\r\n0\r\n\r\n",
        "ffffffffffffffffff\r\n{}",
        "2\r\n{}XX0\r\n\r\n",
        "5\r\n{}"
      })
  void body_badChunks_isRefusedInForm(String chunks) throws IOException {
    try (RawSocket socket = RawSocket.to(emulator.httpEndpoint())) {
      socket.send("POST " + ID_TOKEN + " HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
      assertRefused(socket.endOutput().readToEnd(), 400);
    }
  }

  @Test
  void body_endingEarly_isRefusedInFormAndLogged() throws IOException {
    assertRefused(cut("POST " + ID_TOKEN), 400);
    assertThat(emulator.calls()).hasSize(1);
    assertThat(emulator.calls().get(0).method()).isEqualTo("generateIdToken");
    assertThat(emulator.calls().get(0).status()).isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void body_endingEarlyAtATokenEndpoint_isRefusedInItsForm() throws IOException {
    for (String path : List.of("/token", "/v1/token")) {
      JsonObject refusal = json(cut("POST " + path));
      assertThat(refusal.get("error").getAsString()).isEqualTo("invalid_request");
      assertThat(refusal.get("error_description").getAsString()).contains("ends early");
    }
  }

  @Test
  void client_disconnectedAtAnyMoment_affectsNoOtherClient() throws IOException {
    String head = "POST " + ID_TOKEN + " HTTP/1.1\r\nContent-Length: " + BODY.length() + "\r\n\r\n";
    for (String part : List.of("", "POST ", head, head + "{", head + BODY)) {
      RawSocket.to(emulator.httpEndpoint()).send(part).reset();
      RawSocket.to(emulator.httpEndpoint()).send(part).close();
    }
  }

  @Test
  void connections_idleOrIncomplete_doNotBlockOthers() throws IOException {
    List<RawSocket> sockets = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      sockets.add(RawSocket.to(emulator.httpEndpoint()));
      sockets.add(RawSocket.to(emulator.httpEndpoint()).send("POST /token HTTP/1.1\r\nHost:"));
    }
    assertThat(sa1.post(ID_TOKEN, BODY).statusCode()).isEqualTo(200);
    for (RawSocket socket : sockets) {
      socket.close();
    }
  }

  @Test
  void connections_incomplete_closeWithTheEmulator() throws IOException {
    IamEmulator other = Demo.world().start();
    try (RawSocket halfway = RawSocket.to(other.httpEndpoint())) {
      halfway.send("POST /token HTTP/1.1\r\nContent-Length: 9\r\n\r\n1");
      assertThat(Wire.anonymous(other).get("/oauth2/v3/certs").statusCode()).isEqualTo(200);
      other.close();
      halfway.awaitEnd();
    }
  }

  @Test
  void body_gzip_isDecompressed() throws IOException {
    assertThat(encoded("gzip", gzip(BODY)).statusCode()).isEqualTo(200);
    assertThat(encoded("GZIP", gzip(BODY)).statusCode()).isEqualTo(200);
    assertThat(encoded("identity", BODY.getBytes(UTF_8)).statusCode()).isEqualTo(200);
  }

  @Test
  void body_invalidGzip_isRefused() throws IOException {
    assertRefused(encoded("gzip", BODY.getBytes(UTF_8)), 400);
    assertRefused(encoded("gzip", gzip("a".repeat(50 << 20))), 413);
    assertRefused(encoded("br", BODY.getBytes(UTF_8)), 415);
  }

  @Test
  void body_inAnotherCharset_isRefused() {
    HttpResponse<String> response =
        sa1.send(
            "POST",
            ID_TOKEN,
            BodyPublishers.ofByteArray(BODY.getBytes(UTF_16)),
            "application/json; charset=utf-16");
    assertRefused(response, 400);
  }

  @Test
  void body_sameNameTwice_usesTheLast() {
    HttpResponse<String> response = sa1.post(ID_TOKEN, "{\"audience\":{},\"audience\":\"b\"}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertRefused(sa1.post(ID_TOKEN, "{\"includeEmail\":true,\"include_email\":false}"), 400);
  }

  @Test
  void body_nestedAndClosed_isRefused() {
    String deep = "[".repeat(50_000) + "]".repeat(50_000);
    assertRefused(sa1.post(ID_TOKEN, "{\"audience\":" + deep + "}"), 400);
    assertRefused(sa1.post(ID_TOKEN, "{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000)), 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PUT", "OPTIONS", "FOO"})
  void method_wrongForTheTokenEndpoints_isRefusedInTheirForm(String method) {
    for (String path : List.of("/token", "/v1/token", "/oauth2/v4/token")) {
      HttpResponse<String> response = sa1.send(method, path, BodyPublishers.noBody(), "text/plain");
      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(response.headers().firstValue("Allow")).hasValue("POST");
      if (!method.equals("HEAD")) {
        assertThat(Wire.json(response).get("error").getAsString()).isEqualTo("invalid_request");
      }
    }
  }

  @Test
  void method_wrong_isRefusedInTheFormOfEachApi() {
    for (String path :
        List.of(
            ID_TOKEN,
            "/v1/" + name(SA2) + ":getIamPolicy",
            "/oauth2/v3/certs",
            "/v1/" + name(SA2))) {
      assertRefused(sa1.send("FOO", path, BodyPublishers.noBody(), "text/plain"), 405);
    }
    for (String path : List.of(INSTANCES, INSTANCES + "/vm-1")) {
      HttpResponse<String> compute = sa1.send("PATCH", path, BodyPublishers.noBody(), "text/plain");
      assertThat(compute.statusCode()).isEqualTo(405);
      assertThat(Wire.error(compute).getAsJsonArray("errors")).hasSize(1);
    }
    HttpResponse<String> metadata =
        sa1.send("PUT", "/computeMetadata/v1/", BodyPublishers.noBody(), "text/plain");
    assertThat(metadata.statusCode()).isEqualTo(405);
    assertThat(metadata.headers().firstValue("Content-Type")).hasValue("text/html; charset=UTF-8");
    assertThat(metadata.headers().firstValue("Metadata-Flavor")).hasValue("Google");
  }

  @Test
  void path_unknown_isRefusedInTheFormOfTheApi() {
    assertRefused(sa1.get("/v1/nothing"), 422);
    HttpResponse<String> compute = sa1.get("/compute/v1/nothing");
    assertThat(compute.statusCode()).isEqualTo(422);
    assertThat(Wire.error(compute).getAsJsonArray("errors")).hasSize(1);
  }

  @Test
  void body_tooLarge_isRefusedInTheFormOfEachApi() {
    String huge = "a".repeat(2 << 20);
    assertRefused(sa1.post(ID_TOKEN, huge), 413);
    for (String path : List.of("/token", "/v1/token")) {
      HttpResponse<String> token = sa1.form(path, Map.of("assertion", huge));
      assertThat(token.statusCode()).isEqualTo(413);
      assertThat(Wire.json(token).get("error").getAsString()).isEqualTo("invalid_request");
    }
    HttpResponse<String> compute =
        sa1.send("GET", INSTANCES, BodyPublishers.ofString(huge), "text/plain");
    assertThat(compute.statusCode()).isEqualTo(413);
    assertThat(Wire.error(compute).getAsJsonArray("errors")).hasSize(1);
  }

  @Test
  void body_tooLargeInChunks_isRefused() {
    byte[] huge = new byte[2 << 20];
    assertRefused(
        sa1.send(
            "POST",
            ID_TOKEN,
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(huge)),
            "application/json"),
        413);
  }

  private HttpResponse<String> encoded(String encoding, byte[] body) {
    return sa1.header("Content-Encoding", encoding)
        .send("POST", ID_TOKEN, BodyPublishers.ofByteArray(body), "application/json");
  }

  private String cut(String request) throws IOException {
    try (RawSocket socket = RawSocket.to(emulator.httpEndpoint())) {
      socket.send(request + " HTTP/1.1\r\nContent-Length: 200\r\n\r\n{\"audi");
      return socket.endOutput().readToEnd();
    }
  }

  private String exchange(String head, String body) throws IOException {
    try (RawSocket socket = RawSocket.to(emulator.httpEndpoint())) {
      return socket
          .send(head)
          .send("Authorization: Bearer " + Wire.token(emulator, member(SA1)) + "\r\n")
          .send("Content-Length: " + body.length() + "\r\n\r\n" + body)
          .endOutput()
          .readToEnd();
    }
  }

  private static void assertRefused(String response, int status) {
    assertThat(response).startsWith("HTTP/1.1 " + status + " ");
    assertThat(json(response).getAsJsonObject("error").get("code").getAsInt()).isEqualTo(status);
  }

  private static JsonObject json(String response) {
    return JsonParser.parseString(response.substring(response.indexOf("\r\n\r\n")))
        .getAsJsonObject();
  }

  private static void assertRefused(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(Wire.error(response).get("code").getAsInt()).isEqualTo(status);
    assertThat(response.body()).doesNotContain("\tat ", "java.", "com.google.common");
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }
}
