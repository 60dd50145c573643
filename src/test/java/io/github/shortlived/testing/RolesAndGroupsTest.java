package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static io.github.shortlived.testing.Sa2Policy.binding;
import static io.github.shortlived.testing.Sa2Policy.tokenCreator;
import static io.github.shortlived.testing.Sa2Policy.tokenStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.cloud.iam.admin.v1.IAMClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Custom roles, groups and members that match many callers. */
class RolesAndGroupsTest {
  private static final String MINTER = "projects/demo-project/roles/minter";
  private static final String ELSEWHERE = "projects/elsewhere/roles/minter";
  private static final String GET_ACCESS_TOKEN = "iam.serviceAccounts.getAccessToken";
  private static final String SIGN_BLOB = "iam.serviceAccounts.signBlob";

  private final IamEmulator emulator =
      Demo.world()
          .customRole(PROJECT, "minter", GET_ACCESS_TOKEN)
          .customRole("elsewhere", "minter", GET_ACCESS_TOKEN)
          .group("team@example.com", member(SA1), "group:admins@example.com")
          .group("admins@example.com", ADMIN, "group:team@example.com")
          .start();
  private IAMClient admin;
  private Sa2Policy sa2;

  @BeforeEach
  void connect() throws IOException {
    admin = Clients.iam(emulator, emulator.googleCredentials(ADMIN));
    sa2 = new Sa2Policy(admin);
  }

  @AfterEach
  void stop() {
    admin.close();
    emulator.close();
  }

  @Test
  void customRole_onAnAccount_allowsItsPermissions() throws IOException {
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(403);
    sa2.set(1, binding(MINTER, member(SA1)));
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(200);
    assertThat(tokenStatus(emulator, member(SA1), SA3)).isEqualTo(403);
    assertThat(heldBySa1(GET_ACCESS_TOKEN, SIGN_BLOB)).containsExactly(GET_ACCESS_TOKEN);
  }

  @Test
  void customRole_onTheProject_allowsAllItsAccounts() {
    try (IamEmulator project =
        Demo.world()
            .projectBinding(PROJECT, MINTER, member(SA1))
            .customRole(PROJECT, "minter", GET_ACCESS_TOKEN)
            .serviceAccount("sa-1@elsewhere.iam.gserviceaccount.com")
            .start()) {
      assertThat(tokenStatus(project, member(SA1), SA2)).isEqualTo(200);
      assertThat(tokenStatus(project, member(SA1), "sa-1@elsewhere.iam.gserviceaccount.com"))
          .isEqualTo(403);
    }
  }

  @Test
  void customRole_ofAnotherProjectOrUnknown_isNotSupported() {
    for (String role : List.of(ELSEWHERE, "projects/demo-project/roles/other", "roles/minter")) {
      assertThat(Refused.by(() -> sa2.set(1, binding(role, member(SA1)))).message())
          .endsWith("Role " + role + " is not supported for this resource.");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> emulator.addProjectBinding(PROJECT, role, member(SA1)))
          .withMessageContaining(role);
    }
    emulator.addProjectBinding("elsewhere", ELSEWHERE, member(SA1));
  }

  @Test
  void customRole_malformed_isRefusedImmediately() {
    EmulatorBuilder world = IamEmulator.builder();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.customRole(PROJECT, "no role", GET_ACCESS_TOKEN))
        .withMessageContaining("no role");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.customRole(PROJECT, "minter", "iam.serviceAccounts.*"))
        .withMessageContaining("iam.serviceAccounts.*");
  }

  @Test
  void group_andNestedGroups_matchTheirMembers() {
    sa2.set(1, tokenCreator("group:team@example.com"));
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(200);
    assertThat(tokenStatus(emulator, ADMIN, SA2)).isEqualTo(200);
    assertThat(tokenStatus(emulator, member(SA3), SA2)).isEqualTo(403);
    sa2.set(1, tokenCreator("group:unknown@example.com"));
    assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(403);
  }

  @Test
  void group_malformed_isRefusedImmediately() {
    EmulatorBuilder world = IamEmulator.builder();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.group("team", ADMIN))
        .withMessageContaining("team");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.group("team@example.com", "alice"))
        .withMessageContaining("alice");
  }

  @Test
  void allUsers_asAMember_matchesEachCaller() {
    for (String all : List.of("allUsers", "allAuthenticatedUsers")) {
      sa2.set(1, tokenCreator(all));
      assertThat(tokenStatus(emulator, member(SA3), SA2)).isEqualTo(200);
      assertThat(tokenStatus(emulator, "user:stranger@example.org", SA2)).isEqualTo(200);
      assertThat(tokenStatus(Wire.anonymous(emulator), SA2)).isEqualTo(401);
    }
    sa2.set(1, tokenCreator("domain:example.com"));
    assertThat(tokenStatus(emulator, ADMIN, SA2)).isEqualTo(200);
    assertThat(tokenStatus(emulator, "user:stranger@example.org", SA2)).isEqualTo(403);
  }

  @Test
  void projectBinding_ofAPredefinedRole_addsToTheAccountPolicy() {
    emulator.addProjectBinding(PROJECT, TOKEN_CREATOR, "group:team@example.com");
    assertThat(tokenStatus(emulator, member(SA1), SA3)).isEqualTo(200);
    assertThat(tokenStatus(emulator, member(SA2), SA3)).isEqualTo(403);
  }

  private List<String> heldBySa1(String... permissions) throws IOException {
    try (IAMClient sa1 = Clients.iam(emulator, emulator.googleCredentials(member(SA1)))) {
      return sa1.testIamPermissions(name(SA2), List.of(permissions)).getPermissionsList();
    }
  }
}
