package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.DemoProject;
import io.github.shortlived.model.Member;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlanRenderingTest {
  private static final CrossAccountGrant GRANT =
      CrossAccountGrant.tokenCreator(CALLER).along(CHAIN);

  private final DemoProject demo = new DemoProject();

  @AfterEach
  void close() {
    demo.close();
  }

  @Test
  void renderings_plannedGrant_omitWhatIsInPlace() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).on(DELEGATE_1));
    GrantPlan plan = demo.grants().plan(GRANT);
    assertThat(plan.gcloudCommands())
        .hasSize(2)
        .allMatch(command -> command.contains(" add-iam-policy-binding "));
    assertThat(plan.terraform().split("\nresource ")).hasSize(2);
  }

  @Test
  void renderings_plannedRevocation_nameTheSameBinding() {
    GrantPlan granted = demo.grants().plan(GRANT);
    granted.apply();
    GrantPlan revoked = demo.grants().planRevokeEverything(Member.of(CALLER), DELEGATE_1);
    assertThat(revoked.gcloudCommands())
        .containsExactly(granted.gcloudCommands().get(0).replace(" add-", " remove-"));
    assertThat(granted.terraform()).contains('"' + labelIn(revoked.terraform()) + '"');
  }

  @Test
  void renderings_nothingToDo_sayThat() {
    demo.grants().apply(GRANT);
    GrantPlan plan = demo.grants().plan(GRANT);
    assertThat(plan.gcloudCommands()).isEmpty();
    assertThat(plan.terraform()).isEqualTo("# Nothing to do\n");
  }

  private static String labelIn(String deletion) {
    return deletion.replaceFirst(
        "(?s)^# Delete google_service_account_iam_member\\.(\\w+): .*", "$1");
  }
}
