package io.github.shortlived.samples;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.GrantPlan;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Saves a plan to a file, and applies it in another run, for example after a review. */
public final class SavedPlanSample {
  private SavedPlanSample() {}

  /**
   * Arguments: the file; to plan, also the caller as a policy member, and the email address of the
   * target. Without them, applies the plan of the file.
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 1 && args.length != 3) {
      System.err.println("Usage: SavedPlanSample FILE [CALLER TARGET]");
      return;
    }
    Path file = Path.of(args[0]);
    try (Grants grants = Grants.create()) {
      if (args.length == 3) {
        plan(grants, Member.of(args[1]), ServiceAccount.of(args[2]), file);
      } else {
        apply(grants, file);
      }
    }
  }

  static void run(Grants grants, Member caller, ServiceAccount deployer, Path file)
      throws IOException {
    plan(grants, caller, deployer, file);
    apply(grants, file);
  }

  static void plan(Grants grants, Member caller, ServiceAccount deployer, Path file)
      throws IOException {
    // [START saved_plan]
    GrantPlan plan = grants.plan(CrossAccountGrant.tokenCreator(caller).on(deployer));
    Files.writeString(file, plan.toJson());
    // [END saved_plan]
  }

  static void apply(Grants grants, Path file) throws IOException {
    // [START apply_saved_plan]
    GrantPlan plan = grants.planFromJson(Files.readString(file));
    System.out.println(plan); // + ROLE on ACCOUNT for MEMBER
    try {
      plan.apply();
    } catch (CredentialException.Conflict e) { // a policy has changed since
      System.out.println(e.getMessage());
    }
    // [END apply_saved_plan]
  }
}
