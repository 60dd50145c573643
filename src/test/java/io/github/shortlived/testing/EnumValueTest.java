package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonParser;
import com.google.iam.admin.v1.ListServiceAccountKeysRequest;
import com.google.iam.v1.AuditConfig;
import com.google.iam.v1.AuditLogConfig;
import com.google.iam.v1.Policy;
import com.google.iam.v1.SetIamPolicyRequest;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and numbers that an enum of a request does not have. */
class EnumValueTest {
  private static final String DISABLE_REASON = "SERVICE_ACCOUNT_KEY_DISABLE_REASON_";
  private static final String IAM = "google.iam.admin.v1.IAM/";

  private final IamEmulator emulator = Demo.world().start();
  private final Wire admin = Wire.as(emulator, ADMIN);

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"UNSPECIFIED", "USER_INITIATED", "EXPOSED", "COMPROMISE_DETECTED"})
  void disableReason_ofGoogle_isServed(String reason) {
    assertThat(disableKey("\"" + DISABLE_REASON + reason + "\"").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "3", "\"3\""})
  void disableReason_byNumber_isServed(String number) {
    assertThat(disableKey(number).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"LEAKED\"', Invalid JSON payload received. Invalid enum value.",
    "'\"\"', Invalid JSON payload received. Invalid enum value.",
    "4, Request contains an invalid argument.",
    "-1, Request contains an invalid argument."
  })
  void disableReason_unknown_isRefused(String reason, String message) {
    HttpResponse<String> refused = disableKey(reason);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(Wire.error(refused).get("message").getAsString()).isEqualTo(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/roles?view=9",
        "/v1/projects/demo-project/serviceAccounts/sa-2@demo-project.iam.gserviceaccount.com"
            + "/keys?keyTypes=9"
      })
  void number_inTheQuery_isRefusedIfUnknown(String path) {
    assertThat(admin.get(path).statusCode()).isEqualTo(400);
    assertThat(admin.get(path.replace("=9", "=1")).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("unknownOverGrpc")
  void number_overGrpc_isRefusedIfUnknown(String method, Message request) {
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                GrpcCalls.as(emulator, ADMIN)
                    .call(IAM + method, request, Empty.getDefaultInstance()));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  private static Stream<Arguments> unknownOverGrpc() {
    return Stream.of(
        Arguments.of(
            "ListServiceAccountKeys",
            ListServiceAccountKeysRequest.newBuilder()
                .setName(name(SA2))
                .addKeyTypesValue(9)
                .build()),
        Arguments.of(
            "SetIamPolicy",
            SetIamPolicyRequest.newBuilder()
                .setResource(name(SA2))
                .setPolicy(
                    Policy.newBuilder()
                        .addAuditConfigs(
                            AuditConfig.newBuilder()
                                .setService("allServices")
                                .addAuditLogConfigs(
                                    AuditLogConfig.newBuilder().setLogTypeValue(9))))
                .build()));
  }

  @Test
  void disableReason_inTheQuery_isChecked() {
    String path = keyPath() + ":disable?serviceAccountKeyDisableReason=";
    assertThat(admin.post(path + "LEAKED", "").statusCode()).isEqualTo(400);
    assertThat(admin.post(path + DISABLE_REASON + "EXPOSED", "").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> disableKey(String reason) {
    return admin.post(
        keyPath() + ":disable", "{\"serviceAccountKeyDisableReason\":" + reason + "}");
  }

  private String keyPath() {
    return "/v1/"
        + name(SA2)
        + "/keys/"
        + JsonParser.parseString(emulator.serviceAccountKey(SA2))
            .getAsJsonObject()
            .get("private_key_id")
            .getAsString();
  }
}
