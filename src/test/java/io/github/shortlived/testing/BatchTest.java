package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.cloud.NoCredentials;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageBatch;
import com.google.cloud.storage.StorageBatchResult;
import com.google.cloud.storage.StorageException;
import com.google.cloud.storage.StorageOptions;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batch requests: several calls as the parts of one. */
class BatchTest {
  private static final String TYPE = "multipart/mixed; boundary=\"===============733==\"";
  private static final String INSTANCES =
      "/compute/v1/projects/" + PROJECT + "/zones/" + ZONE + "/instances";

  private final IamEmulator emulator =
      Demo.world()
          .binding(SA2, TOKEN_CREATOR, member(SA1))
          .instance(PROJECT, ZONE, "vm-1")
          .instance(PROJECT, "europe-west4-b", "vm-3")
          .start();
  private final Wire admin = Wire.as(emulator, ADMIN);

  @AfterEach
  void stop() {
    emulator.close();
  }

  /** The body is one that {@code gcloud compute instances list --zones=…} sends. */
  @Test
  void batch_ofGcloud_answersEachCall() {
    HttpResponse<String> response =
        admin.send(
            "POST",
            "/batch/compute/v1",
            BodyPublishers.ofString(
                """
                --===============733==
                Content-Type: application/http
                MIME-Version: 1.0
                Content-Transfer-Encoding: binary
                Content-ID: <b29c5de2-0db4-490b-b421-6a51b598bd22+0>

                GET /compute/v1/projects/demo-project/zones/us-west1-a/instances?alt=json&fields=items%28name%29&maxResults=500 HTTP/1.1
                Content-Type: application/json
                MIME-Version: 1.0
                accept: application/json
                Host: compute.googleapis.com

                --===============733==
                Content-Type: application/http
                MIME-Version: 1.0
                Content-Transfer-Encoding: binary
                Content-ID: <b29c5de2-0db4-490b-b421-6a51b598bd22+1>

                GET /compute/v1/projects/demo-project/zones/us-west1-a/instances/vm-9?alt=json HTTP/1.1
                Content-Type: application/json
                MIME-Version: 1.0
                accept: application/json
                Host: compute.googleapis.com

                --===============733==--
                """),
            TYPE);
    assertThat(response.statusCode()).isEqualTo(200);
    String type = response.headers().firstValue("Content-Type").orElseThrow();
    assertThat(type).matches("multipart/mixed; boundary=batch_[0-9a-f]{64}");
    String boundary = type.substring(type.indexOf('=') + 1);
    assertThat(response.body().replace(boundary, "BOUNDARY"))
        .isEqualTo(
            """
            --BOUNDARY
            Content-Type: application/http
            Content-ID: <response-b29c5de2-0db4-490b-b421-6a51b598bd22+0>

            HTTP/1.1 200 OK
            Content-Type: application/json; charset=UTF-8

            {"items":[{"name":"vm-1"}]}
            --BOUNDARY
            Content-Type: application/http
            Content-ID: <response-b29c5de2-0db4-490b-b421-6a51b598bd22+1>

            HTTP/1.1 404 Not Found
            Content-Type: application/json; charset=UTF-8

            {"error":{"code":404,"message":"The resource 'projects/demo-project/zones/us-west1-a/instances/vm-9' was not found","errors":[{"message":"The resource 'projects/demo-project/zones/us-west1-a/instances/vm-9' was not found","domain":"global","reason":"notFound"}]}}
            --BOUNDARY--
            """
                .replace("\n", "\r\n"));
    assertThat(emulator.calls())
        .extracting(EmulatorCall::method)
        .containsExactly("instances.list", "instances.get");
    assertThat(emulator.calls()).extracting(EmulatorCall::caller).containsOnly(ADMIN);
  }

  @Test
  void batch_withBodiesAndHeaders_servesEachCallByItsOwn() {
    HttpResponse<String> response =
        admin.send(
            "POST",
            "/batch",
            BodyPublishers.ofString(
                """
                --x
                Content-Type: application/http
                Content-ID: 1

                POST /v1/%1$s:generateIdToken
                Authorization: Bearer %2$s
                Content-Type: application/json

                {"audience":"a"}
                --x
                Content-Type: application/http
                Content-ID: 2

                POST /v1/%1$s:generateIdToken

                {"audience":"a"}
                --x
                Content-Type: application/http

                POST /v1/%1$s?fields=displayName
                X-HTTP-Method-Override: PATCH

                {"serviceAccount":{"displayName":"two"},"updateMask":"displayName"}
                --x--"""
                    .formatted(name(SA2), Wire.token(emulator, member(SA1)))
                    .replace("\n", "\r\n")),
            "multipart/mixed; boundary=x");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .containsSubsequence(
            "Content-ID: response-1\r\n",
            "HTTP/1.1 200 OK\r\n",
            "{\"token\":\"",
            "Content-ID: response-2\r\n",
            "HTTP/1.1 403 Forbidden\r\n",
            "'iam.serviceAccounts.getOpenIdToken' denied",
            "HTTP/1.1 200 OK\r\n",
            "{\"displayName\":\"two\"}\r\n");
  }

  /** Calls without the JDK's client, which logs the URL of a request and the token in it. */
  @Test
  void token_inTheQueryOfTheBatch_appliesToCallsWithoutTheirOwn() throws IOException {
    String body =
        """
        --x

        GET /v1/%1$s?fields=email
        --x

        GET /v1/%1$s?access_token=invented
        --x

        GET /v1/%1$s
        Authorization: Bearer invented
        --x
        X-Inner: 1

        GET /v1/%1$s?fields=projectId
        --x--"""
            .formatted(name(SA2));
    String token = Wire.token(emulator, ADMIN);
    for (String parameter : List.of("access_token", "oauth_token")) {
      assertThat(rawBatch("/batch?" + parameter + "=" + token, body))
          .containsSubsequence(
              "HTTP/1.1 200 OK",
              "HTTP/1.1 200 OK",
              "{\"email\":\"" + SA2 + "\"}",
              "HTTP/1.1 401 Unauthorized",
              "HTTP/1.1 401 Unauthorized",
              "HTTP/1.1 200 OK",
              "{\"projectId\":\"demo-project\"}");
    }
    assertThat(rawBatch("/batch", body)).doesNotContain("{\"email\"", "{\"projectId\"");
    assertThat(emulator.calls().toString()).doesNotContain(token);
  }

  private String rawBatch(String path, String body) throws IOException {
    try (RawSocket socket = RawSocket.to(emulator.httpEndpoint())) {
      return socket
          .send("POST " + path + " HTTP/1.1\r\nContent-Type: multipart/mixed; boundary=x\r\n")
          .send("Content-Length: " + body.length() + "\r\n\r\n" + body)
          .endOutput()
          .readToEnd();
    }
  }

  /** The batch of a real client, which fails here only because Cloud Storage is not emulated. */
  @Test
  @SuppressWarnings("try") // Storage.close() may throw InterruptedException.
  void batch_ofTheStorageClient_isRead() throws Exception {
    try (Storage storage =
        StorageOptions.newBuilder()
            .setProjectId(PROJECT)
            .setHost(emulator.httpEndpoint().toString())
            .setCredentials(NoCredentials.getInstance())
            .build()
            .getService()) {
      StorageBatch batch = storage.batch();
      List<StorageBatchResult<Boolean>> results =
          List.of(batch.delete("bucket", "one"), batch.delete("bucket", "two"));
      batch.submit();
      for (StorageBatchResult<Boolean> result : results) {
        StorageException refusal = catchThrowableOfType(StorageException.class, result::get);
        assertThat(refusal.getCode()).isEqualTo(422);
        assertThat(refusal.getMessage()).endsWith(" is not emulated.");
        assertThat(refusal.isRetryable()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no parts",
        "--x--",
        "text--x--",
        "--x\n\nGET INSTANCES\n--x\n\nGET INSTANCES",
        "--x\n\nGET INSTANCES",
        "--x\n\n\n--x--",
        "--x\n\nGET\n--x--",
        "--x\n\nGET mailto:x\n--x--",
        "--x\n\nGET /v1/%zz\n--x--",
        "--x\nContent-ID\n\nGET INSTANCES\n--x--",
        "--x\n\nGET INSTANCES\nno header\n--x--",
        "--x\n\nPOST /batch/compute/v1\n--x--"
      })
  void batch_malformed_isInvalid(String body) {
    HttpResponse<String> response =
        admin.send(
            "POST",
            "/batch",
            BodyPublishers.ofString(body.replace("INSTANCES", INSTANCES)),
            "multipart/mixed; boundary=x");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Wire.error(response).get("status").getAsString()).isEqualTo("INVALID_ARGUMENT");
    assertThat(emulator.calls()).isEmpty();
  }

  @Test
  void batch_withoutBoundaryOrByGet_isRefused() {
    assertThat(admin.post("/batch", "{}").statusCode()).isEqualTo(400);
    HttpResponse<String> get = admin.get("/batch/compute/v1");
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("Allow")).hasValue("POST");
  }

  @Test
  void batch_ofTooManyCalls_isRefused() {
    String call = "--x\n\nGET " + INSTANCES + "\n";
    assertThat(
            admin
                .send(
                    "POST",
                    "/batch",
                    BodyPublishers.ofString(call.repeat(1001) + "--x--"),
                    "multipart/mixed; boundary=x")
                .statusCode())
        .isEqualTo(400);
    assertThat(emulator.calls()).isEmpty();
  }
}
