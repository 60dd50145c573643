package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.github.shortlived.testing.EmulatorControls.QuotaGroup;
import io.github.shortlived.testing.internal.oauth.JwtBearerGrant;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls that are refused before their handler runs are in the call log, too. */
class RefusedCallLogTest {
  private static final String ID_TOKEN = "/v1/" + name(SA2) + ":generateIdToken";
  private static final String BODY = "{\"audience\":\"a\"}";

  private final IamEmulator emulator =
      Demo.world().binding(SA2, TOKEN_CREATOR, member(SA1)).metadataServiceAccount(SA1).start();
  private final Wire sa1 = Wire.as(emulator, member(SA1));

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void calls_withoutToken_areOfAnonymous() {
    Wire.anonymous(emulator).post(ID_TOKEN, BODY);
    assertLogged("generateIdToken", "anonymous", Code.UNAUTHENTICATED, "Request is missing");
  }

  @Test
  void calls_malformed_nameTheCallerAndTheTarget() {
    sa1.post(ID_TOKEN, "{");
    assertLogged("generateIdToken", member(SA1), Code.INVALID_ARGUMENT, "Invalid JSON payload");
    assertThat(onlyCall().resource()).isEqualTo(name(SA2));
  }

  @Test
  void calls_malformedWithoutToken_areOfAnonymous() {
    Wire.anonymous(emulator).with("ya29.guessed").post(ID_TOKEN, "{");
    assertLogged("generateIdToken", "anonymous", Code.INVALID_ARGUMENT, "Invalid JSON payload");
  }

  @ParameterizedTest
  @CsvSource({
    "signBlob, '{\"payload\":\"s3cret!\"}'",
    "signJwt, '{\"payload\":{\"s3cret\":1}}'",
    "generateAccessToken, '{\"lifetime\":\"s3cret\"}'",
    "generateIdToken, '{\"includeEmail\":\"s3cret\"}'",
    "generateIdToken, '{\"delegates\":\"s3cret\"}'",
  })
  void calls_ofWrongShape_nameTheRuleAndNoValue(String method, String body) {
    assertThat(sa1.post("/v1/" + name(SA2) + ":" + method, body).statusCode()).isEqualTo(400);
    assertLogged(method, member(SA1), Code.INVALID_ARGUMENT, "Invalid JSON payload");
    assertThat(onlyCall().toString()).doesNotContain("s3cret", "com.google");
  }

  @Test
  void calls_badQuery_areLogged() {
    sa1.post(ID_TOKEN + "?audiense=a", BODY);
    assertLogged("generateIdToken", member(SA1), Code.INVALID_ARGUMENT, "Invalid JSON payload");
  }

  @Test
  void calls_tooLarge_areLogged() {
    sa1.post(ID_TOKEN, "a".repeat(2 << 20));
    assertLogged("generateIdToken", member(SA1), Code.INVALID_ARGUMENT, "Request payload size");
  }

  @Test
  void calls_wrongVerb_areLoggedIfThePathHasOneMethod() {
    sa1.get(ID_TOKEN);
    assertLogged("generateIdToken", member(SA1), Code.UNIMPLEMENTED, "Method not allowed.");
    sa1.post("/v1/" + name(SA2), "{}"); // one of get, patch, update and delete
    sa1.post("/v1/nothing", "{}");
    assertThat(emulator.calls()).hasSize(1);
  }

  @Test
  void calls_notEmulated_areLoggedOnBothTransports() {
    sa1.post("/v1/" + name(SA2) + "/keys:upload", "{}");
    assertLogged(
        "uploadServiceAccountKey",
        member(SA1),
        Code.UNIMPLEMENTED,
        "google.iam.admin.v1.IAM.UploadServiceAccountKey is not emulated.");
    emulator.reset();
    assertThat(grpc("google.iam.admin.v1.IAM/UploadServiceAccountKey", ByteString.EMPTY))
        .isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(onlyCall().method()).isEqualTo("uploadServiceAccountKey");
  }

  @Test
  void calls_malformedOverGrpc_areLogged() {
    assertThat(
            grpc(
                "google.iam.credentials.v1.IAMCredentials/GenerateIdToken",
                ByteString.copyFromUtf8("not a message")))
        .isEqualTo(Status.Code.INTERNAL);
    assertLogged("generateIdToken", "anonymous", Code.INTERNAL, "Error parsing request proto.");
  }

  @Test
  void calls_ofADisabledApi_nameTheCaller() {
    emulator.controls().disableApi(Demo.PROJECT, "iamcredentials.googleapis.com");
    sa1.post(ID_TOKEN, BODY);
    assertLogged(
        "generateIdToken", member(SA1), Code.PERMISSION_DENIED, "IAM Service Account Credentials");
  }

  @Test
  void calls_beyondTheQuota_nameTheCaller() {
    emulator.controls().quota(Demo.PROJECT, QuotaGroup.GENERATE, 1);
    sa1.post(ID_TOKEN, BODY);
    sa1.post(ID_TOKEN, BODY);
    EmulatorCall last = emulator.calls().get(1);
    assertThat(emulator.calls().get(0).allowed()).isTrue();
    assertThat(last.status()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(last.caller()).isEqualTo(member(SA1));
    assertThat(last.reasons().get(0)).startsWith("Quota exceeded");
  }

  @Test
  void calls_withInsufficientScope_nameTheCaller() throws IOException {
    String narrow =
        Clients.accessToken(
            emulator
                .googleCredentials(member(SA1))
                .createScoped("https://www.googleapis.com/auth/compute.readonly"));
    Wire.anonymous(emulator).with(narrow).post(ID_TOKEN, BODY);
    EmulatorCall last = emulator.calls().get(emulator.calls().size() - 1);
    assertThat(last.method()).isEqualTo("generateIdToken");
    assertThat(last.caller()).isEqualTo(member(SA1));
    assertThat(last.reasons()).containsExactly("Request had insufficient authentication scopes.");
    assertThat(last.toString()).doesNotContain(narrow);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /token, token",
    "PUT, /v1/token, sts.token",
    "DELETE, /oauth2/v3/certs, publishedKeys"
  })
  void calls_wrongVerbOutsideRpcMethods_areLogged(String verb, String path, String method) {
    sa1.send(verb, path, BodyPublishers.noBody(), "text/plain");
    assertLogged(method, "anonymous", Code.UNIMPLEMENTED, "Method not allowed.");
    assertThat(onlyCall().resource()).isEqualTo(path);
  }

  @Test
  void calls_refusedByTokenEndpoints_nameTheReasonWithoutSecrets() {
    sa1.form("/token", Map.of("grant_type", JwtBearerGrant.TYPE, "assertion", "s3cret"));
    sa1.form("/v1/token", Map.of("grant_type", "refresh_token", "refresh_token", "s3cret"));
    sa1.send("POST", "/token", BodyPublishers.ofString("s3cret"), "text/plain");
    assertThat(emulator.calls())
        .extracting(EmulatorCall::method)
        .containsExactly("token", "sts.token", "token");
    assertThat(emulator.calls())
        .extracting(EmulatorCall::status)
        .containsOnly(Code.INVALID_ARGUMENT);
    assertThat(emulator.calls().toString()).contains("unsupported_grant_type");
    assertThat(emulator.calls().toString()).doesNotContain("s3cret");
  }

  @Test
  void calls_ofTheMetadataServer_nameTheReason() {
    Wire vm = Wire.anonymous(emulator);
    vm.get("/computeMetadata/v1/instance/");
    vm.header("Metadata-Flavor", "Google").get("/computeMetadata/v1/nothing");
    vm.header("Metadata-Flavor", "Google").get("/computeMetadata/v1/instance");
    vm.header("Metadata-Flavor", "Google").get("/computeMetadata/v1/instance/");
    assertThat(emulator.calls()).extracting(EmulatorCall::method).containsOnly("metadata");
    assertThat(emulator.calls())
        .extracting(EmulatorCall::status)
        .containsExactly(Code.PERMISSION_DENIED, Code.NOT_FOUND, Code.OK, Code.OK);
  }

  private Status.Code grpc(String method, ByteString request) {
    String target = emulator.grpcEndpoint().getAuthority();
    ManagedChannel channel =
        Grpc.newChannelBuilder(target, InsecureChannelCredentials.create()).build();
    try {
      ClientCalls.blockingUnaryCall(channel, descriptor(method), CallOptions.DEFAULT, request);
      return Status.Code.OK;
    } catch (StatusRuntimeException refusal) {
      return refusal.getStatus().getCode();
    } finally {
      channel.shutdownNow();
    }
  }

  private static MethodDescriptor<ByteString, ByteString> descriptor(String method) {
    return MethodDescriptor.<ByteString, ByteString>newBuilder()
        .setType(MethodType.UNARY)
        .setFullMethodName(method)
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<ByteString> {
    @Override
    public InputStream stream(ByteString bytes) {
      return bytes.newInput();
    }

    @Override
    public ByteString parse(InputStream stream) {
      try {
        return ByteString.readFrom(stream);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void assertLogged(String method, String caller, Code status, String why) {
    EmulatorCall call = onlyCall();
    assertThat(call.method()).isEqualTo(method);
    assertThat(call.caller()).isEqualTo(caller);
    assertThat(call.status()).isEqualTo(status);
    assertThat(call.reasons()).hasSize(1);
    assertThat(call.reasons().get(0)).startsWith(why);
  }

  private EmulatorCall onlyCall() {
    assertThat(emulator.calls()).hasSize(1);
    return emulator.calls().get(0);
  }
}
