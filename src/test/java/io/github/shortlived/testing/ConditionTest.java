package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Sa2Policy.binding;
import static io.github.shortlived.testing.Sa2Policy.condition;
import static io.github.shortlived.testing.Sa2Policy.tokenCreator;
import static io.github.shortlived.testing.Sa2Policy.tokenStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.type.Expr;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conditions of bindings: their attributes, their evaluation and their validation. */
class ConditionTest {
  private final TestClock clock = TestClock.startingAt("2026-01-01T08:00:00Z");
  private final IamEmulator emulator =
      Demo.world().instance(PROJECT, ZONE, "vm-1").clock(clock).start();
  private IAMClient admin;
  private Sa2Policy policy;

  @BeforeEach
  void connect() throws IOException {
    admin = Clients.admin(emulator);
    policy = new Sa2Policy(admin);
  }

  @AfterEach
  void stop() {
    admin.close();
    emulator.close();
  }

  @Test
  void requestTime_passing_endsTheGrant() {
    grant("request.time < timestamp('2026-01-01T09:00:00Z')");
    assertThat(mintsAsSa1()).isEqualTo(200);
    clock.advance(Duration.ofHours(1));
    assertThat(mintsAsSa1()).isEqualTo(403);
  }

  @Test
  void condition_onEachAttribute_isEvaluated() {
    String name = "projects/demo-project/serviceAccounts/" + SA2;
    for (String holding :
        List.of(
            "resource.name == '" + name + "'",
            "resource.name.startsWith('projects/demo-project/')",
            "resource.name.extract('/serviceAccounts/{name}@') == 'sa-2'",
            "resource.type == 'iam.googleapis.com/ServiceAccount'",
            "resource.service == 'iam.googleapis.com'",
            "request.time.getHours('Europe/Berlin') == 9")) {
      grant(holding);
      assertThat(mintsAsSa1()).as(holding).isEqualTo(200);
      grant("!(" + holding + ")");
      assertThat(mintsAsSa1()).as("not " + holding).isEqualTo(403);
    }
  }

  @Test
  void testIamPermissions_underACondition_followTheClock() throws IOException {
    String minting = "iam.serviceAccounts.getAccessToken";
    grant("request.time < timestamp('2026-01-01T08:30:00Z')");
    assertThat(heldBySa1(minting)).containsExactly(minting);
    clock.advance(Duration.ofMinutes(30));
    assertThat(heldBySa1(minting)).isEmpty();
  }

  @Test
  void condition_thatFails_grantsNothing() {
    for (String failing :
        List.of(
            "1 / 0 == 1",
            "timestamp(resource.name) < request.time",
            "request.time.getHours('Atlantis/Capital') >= 0",
            "resource.name.extract('no template') == ''")) {
      grant(failing);
      assertThat(mintsAsSa1()).as(failing).isEqualTo(403);
      grant(failing + " || true");
      assertThat(mintsAsSa1()).as(failing + " || true").isEqualTo(200);
    }
  }

  @Test
  void setIamPolicy_invalidCondition_isRefused() {
    for (String bad :
        List.of("(((", "1", "'text'", "dyn(true)", "unknown.attribute == 1", "request.time")) {
      Refused refused = refused(condition(bad));
      assertThat(refused.code()).as(bad).isEqualTo(Code.INVALID_ARGUMENT);
      assertThat(refused.message()).contains("The condition's expression is invalid: ");
    }
  }

  @Test
  void setIamPolicy_conditionWithoutTitleOrExpression_isRefused() {
    Refused noTitle = refused(condition("true").toBuilder().clearTitle().build());
    assertThat(noTitle.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(noTitle.message()).contains("title");
    assertThat(refused(condition(" ")).message()).contains("expression");
  }

  @Test
  void setIamPolicy_logicalOperators_areLimitedToTwelve() {
    String twelve = "!true" + " || true && true".repeat(5) + " || true";
    grant(twelve);
    assertThat(mintsAsSa1()).isEqualTo(200);
    Refused refused = refused(condition(twelve + " || true"));
    assertThat(refused.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(refused.message()).contains("more than 12 logical operators");
  }

  @Test
  void setIamPolicy_conditionOnAnUnconditionalBinding_isRefused() {
    Expr always = condition("true");
    for (String all : List.of("allUsers", "allAuthenticatedUsers")) {
      assertThat(Refused.by(() -> policy.set(3, tokenCreator(always, all))).message())
          .contains("cannot have a condition");
    }
    var viewer = binding("roles/viewer", ADMIN);
    assertThat(policy.set(3, viewer).getBindingsList()).containsExactly(viewer);
    assertThat(
            Refused.by(() -> policy.set(3, viewer.toBuilder().setCondition(always).build()))
                .message())
        .contains("The role roles/viewer cannot have a condition");
  }

  @Test
  void projectBinding_withCondition_seesTheCalledAccount() {
    try (IamEmulator project =
        Demo.world()
            .projectBinding(
                PROJECT, TOKEN_CREATOR, member(SA1), "resource.name.endsWith('/" + SA2 + "')")
            .start()) {
      assertThat(tokenStatus(project, member(SA1), SA2)).isEqualTo(200);
      assertThat(tokenStatus(project, member(SA1), SA3)).isEqualTo(403);
    }
  }

  @Test
  void projectBinding_onTheProjectItself_seesTheProject() {
    try (IamEmulator project =
        Demo.world()
            .projectBinding(
                PROJECT,
                "roles/compute.viewer",
                member(SA1),
                "resource.type == 'cloudresourcemanager.googleapis.com/Project'"
                    + " && resource.service == 'cloudresourcemanager.googleapis.com'"
                    + " && resource.name == 'projects/demo-project'")
            .projectBinding(PROJECT, "roles/compute.viewer", member(SA2), "false")
            .start()) {
      String instances = "/compute/v1/projects/" + PROJECT + "/zones/" + ZONE + "/instances";
      assertThat(Wire.as(project, member(SA1)).get(instances).statusCode()).isEqualTo(200);
      assertThat(Wire.as(project, member(SA2)).get(instances).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void accountBinding_withCondition_isReadAsPolicyVersionThree() throws IOException {
    try (IamEmulator declared =
            Demo.world().binding(SA2, TOKEN_CREATOR, member(SA1), "true").start();
        IAMClient client = Clients.iam(declared, declared.googleCredentials(ADMIN))) {
      assertThat(tokenStatus(declared, member(SA1), SA2)).isEqualTo(200);
      assertThat(new Sa2Policy(client).get(3).getVersion()).isEqualTo(3);
    }
  }

  @Test
  void binding_withInvalidCondition_isRefusedAtStart() {
    EmulatorBuilder world = Demo.world().binding(SA2, TOKEN_CREATOR, member(SA1), "maybe");
    assertThatIllegalArgumentException()
        .isThrownBy(world::start)
        .withMessageContaining("undeclared reference to 'maybe'");
  }

  private void grant(String expression) {
    policy.set(3, tokenCreator(condition(expression), member(SA1)));
  }

  private List<String> heldBySa1(String permission) throws IOException {
    try (IAMClient sa1 = Clients.iam(emulator, emulator.googleCredentials(member(SA1)))) {
      return sa1.testIamPermissions(Demo.name(SA2), List.of(permission)).getPermissionsList();
    }
  }

  private int mintsAsSa1() {
    return tokenStatus(emulator, member(SA1), SA2);
  }

  private Refused refused(Expr condition) {
    return Refused.by(() -> policy.set(3, tokenCreator(condition, member(SA1))));
  }
}
