package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Sa2Policy.tokenStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.iam.v1.GetIamPolicyRequest;
import com.google.iam.v1.Policy;
import com.google.rpc.Code;
import io.github.shortlived.testing.internal.account.StableIds;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The policies of projects through Resource Manager. */
class ResourceManagerTest {
  private static final String INITIAL =
      "{\"version\":1,\"etag\":\"BwYAAAAAAAE=\",\"bindings\":[{\"role\":\"roles/owner\",\"members\":[\"user:admin@example.com\"]}]}";
  private static final String WITH_SA1 =
      "{\"version\":1,\"etag\":\"%s\",\"bindings\":[{\"role\":\"roles/owner\",\"members\":[\"user:admin@example.com\"]},{\"role\":\"roles/iam.serviceAccountTokenCreator\",\"members\":[\"serviceAccount:sa-1@demo-project.iam.gserviceaccount.com\"]}]}";
  private static final String GRPC_GET = "google.cloud.resourcemanager.v3.Projects/GetIamPolicy";

  private final IamEmulator emulator =
      Demo.world().customRole("elsewhere", "minter", "iam.serviceAccounts.signJwt").start();
  private final Wire admin = Wire.as(emulator, ADMIN);
  private final Wire sa1 = Wire.as(emulator, member(SA1));

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/projects/demo-project", "/v3/projects/demo-project"})
  void getIamPolicy_byOwner_returnsThePolicy(String project) {
    String body = "{\"options\":{\"requestedPolicyVersion\":3}}";
    HttpResponse<String> response = admin.post(project + ":getIamPolicy", body);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(INITIAL);
    assertThat(admin.post(project + ":getIamPolicy", "").body()).isEqualTo(INITIAL);
    assertThat(emulator.calls().get(0))
        .returns("projects.getIamPolicy", EmulatorCall::method)
        .returns("projects/demo-project", EmulatorCall::resource)
        .returns(ADMIN, EmulatorCall::caller);
  }

  @Test
  void getIamPolicy_byProjectNumber_isTheSame() {
    String number = StableIds.projectNumber(PROJECT);
    assertThat(admin.post("/v1/projects/" + number + ":getIamPolicy", "").body())
        .isEqualTo(INITIAL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/projects/demo-project", "/v3/projects/demo-project"})
  void setIamPolicy_byOwner_grantsAndRevokes(String project) {
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(403);
    HttpResponse<String> response =
        admin.post(
            project + ":setIamPolicy",
            "{\"policy\":"
                + WITH_SA1.formatted("BwYAAAAAAAE=")
                + ",\"updateMask\":\"bindings,etag\"}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(WITH_SA1.formatted("BwYAAAAAAAI="));
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(200);
    admin.post(
        project + ":setIamPolicy",
        "{\"policy\":" + INITIAL.replace("AAE=", "AAI=") + ",\"updateMask\":\"bindings,etag\"}");
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(403);
  }

  @Test
  void setIamPolicy_withAnOldEtag_isAborted() {
    String policy = "{\"policy\":" + WITH_SA1.formatted("BwYAAAAAAAE=") + "}";
    assertThat(admin.post("/v1/projects/demo-project:setIamPolicy", policy).statusCode())
        .isEqualTo(200);
    HttpResponse<String> stale = admin.post("/v1/projects/demo-project:setIamPolicy", policy);
    assertThat(stale.body())
        .isEqualTo(
            "{\"error\":{\"code\":409,\"message\":\"There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.\",\"status\":\"ABORTED\"}}");
  }

  @Test
  void setIamPolicy_beforeItPropagates_hasNoEffect() {
    emulator.controls().propagationDelay(Duration.ofMinutes(2));
    admin.post(
        "/v1/projects/demo-project:setIamPolicy",
        "{\"policy\":" + WITH_SA1.formatted("BwYAAAAAAAE=") + "}");
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(403);
    emulator.clock().advance(Duration.ofMinutes(2));
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "roles/iam.serviceAccountUser | allUsers | 400 | A project's policy cannot have allUsers and allAuthenticatedUsers.",
        "roles/iam.serviceAccountUser | sa-1 | 400 | The member sa-1 is of an unknown type. Please set a valid type prefix for the member.",
        "'' | user:a@example.com | 400 | Role  is not supported for this resource.",
        "owner | user:a@example.com | 400 | Role owner is not supported for this resource.",
        "roles/ | user:a@example.com | 400 | Role roles/ is not supported for this resource.",
        "roles/storage.objectViewer | user:a@example.com | 422 | Role roles/storage.objectViewer is not emulated.",
        "projects/elsewhere/roles/minter | user:a@example.com | 400 | Role projects/elsewhere/roles/minter does not exist in the resource's hierarchy."
      })
  void setIamPolicy_invalid_isRefused(String role, String member, int status, String message) {
    HttpResponse<String> response =
        admin.post(
            "/v1/projects/demo-project:setIamPolicy",
            "{\"policy\":{\"bindings\":[{\"role\":\"%s\",\"members\":[\"%s\"]}]}}"
                .formatted(role, member));
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(Wire.error(response).get("message").getAsString()).isEqualTo(message);
    assertThat(admin.post("/v1/projects/demo-project:getIamPolicy", "").body()).isEqualTo(INITIAL);
  }

  @Test
  void anyRole_ofCompute_canBeGrantedOnAProject() {
    assertThat(
            admin
                .post(
                    "/v1/projects/demo-project:setIamPolicy",
                    "{\"policy\":{\"bindings\":[{\"role\":\"roles/compute.viewer\",\"members\":[\"user:a@example.com\"]}]}}")
                .statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"projects/demo-project, get", "projects/unknown, get", "projects/demo-project, set"})
  void policy_withoutGrantOrProject_isDenied(String project, String verb) {
    HttpResponse<String> response = sa1.post("/v3/" + project + ":" + verb + "IamPolicy", "{}");
    assertThat(response.statusCode()).isEqualTo(403);
    String permission = "resourcemanager.projects." + verb + "IamPolicy";
    assertThat(Wire.error(response).get("message").getAsString())
        .isEqualTo(
            "Permission '%s' denied on resource '//cloudresourcemanager.googleapis.com/%s' (or it may not exist)."
                .formatted(permission, project));
    assertThat(Wire.error(response).getAsJsonArray("details").get(0).toString())
        .isEqualTo(
            "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"IAM_PERMISSION_DENIED\",\"domain\":\"cloudresourcemanager.googleapis.com\",\"metadata\":{\"permission\":\"%s\",\"resource\":\"%s\"}}"
                .formatted(permission, project));
  }

  @ParameterizedTest
  @CsvSource({
    "roles/viewer, 200, 403",
    "roles/editor, 200, 403",
    "roles/browser, 200, 403",
    "roles/resourcemanager.projectIamAdmin, 200, 200",
    "roles/iam.serviceAccountAdmin, 403, 403"
  })
  void policy_byRole_isReadOrWritten(String role, int read, int write) {
    emulator.addProjectBinding(PROJECT, role, member(SA1));
    assertThat(sa1.post("/v1/projects/demo-project:getIamPolicy", "").statusCode()).isEqualTo(read);
    assertThat(sa1.post("/v1/projects/demo-project:setIamPolicy", "{\"policy\":{}}").statusCode())
        .isEqualTo(write);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v3"})
  void testIamPermissions_anyCaller_returnsItsOwn(String version) {
    emulator.addProjectBinding(PROJECT, TOKEN_CREATOR, member(SA1));
    String request =
        "{\"permissions\":[\"resourcemanager.projects.getIamPolicy\",\"iam.serviceAccounts.signJwt\"]}";
    String path = "/" + version + "/projects/%s:testIamPermissions";
    assertThat(sa1.post(path.formatted(PROJECT), request).body())
        .isEqualTo("{\"permissions\":[\"iam.serviceAccounts.signJwt\"]}");
    assertThat(sa1.post(path.formatted("unknown"), request).body()).isEqualTo("{}");
  }

  @Test
  void getIamPolicy_overGrpc_returnsThePolicy() {
    GetIamPolicyRequest request =
        GetIamPolicyRequest.newBuilder().setResource("projects/" + PROJECT).build();
    Policy policy =
        GrpcCalls.as(emulator, ADMIN).call(GRPC_GET, request, Policy.getDefaultInstance());
    assertThat(policy.getBindingsList())
        .extracting(binding -> binding.getRole() + binding.getMembersList())
        .isEqualTo(List.of("roles/owner[user:admin@example.com]"));
    StatusRuntimeException refusal =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                GrpcCalls.as(emulator, member(SA1))
                    .call(GRPC_GET, request, Policy.getDefaultInstance()));
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  @Test
  void api_disabledOrFaulty_isRefused() {
    emulator.controls().disableApi(PROJECT, "cloudresourcemanager.googleapis.com");
    HttpResponse<String> disabled = admin.post("/v1/projects/demo-project:getIamPolicy", "");
    assertThat(Wire.error(disabled).get("message").getAsString())
        .startsWith("Cloud Resource Manager API has not been used in project ");
    String number = StableIds.projectNumber(PROJECT);
    assertThat(admin.post("/v1/projects/" + number + ":getIamPolicy", "").body())
        .isEqualTo(disabled.body());
    emulator.controls().enableApi(PROJECT, "cloudresourcemanager.googleapis.com");
    emulator.faults().on("projects.getIamPolicy").times(1).fail(Code.UNAVAILABLE);
    assertThat(admin.post("/v1/projects/demo-project:getIamPolicy", "").statusCode())
        .isEqualTo(503);
    assertThat(admin.post("/v1/projects/demo-project:getIamPolicy", "").body()).isEqualTo(INITIAL);
  }
}
