package io.github.shortlived.samples;

import io.github.shortlived.grant.GrantPlan;
import io.github.shortlived.grant.Grants;

/** Lists the expired grants of a project, then removes them. */
public final class SweepSample {
  private SweepSample() {}

  /** Argument: the project's id. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: SweepSample PROJECT");
      return;
    }
    try (Grants grants = Grants.create()) {
      run(grants, args[0]);
    }
  }

  static void run(Grants grants, String project) {
    // [START sweep]
    GrantPlan sweep = grants.planSweepOfProject(project);
    System.out.println(sweep); // - ROLE on ACCOUNT for MEMBER until INSTANT
    sweep.apply();
    // [END sweep]
  }
}
