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

import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.cloud.iam.credentials.v1.IamCredentialsSettings;
import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import io.github.shortlived.testing.Clients.Transport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The project for quota and billing that a caller specifies. */
class UserProjectTest {
  private static final String CONSUMER = "roles/serviceusage.serviceUsageConsumer";
  private static final String HEADER = "x-goog-user-project";
  private static final String SIGN = "/v1/" + name(SA2) + ":signBlob";
  private static final String PAYLOAD = "{\"payload\":\"YQ==\"}";
  private static final String DENIED =
      "Caller does not have required permission to use project billing. Grant the caller the"
          + " roles/serviceusage.serviceUsageConsumer role, or a custom role with the"
          + " serviceusage.services.use permission, by visiting"
          + " https://console.developers.google.com/iam-admin/iam/project?project=billing and then"
          + " retry. Propagation of the new permission may take a few minutes.";

  private final IamEmulator emulator =
      Demo.world()
          .project("billing")
          .binding(SA2, TOKEN_CREATOR, member(SA1))
          .instance(PROJECT, ZONE, "vm-1")
          .projectBinding(PROJECT, "roles/compute.viewer", member(SA1))
          .start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  /** The reason decides on the form of the error, not its text, which contains the project. */
  @Test
  void compute_projectNamedLikeAnotherError_isForbidden() {
    JsonObject error =
        Wire.error(
            Wire.as(emulator, member(SA1))
                .header(HEADER, "authentication scopes")
                .get("/compute/v1/projects/" + PROJECT + "/zones/" + ZONE + "/instances"));
    assertThat(error.get("status").getAsString()).isEqualTo("PERMISSION_DENIED");
    assertThat(error.getAsJsonArray("errors").get(0).getAsJsonObject().get("reason").getAsString())
        .isEqualTo("forbidden");
  }

  @ParameterizedTest
  @EnumSource
  void call_withAndWithoutThePermission_isServedAndDenied(Transport transport) throws IOException {
    GoogleCredentials charged = sa1().createWithQuotaProject("billing");
    try (IamCredentialsClient client = client(charged, transport)) {
      Refused refused = Refused.by(() -> sign(client));
      assertThat(refused.code().name()).isEqualTo("PERMISSION_DENIED");
      assertThat(refused.message()).endsWith(DENIED);
      assertThat(refused.reason()).isEqualTo("USER_PROJECT_DENIED");
      assertThat(refused.metadata())
          .containsEntry("consumer", "projects/billing")
          .containsEntry("service", "iamcredentials.googleapis.com");

      emulator.addProjectBinding("billing", CONSUMER, member(SA1));

      assertThat(sign(client).isEmpty()).isFalse();
    }
  }

  @Test
  void refusal_overRest_isGooglesWholeError() {
    HttpResponse<String> refused = charged("billing").post(SIGN, PAYLOAD);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(Wire.error(refused).toString())
        .isEqualTo(
            "{\"code\":403,\"message\":\""
                + DENIED
                + "\",\"status\":\"PERMISSION_DENIED\",\"details\":["
                + "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\","
                + "\"reason\":\"USER_PROJECT_DENIED\",\"domain\":\"googleapis.com\","
                + "\"metadata\":{\"consumer\":\"projects/billing\","
                + "\"service\":\"iamcredentials.googleapis.com\"}},"
                + "{\"@type\":\"type.googleapis.com/google.rpc.Help\",\"links\":["
                + "{\"description\":\"Google developer console IAM admin\",\"url\":"
                + "\"https://console.developers.google.com/iam-admin/iam/project?project=billing\"}"
                + "]}]}");
    EmulatorCall call = emulator.calls().get(emulator.calls().size() - 1);
    assertThat(call.reasons().get(0))
        .isEqualTo(member(SA1) + " lacks serviceusage.services.use on projects/billing");
  }

  @Test
  void refusal_ofCompute_hasItsForm() {
    String path = "/compute/v1/projects/" + PROJECT + "/zones/" + ZONE + "/instances";
    assertThat(charged("").get(path).statusCode()).isEqualTo(200);
    JsonObject error = Wire.error(charged("billing").get(path));
    assertThat(error.get("status").getAsString()).isEqualTo("PERMISSION_DENIED");
    assertThat(error.getAsJsonArray("errors").toString())
        .isEqualTo(
            "[{\"message\":\"" + DENIED + "\",\"domain\":\"global\",\"reason\":\"forbidden\"}]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CONSUMER,
        "roles/serviceusage.serviceUsageAdmin",
        "roles/editor",
        "roles/owner",
        "projects/billing/roles/payer"
      })
  void role_withThePermission_allows(String role) {
    try (IamEmulator paid =
        Demo.world()
            .customRole("billing", "payer", "serviceusage.services.use")
            .binding(SA2, TOKEN_CREATOR, member(SA1))
            .projectBinding("billing", role, member(SA1))
            .start()) {
      for (String project : List.of("billing", IamEmulator.projectNumber("billing"))) {
        assertThat(
                Wire.as(paid, member(SA1)).header(HEADER, project).post(SIGN, PAYLOAD).statusCode())
            .isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"roles/viewer", "roles/iam.serviceAccountAdmin"})
  void role_withoutThePermission_doesNotAllow(String role) {
    emulator.addProjectBinding("billing", role, member(SA1));
    assertThat(charged("billing").post(SIGN, PAYLOAD).statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown", "123456789012", "projects/billing"})
  void project_thatDoesNotExist_isDenied(String project) {
    assertThat(charged(project).post(SIGN, PAYLOAD).body()).contains("USER_PROJECT_DENIED");
  }

  @Test
  void project_ofTheCall_needsTheApiAndTheQuota() {
    emulator.addProjectBinding("billing", CONSUMER, member(SA1));
    emulator.controls().disableApi(PROJECT, "iamcredentials.googleapis.com");
    assertThat(charged("billing").post(SIGN, PAYLOAD).statusCode()).isEqualTo(200);
    assertThat(charged("").post(SIGN, PAYLOAD).body()).contains("SERVICE_DISABLED");

    emulator.controls().quota("billing", EmulatorControls.QuotaGroup.SIGN, 1);
    assertThat(charged("billing").post(SIGN, PAYLOAD).statusCode()).isEqualTo(200);
    assertThat(charged("billing").post(SIGN, PAYLOAD).statusCode()).isEqualTo(429);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?$userProject=billing", "?%24userProject=billing"})
  void project_inTheQuery_isThatOfTheHeader(String query) {
    Wire sa1 = Wire.as(emulator, member(SA1));
    assertThat(sa1.post(SIGN + query, PAYLOAD).body()).contains("USER_PROJECT_DENIED");

    emulator.addProjectBinding("billing", CONSUMER, member(SA1));

    assertThat(sa1.post(SIGN + query, PAYLOAD).statusCode()).isEqualTo(200);
    assertThat(charged("unknown").post(SIGN + query, PAYLOAD).statusCode())
        .as("header first")
        .isEqualTo(403);
    emulator.controls().quota("billing", EmulatorControls.QuotaGroup.SIGN, 1);
    assertThat(sa1.post(SIGN + query, PAYLOAD).statusCode()).isEqualTo(200);
    assertThat(sa1.post(SIGN + query, PAYLOAD).statusCode()).isEqualTo(429);
  }

  @Test
  void googleCredentials_withQuotaProject_keepTheirTypeAndRefresh() throws IOException {
    GoogleCredentials charged = sa1().createWithQuotaProject("billing");

    assertThat(charged.getRequestMetadata(URI.create("https://iam.googleapis.com/")))
        .containsEntry(HEADER, List.of("billing"))
        .containsKey("Authorization");
    assertThat(charged).isInstanceOf(ServiceAccountSigner.class);
    assertThat(charged).isInstanceOf(IdTokenProvider.class);
    assertThat(charged.createScoped("https://www.googleapis.com/auth/iam").getQuotaProjectId())
        .isEqualTo("billing");
    GoogleCredentials user = emulator.googleCredentials(ADMIN).createWithQuotaProject("billing");
    assertThat(user.getQuotaProjectId()).isEqualTo("billing");
    assertThat(user.refreshAccessToken().getTokenValue()).startsWith("ya29.a0");
  }

  @Test
  void googleCredentials_copiedByTheirBuilder_refresh() throws IOException {
    GoogleCredentials original = sa1();
    String token = Clients.accessToken(original);

    GoogleCredentials copy = original.toBuilder().build();

    assertThat(Clients.accessToken(copy)).startsWith("ya29.c.").isNotEqualTo(token);
    copy.refresh();
    assertThat(copy.toString()).isEqualTo("EmulatorCredentials[" + member(SA1) + "]");
    assertThat(copy.getQuotaProjectId()).isNull();
  }

  private GoogleCredentials sa1() {
    return emulator.googleCredentials(member(SA1));
  }

  private Wire charged(String project) {
    return Wire.as(emulator, member(SA1)).header(HEADER, project);
  }

  private IamCredentialsClient client(GoogleCredentials credentials, Transport transport)
      throws IOException {
    IamCredentialsSettings.Builder settings =
        transport == Transport.REST
            ? IamCredentialsSettings.newHttpJsonBuilder()
                .setTransportChannelProvider(emulator.clients().httpTransport())
            : IamCredentialsSettings.newBuilder()
                .setTransportChannelProvider(emulator.clients().grpcTransport());
    return IamCredentialsClient.create(
        settings.setCredentialsProvider(FixedCredentialsProvider.create(credentials)).build());
  }

  private static ByteString sign(IamCredentialsClient client) {
    return client
        .signBlob(name(SA2), List.of(), ByteString.copyFromUtf8("payload"))
        .getSignedBlob();
  }
}
