package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.name;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.api.gax.rpc.StatusCode;
import com.google.cloud.NoCredentials;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageException;
import com.google.cloud.storage.StorageOptions;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.rpc.Code;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that the emulator does not serve is refused in clear, and no client repeats it. */
class NotEmulatedTest {
  private static final String BODY =
      "{\"error\":{\"code\":422,\"message\":\"%s is not emulated.\",\"status\":\"UNIMPLEMENTED\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"NOT_EMULATED\",\"domain\":\"iam-emulator\"}]}}";

  private final IamEmulator emulator = Demo.world().start();
  private final Wire admin = Wire.as(emulator, ADMIN);

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /storage/v1/b/bucket/o/object",
    "POST, /upload/storage/v1/b/bucket/o",
    "GET, /v1/projects/demo-project",
    "GET, /v3/projects/demo-project",
    "GET, /v1/projects/demo-project/locations/global/workloadIdentityPools",
    "POST, /v1/projects/demo-project/locations/global/workloadIdentityPools/p:undelete",
    "GET, /v1/projects/demo-project/secrets/s/versions/latest:access",
    "POST, /v1/serviceAccounts/sa-2:generateAccessToken",
    "GET, /v2/anything",
    "GET, /v1",
    "GET, //v1//"
  })
  void path_ofNoEmulatedMethod_isRefused(String method, String path) {
    HttpResponse<String> response = send(method, path);
    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.body()).isEqualTo(BODY.formatted(method + " " + path));
    assertThat(send(Wire.anonymous(emulator), method, path).statusCode()).isEqualTo(422);
  }

  @Test
  void signBlob_ofTheIamApi_isRefused() {
    HttpResponse<String> response =
        admin.post("/v1/" + name(SA2) + ":signBlob", "{\"bytesToSign\":\"AQ==\"}");
    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.body()).isEqualTo(BODY.formatted("The method signBlob of the IAM API"));
  }

  @ParameterizedTest
  @CsvSource({
    "keys:upload, {}, google.iam.admin.v1.IAM.UploadServiceAccountKey",
    "keys, {\"privateKeyType\":1}, A key other than a 2048-bit one in a key file",
    "keys, {\"keyAlgorithm\":1}, A key other than a 2048-bit one in a key file"
  })
  void methodOrOption_ofAnEmulatedApi_isRefused(String path, String body, String what) {
    HttpResponse<String> response = admin.post("/v1/" + name(SA2) + "/" + path, body);
    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.body()).isEqualTo(BODY.formatted(what));
    assertThat(emulator.calls().get(0).status()).isEqualTo(Code.UNIMPLEMENTED);
  }

  @Test
  void path_ofCompute_isRefusedInItsForm() {
    HttpResponse<String> response = admin.get("/compute/v1/projects/" + PROJECT + "/zones");
    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.body())
        .isEqualTo(
            "{\"error\":{\"code\":422,\"message\":\"GET /compute/v1/projects/demo-project/zones is not emulated.\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"NOT_EMULATED\",\"domain\":\"iam-emulator\"}],\"errors\":[{\"message\":\"GET /compute/v1/projects/demo-project/zones is not emulated.\",\"domain\":\"global\",\"reason\":\"notImplemented\"}]}}");
  }

  @ParameterizedTest
  @CsvSource({
    "google.storage.v2.Storage/GetObject",
    "google.iam.admin.v1.IAM/NoSuchMethod",
    "google.cloud.resourcemanager.v3.Projects/GetProject",
    "grpc.health.v1.Health/Check"
  })
  void grpcMethod_ofNoEmulatedService_isRefused(String method) {
    StatusRuntimeException refusal =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> GrpcCalls.as(emulator, ADMIN).call(method, Empty.getDefaultInstance()));
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(refusal.getStatus().getDescription())
        .isEqualTo(method.replace('/', '.') + " is not emulated.");
    com.google.rpc.Status status = StatusProto.fromThrowable(refusal);
    assertThat(status.getDetailsList()).hasSize(1);
    assertThat(status.getDetails(0).toString()).contains("NOT_EMULATED");
  }

  /** A recording server in front shows how often the client calls. */
  @Test
  @SuppressWarnings("try") // Storage.close() may throw InterruptedException.
  void storageClient_notEmulated_callsOnce() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          calls.incrementAndGet();
          HttpResponse<String> response =
              send(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
          byte[] body = response.body().getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(response.statusCode(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try (Storage storage =
        StorageOptions.newBuilder()
            .setProjectId(PROJECT)
            .setHost("http://127.0.0.1:" + server.getAddress().getPort())
            .setCredentials(NoCredentials.getInstance())
            .build()
            .getService()) {
      StorageException refusal =
          catchThrowableOfType(StorageException.class, () -> storage.get("bucket"));
      assertThat(refusal.getCode()).isEqualTo(422);
      assertThat(refusal).hasMessage("GET /storage/v1/b/bucket is not emulated.");
    } finally {
      server.stop(0);
    }
    assertThat(calls).hasValue(1);
  }

  @Test
  @SuppressWarnings("deprecation") // Google deprecated the IAM API's own signBlob.
  void generatedClient_notEmulated_callsOnce() throws Exception {
    try (var iam = Clients.admin(emulator)) {
      Refused refused = Refused.by(() -> iam.signBlob(name(SA1), ByteString.EMPTY));
      assertThat(refused.code()).isEqualTo(StatusCode.Code.UNIMPLEMENTED);
      assertThat(refused.message()).endsWith("google.iam.admin.v1.IAM.SignBlob is not emulated.");
      assertThat(refused.reason()).isEqualTo("NOT_EMULATED");
    }
    assertThat(emulator.calls()).hasSize(1);
  }

  private HttpResponse<String> send(String method, String path) {
    return send(admin, method, path);
  }

  private static HttpResponse<String> send(Wire wire, String method, String path) {
    return wire.send(method, path, BodyPublishers.ofString("{}"), "application/json");
  }
}
