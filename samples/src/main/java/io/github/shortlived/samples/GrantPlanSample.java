package io.github.shortlived.samples;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.GrantPlan;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;

/** Shows a plan as text, as gcloud commands and as Terraform resources, without applying it. */
public final class GrantPlanSample {
  private GrantPlanSample() {}

  /** Arguments: the caller as a policy member, and the email address of the target. */
  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("Usage: GrantPlanSample CALLER TARGET");
      return;
    }
    try (Grants grants = Grants.create()) {
      run(grants, Member.of(args[0]), ServiceAccount.of(args[1]));
    }
  }

  static void run(Grants grants, Member caller, ServiceAccount deployer) {
    // [START grant_plan]
    GrantPlan plan = grants.plan(CrossAccountGrant.tokenCreator(caller).on(deployer));
    System.out.println(plan);
    plan.gcloudCommands().forEach(System.out::println);
    System.out.println(plan.terraform());
    // [END grant_plan]
  }
}
