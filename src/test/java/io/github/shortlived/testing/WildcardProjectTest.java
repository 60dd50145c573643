package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.email;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.iam.admin.v1.DisableServiceAccountRequest;
import com.google.iam.admin.v1.EnableServiceAccountRequest;
import com.google.iam.admin.v1.PatchServiceAccountRequest;
import com.google.iam.admin.v1.ServiceAccount;
import com.google.iam.admin.v1.ServiceAccountKeyAlgorithm;
import com.google.iam.admin.v1.ServiceAccountPrivateKeyType;
import com.google.iam.admin.v1.UndeleteServiceAccountRequest;
import com.google.iam.v1.Policy;
import com.google.protobuf.FieldMask;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * {@code projects/-} finds an account of any project. For an unknown account Google then denies the
 * permission, as its reference says, instead of a not-found error.
 */
class WildcardProjectTest {
  private static final String GHOST = email("ghost");
  private static final String ACCOUNTS = "iam.serviceAccounts.";
  private static final String KEYS = "iam.serviceAccountKeys.";

  /** The permission that each call needs. */
  private static final Map<String, BiConsumer<IAMClient, String>> CALLS =
      Map.ofEntries(
          Map.entry(ACCOUNTS + "get", IAMClient::getServiceAccount),
          Map.entry(ACCOUNTS + "delete", IAMClient::deleteServiceAccount),
          Map.entry(ACCOUNTS + "update", WildcardProjectTest::patch),
          Map.entry(
              ACCOUNTS + "disable",
              (iam, name) ->
                  iam.disableServiceAccount(
                      DisableServiceAccountRequest.newBuilder().setName(name).build())),
          Map.entry(
              ACCOUNTS + "enable",
              (iam, name) ->
                  iam.enableServiceAccount(
                      EnableServiceAccountRequest.newBuilder().setName(name).build())),
          Map.entry(
              ACCOUNTS + "undelete",
              (iam, name) ->
                  iam.undeleteServiceAccount(
                      UndeleteServiceAccountRequest.newBuilder().setName(name).build())),
          Map.entry(ACCOUNTS + "getIamPolicy", IAMClient::getIamPolicy),
          Map.entry(
              ACCOUNTS + "setIamPolicy",
              (iam, name) -> iam.setIamPolicy(name, Policy.getDefaultInstance())),
          Map.entry(
              KEYS + "create",
              (iam, name) ->
                  iam.createServiceAccountKey(
                      name,
                      ServiceAccountPrivateKeyType.TYPE_GOOGLE_CREDENTIALS_FILE,
                      ServiceAccountKeyAlgorithm.KEY_ALG_RSA_2048)),
          Map.entry(KEYS + "list", (iam, name) -> iam.listServiceAccountKeys(name, List.of())),
          Map.entry(
              KEYS + "delete", (iam, name) -> iam.deleteServiceAccountKey(name + "/keys/0a")));

  @AutoClose private final IamEmulator emulator = Demo.world().start();
  @AutoClose private final IAMClient admin = Clients.admin(emulator);

  @Test
  void unknownAccount_underTheWildcard_isDeniedByPermission() {
    CALLS.forEach(
        (permission, call) -> {
          Refused refused = Refused.by(() -> call.accept(admin, name(GHOST)));
          assertThat(refused.code()).as(permission).isEqualTo(Code.PERMISSION_DENIED);
          assertThat(refused.permission()).isEqualTo(permission);
          assertThat(refused.message()).endsWith("denied on resource (or it may not exist).");
        });
  }

  @Test
  void unknownAccount_underItsProject_isNotFound() {
    String named = "projects/" + PROJECT + "/serviceAccounts/" + GHOST;
    CALLS.forEach(
        (permission, call) ->
            assertThat(Refused.by(() -> call.accept(admin, named)).code())
                .as(permission)
                .isEqualTo(Code.NOT_FOUND));
  }

  @Test
  void knownAccount_underEither_isTheSame() {
    assertThat(admin.getServiceAccount(name(SA2)))
        .isEqualTo(admin.getServiceAccount("projects/" + PROJECT + "/serviceAccounts/" + SA2));
  }

  private static void patch(IAMClient iam, String name) {
    iam.patchServiceAccount(
        PatchServiceAccountRequest.newBuilder()
            .setServiceAccount(ServiceAccount.newBuilder().setName(name))
            .setUpdateMask(FieldMask.newBuilder().addPaths("description"))
            .build());
  }
}
