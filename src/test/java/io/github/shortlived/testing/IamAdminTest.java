package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;
import static io.github.shortlived.testing.Demo.email;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.cloud.iam.admin.v1.IAMClient.ListServiceAccountsPage;
import com.google.iam.admin.v1.CreateServiceAccountRequest;
import com.google.iam.admin.v1.ListServiceAccountsRequest;
import com.google.iam.admin.v1.ServiceAccount;
import com.google.iam.admin.v1.UploadServiceAccountKeyRequest;
import com.google.iam.v1.TestIamPermissionsRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Service accounts through IAMClient, which uses gRPC only. */
class IamAdminTest {
  private final IamEmulator emulator =
      Demo.world().binding(SA2, "roles/iam.serviceAccountUser", member(SA1)).start();
  private IAMClient admin;
  private IAMClient sa1;

  @BeforeEach
  void connect() throws IOException {
    admin = Clients.admin(emulator);
    sa1 = Clients.iam(emulator, emulator.googleCredentials(member(SA1)));
  }

  @AfterEach
  void stop() {
    admin.close();
    sa1.close();
    emulator.close();
  }

  @Test
  void createServiceAccount_byOwner_isVisibleToAllCallers() {
    ServiceAccount created = admin.createServiceAccount(creation("deployer"));
    assertThat(created.getEmail()).isEqualTo(email("deployer"));
    assertThat(created.getName())
        .isEqualTo("projects/demo-project/serviceAccounts/" + email("deployer"));
    assertThat(created.getUniqueId()).matches("\\d{21}");
    assertThat(created.getDisplayName()).isEqualTo("deployer's display");
    assertThat(admin.getServiceAccount(name(created.getUniqueId()))).isEqualTo(created);
    assertThat(admin.getServiceAccount(created.getName())).isEqualTo(created);
    assertThat(emulator.serviceAccountKey(created.getEmail())).contains(created.getUniqueId());
  }

  @Test
  void createServiceAccount_twice_alreadyExists() {
    Refused refused = Refused.by(() -> admin.createServiceAccount(creation("sa-1")));
    assertThat(refused.code()).isEqualTo(Code.ALREADY_EXISTS);
    assertThat(refused.message()).contains("sa-1 already exists within project projects/demo-pro");
  }

  @Test
  void createServiceAccount_withoutGrant_isDenied() {
    Refused refused = Refused.by(() -> sa1.createServiceAccount(creation("account-of-sa-1")));
    assertThat(refused.code()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(refused.permission()).isEqualTo("iam.serviceAccounts.create");
  }

  @Test
  void createServiceAccount_accountIdRule_isEnforced() {
    for (String good : List.of("sa-123", "a".repeat(30))) {
      assertThat(admin.createServiceAccount(creation(good)).getEmail()).isEqualTo(email(good));
    }
    for (String bad :
        List.of("", "a", "sa-99", "9abcde", "Sa-123", "abcde-", "abc_de", "a".repeat(31))) {
      assertThat(Refused.by(() -> admin.createServiceAccount(creation(bad))).code())
          .isEqualTo(Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void getServiceAccount_grantOnOneAccount_allowsThatAccountOnly() {
    assertThat(sa1.getServiceAccount(name(SA2)).getEmail()).isEqualTo(SA2);
    Refused refused = Refused.by(() -> sa1.getServiceAccount(name(SA3)));
    assertThat(refused.permission()).isEqualTo("iam.serviceAccounts.get");
  }

  @Test
  void getServiceAccount_unknownOrOfAnotherProject_isNotFound() {
    for (String unknown :
        List.of(
            "projects/" + PROJECT + "/serviceAccounts/" + email("ghost"),
            "projects/other/serviceAccounts/" + SA1)) {
      assertThat(Refused.by(() -> admin.getServiceAccount(unknown)).code())
          .isEqualTo(Code.NOT_FOUND);
    }
    assertThat(Refused.by(() -> admin.getServiceAccount(SA1)).code())
        .isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void listServiceAccounts_pageByPage_returnsEachOnce() {
    List<String> seen = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (ListServiceAccountsPage page : admin.listServiceAccounts(listing(2)).iteratePages()) {
      sizes.add(page.getPageElementCount());
      page.getValues().forEach(account -> seen.add(account.getEmail()));
    }
    assertThat(seen).containsExactly(SA1, SA2, SA3);
    assertThat(sizes).containsExactly(2, 1);
  }

  @Test
  void listServiceAccounts_withoutGrantOrProject_isDenied() {
    assertThat(Refused.by(() -> sa1.listServiceAccounts(listing(0))).permission())
        .isEqualTo("iam.serviceAccounts.list");
    assertThat(Refused.by(() -> admin.listServiceAccounts("projects/unknown")).code())
        .isEqualTo(Code.PERMISSION_DENIED);
  }

  @Test
  void testIamPermissions_anyCaller_returnsItsOwn() {
    List<String> requested = List.of("iam.serviceAccounts.actAs", "iam.serviceAccounts.signBlob");
    TestIamPermissionsRequest.Builder request =
        TestIamPermissionsRequest.newBuilder().addAllPermissions(requested);
    assertThat(sa1.testIamPermissions(request.setResource(name(SA2)).build()).getPermissionsList())
        .containsExactly("iam.serviceAccounts.actAs");
    assertThat(
            sa1.testIamPermissions(request.setResource(name(email("ghost"))).build())
                .getPermissionsList())
        .isEmpty();
    assertThat(
            Refused.by(
                    () ->
                        sa1.testIamPermissions(
                            request.addPermissions("iam.serviceAccounts.*").build()))
                .code())
        .isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void methodNotEmulated_overGrpc_isUnimplemented() {
    UploadServiceAccountKeyRequest upload =
        UploadServiceAccountKeyRequest.newBuilder().setName(name(SA1)).build();
    assertThat(Refused.by(() -> admin.uploadServiceAccountKey(upload)).code())
        .isEqualTo(Code.UNIMPLEMENTED);
  }

  @Test
  void unknownBearer_overGrpc_isUnauthenticated() throws IOException {
    try (IamEmulator other = Demo.world().start();
        IAMClient stranger = Clients.iam(emulator, other.googleCredentials(ADMIN))) {
      Refused refused = Refused.by(() -> stranger.getServiceAccount(name(SA1)));
      assertThat(refused.code()).isEqualTo(Code.UNAUTHENTICATED);
      assertThat(refused.message()).contains("Request had invalid authentication credentials.");
    }
  }

  private static CreateServiceAccountRequest creation(String accountId) {
    return CreateServiceAccountRequest.newBuilder()
        .setName("projects/" + PROJECT)
        .setAccountId(accountId)
        .setServiceAccount(ServiceAccount.newBuilder().setDisplayName(accountId + "'s display"))
        .build();
  }

  private static ListServiceAccountsRequest listing(int pageSize) {
    return ListServiceAccountsRequest.newBuilder()
        .setName("projects/" + PROJECT)
        .setPageSize(pageSize)
        .build();
  }
}
