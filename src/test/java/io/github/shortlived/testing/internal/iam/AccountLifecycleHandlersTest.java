package io.github.shortlived.testing.internal.iam;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static io.github.shortlived.testing.Sa2Policy.tokenCreator;
import static io.github.shortlived.testing.Sa2Policy.tokenStatus;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.auth.ServiceAccountSigner;
import com.google.auth.ServiceAccountSigner.SigningException;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.iam.admin.v1.DisableServiceAccountRequest;
import com.google.iam.admin.v1.EnableServiceAccountRequest;
import com.google.iam.admin.v1.PatchServiceAccountRequest;
import com.google.iam.admin.v1.ServiceAccount;
import com.google.iam.admin.v1.UndeleteServiceAccountRequest;
import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import io.github.shortlived.testing.Clients;
import io.github.shortlived.testing.Demo;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.Refused;
import io.github.shortlived.testing.Sa2Policy;
import io.github.shortlived.testing.TestClock;
import io.github.shortlived.testing.Wire;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Accounts that are disabled, deleted, restored and changed; sa-1 may impersonate sa-2, and sa-2
 * sa-3.
 */
class AccountLifecycleHandlersTest {
  @AutoClose
  private final IamEmulator emulator =
      Demo.world()
          .binding(SA2, TOKEN_CREATOR, member(SA1))
          .binding(SA3, TOKEN_CREATOR, member(SA2))
          .binding(SA1, "roles/iam.serviceAccountUser", member(SA2))
          .start();

  @AutoClose private final IAMClient admin = Clients.admin(emulator);

  @Test
  void disabledAccount_tokens_areRefusedUntilItIsEnabled() {
    Wire sa1 = Wire.as(emulator, member(SA1));
    disable(SA1);
    HttpResponse<String> refused = sa1.get("/v1/" + name(SA1));
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("ACCOUNT_STATE_INVALID", SA1);
    assertThat(admin.getServiceAccount(name(SA1)).getDisabled()).isTrue();
    enable(SA1);
    assertThat(tokenStatus(sa1, SA2)).isEqualTo(200);
    assertThat(admin.getServiceAccount(name(SA1)).getDisabled()).isFalse();
  }

  @Test
  void disabledAccount_asTargetOrDelegate_cannotBeImpersonated() {
    disable(SA2);
    HttpResponse<String> target =
        Wire.as(emulator, member(SA1)).post("/v1/" + name(SA2) + ":signBlob", "{\"payload\":\"\"}");
    assertThat(Wire.error(target).get("status").getAsString()).isEqualTo("FAILED_PRECONDITION");
    assertThat(tokenStatus(emulator, member(SA3), SA2))
        .as("a caller without the permission sees no difference")
        .isEqualTo(403);
    assertThat(alongSa2()).isEqualTo(400);
    enable(SA2);
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(200);
    assertThat(alongSa2()).isEqualTo(200);
  }

  @Test
  void disabledAccount_keyFile_isRefused() throws IOException {
    ServiceAccountCredentials file = keyFile(SA1);
    disable(SA1);
    assertThatThrownBy(file::refreshAccessToken).hasMessageContaining("account not found");
    enable(SA1);
    assertThat(file.refreshAccessToken().getTokenValue()).isNotEmpty();
  }

  @Test
  void disabledAccount_attached_cannotSign() {
    emulator.addProjectBinding(PROJECT, TOKEN_CREATOR, member(SA1));
    ServiceAccountSigner signer = (ServiceAccountSigner) emulator.googleCredentials(member(SA1));
    disable(SA1);
    assertThatThrownBy(() -> signer.sign(new byte[1])).isInstanceOf(SigningException.class);
    enable(SA1);
    assertThat(signer.sign(new byte[1])).hasSize(256);
  }

  @Test
  void deletedAccount_everywhere_isNotFound() throws IOException {
    Wire sa2 = Wire.as(emulator, member(SA2));
    ServiceAccountCredentials file = keyFile(SA2);
    assertThat(tokenStatus(sa2, SA3)).isEqualTo(200);
    admin.deleteServiceAccount(name(SA2));
    String inItsProject = "projects/" + PROJECT + "/serviceAccounts/" + SA2;
    assertThat(Refused.by(() -> admin.getServiceAccount(inItsProject)).code())
        .isEqualTo(Code.NOT_FOUND);
    assertThat(tokenStatus(sa2, SA3)).isEqualTo(401);
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(404);
    assertThatThrownBy(file::refreshAccessToken).hasMessageContaining("account not found");
    assertThat(Wire.anonymous(emulator).get("/service_accounts/v1/jwk/" + SA2).statusCode())
        .isEqualTo(404);
  }

  @Test
  void deletedAccount_inPolicies_hasItsUniqueId() {
    String uniqueId = admin.getServiceAccount(name(SA2)).getUniqueId();
    var before = admin.getIamPolicy(name(SA3));
    admin.deleteServiceAccount(name(SA2));
    var after = admin.getIamPolicy(name(SA3));
    assertThat(after.getBindingsList())
        .containsExactly(tokenCreator("deleted:serviceAccount:" + SA2 + "?uid=" + uniqueId));
    assertThat(Refused.by(() -> admin.setIamPolicy(name(SA3), before)).message())
        .endsWith("Service account " + SA2 + " does not exist.");
    undelete(uniqueId);
    assertThat(admin.getIamPolicy(name(SA3)).getBindingsList()).isEqualTo(before.getBindingsList());
  }

  @Test
  void deletedAccount_boundInAnotherCase_hasItsUniqueIdToo() {
    var shouting = tokenCreator("serviceAccount:" + Demo.email("SA-2"));
    admin.setIamPolicy(name(SA3), Sa2Policy.policy(1, shouting));
    admin.deleteServiceAccount(name(SA2));
    assertThat(admin.getIamPolicy(name(SA3)).getBindings(0).getMembers(0))
        .startsWith("deleted:serviceAccount:" + SA2 + "?uid=");
  }

  @Test
  void undelete_byUniqueId_restoresKeysPolicyAndBindings() throws IOException {
    ServiceAccount sa2 = admin.getServiceAccount(name(SA2));
    ServiceAccountCredentials file = keyFile(SA2);
    admin.deleteServiceAccount(name(sa2.getUniqueId()));
    assertThat(undelete(sa2.getUniqueId())).isEqualTo(sa2);
    assertThat(file.refreshAccessToken().getTokenValue()).isNotEmpty();
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(200);
    assertThat(tokenStatus(emulator, member(SA2), SA3)).isEqualTo(200);
  }

  @Test
  void recreatedAccount_ofTheSameEmail_inheritsNothing() {
    ServiceAccount old = admin.getServiceAccount(name(SA2));
    Wire withOldToken = Wire.as(emulator, member(SA2));
    admin.deleteServiceAccount(name(SA2));
    ServiceAccount fresh = create("sa-2");
    assertThat(fresh.getEmail()).isEqualTo(SA2);
    assertThat(fresh.getUniqueId()).isNotEqualTo(old.getUniqueId());
    assertThat(tokenStatus(withOldToken, SA3)).isEqualTo(401);
    assertThat(tokenStatus(emulator, member(SA2), SA3)).isEqualTo(403);
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(403);
    assertThat(Refused.by(() -> undelete(old.getUniqueId())).code()).isEqualTo(Code.ALREADY_EXISTS);
  }

  @Test
  void undelete_notDeletedOrUnknown_isRefused() {
    String uniqueId = admin.getServiceAccount(name(SA2)).getUniqueId();
    assertThat(Refused.by(() -> undelete(uniqueId)).code()).isEqualTo(Code.FAILED_PRECONDITION);
    admin.deleteServiceAccount(name(SA2));
    assertThat(Refused.by(() -> undelete(SA2)).permission())
        .isEqualTo("iam.serviceAccounts.undelete");
  }

  @Test
  void undelete_after30Days_isRefused() throws IOException {
    TestClock clock = TestClock.startingAt("2026-01-01T08:00:00Z");
    try (IamEmulator aging = Demo.world().clock(clock).start()) {
      String first = deletedIn(aging, SA1);
      String second = deletedIn(aging, SA2);
      clock.advance(Duration.ofDays(30).minusSeconds(1));
      assertThat(undeleteIn(aging, first).statusCode()).isEqualTo(200);
      clock.advance(Duration.ofSeconds(1));
      assertThat(undeleteIn(aging, second).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void patch_maskedFields_areTheOnlyOnesChanged() {
    ServiceAccount proposed =
        ServiceAccount.newBuilder()
            .setName(name(SA1))
            .setDisplayName("shown")
            .setDescription("described")
            .build();
    assertThat(patch(proposed, "display_name").getDisplayName()).isEqualTo("shown");
    assertThat(admin.getServiceAccount(name(SA1)).getDescription()).isEmpty();
    assertThat(patch(proposed, "description", "display_name").getDescription())
        .isEqualTo("described");
    for (List<String> mask : List.of(List.<String>of(), List.of("email"), List.of("disabled"))) {
      assertThat(Refused.by(() -> patch(proposed, mask.toArray(String[]::new))).code())
          .isEqualTo(Code.INVALID_ARGUMENT);
    }
    ServiceAccount longer = proposed.toBuilder().setDisplayName("x".repeat(101)).build();
    assertThat(Refused.by(() -> patch(longer, "display_name")).code())
        .isEqualTo(Code.INVALID_ARGUMENT);
  }

  /** The account's etag is deprecated: unlike a policy's, it does not guard writes. */
  @Test
  @SuppressWarnings("deprecation")
  void patch_withAnotherEtag_succeeds() {
    ServiceAccount proposed =
        ServiceAccount.newBuilder()
            .setName(name(SA1))
            .setDisplayName("shown")
            .setEtag(ByteString.copyFromUtf8("stale"))
            .build();
    assertThat(patch(proposed, "display_name").getDisplayName()).isEqualTo("shown");
    assertThat(Refused.by(() -> patch(proposed, "etag")).code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(admin.getServiceAccount(name(SA1)).getEtag()).isNotEqualTo(proposed.getEtag());
  }

  @Test
  void patch_overRest_takesTheNameFromThePath() {
    HttpResponse<String> patched =
        Wire.as(emulator, ADMIN)
            .send(
                "PATCH",
                "/v1/" + name(SA1),
                BodyPublishers.ofString(
                    "{\"serviceAccount\":{\"displayName\":\"shown\"},\"updateMask\":\"displayName\"}"),
                "application/json");
    assertThat(Wire.json(patched).get("displayName").getAsString()).isEqualTo("shown");
  }

  @Test
  void lifecycle_withoutGrant_isDeniedByPermission() throws IOException {
    try (IAMClient sa2 = Clients.iam(emulator, emulator.googleCredentials(member(SA2)))) {
      assertThat(Refused.by(() -> sa2.deleteServiceAccount(name(SA1))).permission())
          .isEqualTo("iam.serviceAccounts.delete");
      assertThat(Refused.by(() -> sa2.disableServiceAccount(disabling(SA1))).permission())
          .isEqualTo("iam.serviceAccounts.disable");
      assertThat(Refused.by(() -> sa2.enableServiceAccount(enabling(SA1))).permission())
          .isEqualTo("iam.serviceAccounts.enable");
      assertThat(Refused.by(() -> sa2.patchServiceAccount(patching(SA1))).permission())
          .isEqualTo("iam.serviceAccounts.update");
      String uniqueId = admin.getServiceAccount(name(SA1)).getUniqueId();
      admin.deleteServiceAccount(name(SA1));
      assertThat(Refused.by(() -> sa2.undeleteServiceAccount(undeletion(uniqueId))).permission())
          .isEqualTo("iam.serviceAccounts.undelete");
    }
  }

  private int alongSa2() {
    String body = "{\"audience\":\"a\",\"delegates\":[\"%s\"]}".formatted(SA2);
    return Wire.as(emulator, member(SA1))
        .post("/v1/" + name(SA3) + ":generateIdToken", body)
        .statusCode();
  }

  private void disable(String email) {
    admin.disableServiceAccount(disabling(email));
  }

  private void enable(String email) {
    admin.enableServiceAccount(enabling(email));
  }

  private ServiceAccount undelete(String account) {
    return admin.undeleteServiceAccount(undeletion(account)).getRestoredAccount();
  }

  private ServiceAccount create(String accountId) {
    return admin.createServiceAccount(
        "projects/" + PROJECT, accountId, ServiceAccount.getDefaultInstance());
  }

  private ServiceAccount patch(ServiceAccount proposed, String... mask) {
    return admin.patchServiceAccount(
        PatchServiceAccountRequest.newBuilder()
            .setServiceAccount(proposed)
            .setUpdateMask(FieldMask.newBuilder().addAllPaths(List.of(mask)))
            .build());
  }

  private ServiceAccountCredentials keyFile(String email) throws IOException {
    byte[] json = emulator.serviceAccountKey(email).getBytes(UTF_8);
    return (ServiceAccountCredentials)
        ServiceAccountCredentials.fromStream(
                new ByteArrayInputStream(json), emulator.httpTransportFactory())
            .createScoped(Demo.CLOUD_PLATFORM);
  }

  private static String deletedIn(IamEmulator emulator, String email) {
    Wire caller = Wire.as(emulator, ADMIN);
    String uniqueId = Wire.json(caller.get("/v1/" + name(email))).get("uniqueId").getAsString();
    caller.send("DELETE", "/v1/" + name(email), BodyPublishers.noBody(), "application/json");
    return uniqueId;
  }

  private static HttpResponse<String> undeleteIn(IamEmulator emulator, String uniqueId) {
    return Wire.as(emulator, ADMIN).post("/v1/" + name(uniqueId) + ":undelete", "{}");
  }

  private static DisableServiceAccountRequest disabling(String email) {
    return DisableServiceAccountRequest.newBuilder().setName(name(email)).build();
  }

  private static EnableServiceAccountRequest enabling(String email) {
    return EnableServiceAccountRequest.newBuilder().setName(name(email)).build();
  }

  private static UndeleteServiceAccountRequest undeletion(String account) {
    return UndeleteServiceAccountRequest.newBuilder().setName(name(account)).build();
  }

  private static PatchServiceAccountRequest patching(String email) {
    return PatchServiceAccountRequest.newBuilder()
        .setServiceAccount(ServiceAccount.newBuilder().setName(name(email)))
        .setUpdateMask(FieldMask.newBuilder().addPaths("description"))
        .build();
  }
}
