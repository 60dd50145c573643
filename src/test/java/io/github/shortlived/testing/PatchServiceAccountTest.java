package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.common.collect.Iterables;
import com.google.iam.admin.v1.PatchServiceAccountRequest;
import com.google.iam.admin.v1.ServiceAccount;
import com.google.protobuf.FieldMask;
import io.github.shortlived.testing.EmulatorControls.QuotaGroup;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A patch names its account in a nested message, which controls and the call log also find. */
class PatchServiceAccountTest {
  private final IamEmulator emulator = Demo.world().start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void patch_ofADisabledApi_isRefused() throws IOException {
    emulator.controls().disableApi(PROJECT, "iam.googleapis.com");
    try (IAMClient admin = Clients.admin(emulator)) {
      assertThat(Refused.by(() -> admin.patchServiceAccount(patching())).reason())
          .isEqualTo("SERVICE_DISABLED");
      emulator.controls().enableApi(PROJECT, "iam.googleapis.com");
      assertThat(admin.patchServiceAccount(patching()).getEmail()).isEqualTo(SA2);
    }
  }

  @Test
  void patch_isAWrite_countedByTheQuota() {
    emulator.controls().quota(PROJECT, QuotaGroup.IAM_WRITE, 1);
    assertThat(patch().statusCode()).isEqualTo(200);
    assertThat(patch().statusCode()).isEqualTo(429);
  }

  @Test
  void patch_inTheLog_namesTheAccount() {
    patch();
    assertThat(Iterables.getLast(emulator.calls()))
        .returns("patchServiceAccount", EmulatorCall::method)
        .returns(name(SA2), EmulatorCall::resource);
  }

  /** A role with only the first of the two permissions shows which one is checked. */
  @Test
  void patch_byAReader_isDeniedByPermission() throws IOException {
    emulator.addProjectBinding(PROJECT, "roles/iam.serviceAccountViewer", member(SA2));
    try (IAMClient reader = Clients.iam(emulator, emulator.googleCredentials(member(SA2)))) {
      assertThat(reader.getServiceAccount(name(SA2)).getEmail()).isEqualTo(SA2);
      assertThat(Refused.by(() -> reader.patchServiceAccount(patching())).permission())
          .isEqualTo("iam.serviceAccounts.update");
    }
  }

  private HttpResponse<String> patch() {
    return Wire.as(emulator, ADMIN)
        .send(
            "PATCH",
            "/v1/" + name(SA2),
            BodyPublishers.ofString(
                "{\"serviceAccount\":{\"displayName\":\"two\"},\"updateMask\":\"displayName\"}"),
            "application/json");
  }

  private static PatchServiceAccountRequest patching() {
    return PatchServiceAccountRequest.newBuilder()
        .setServiceAccount(ServiceAccount.newBuilder().setName(name(SA2)).setDisplayName("two"))
        .setUpdateMask(FieldMask.newBuilder().addPaths("display_name"))
        .build();
  }
}
