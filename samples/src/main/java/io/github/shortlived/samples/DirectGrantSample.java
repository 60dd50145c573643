package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.GrantPlan;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import java.nio.file.Path;

/** Plans a direct grant, applies it, waits until it is effective, uses it and rolls it back. */
public final class DirectGrantSample {
  private DirectGrantSample() {}

  /**
   * Arguments: the caller's key file, and the email addresses of the caller and the target. The
   * Application Default Credentials edit the target's policy.
   */
  public static void main(String[] args) {
    if (args.length != 3) {
      System.err.println("Usage: DirectGrantSample KEY_FILE CALLER TARGET");
      return;
    }
    Member caller = Member.of(ServiceAccount.of(args[1]));
    try (Grants grants = Grants.create();
        ShortLivedCredentials credentials = ShortLivedCredentials.fromKeyFile(Path.of(args[0]))) {
      run(grants, caller, credentials, ServiceAccount.of(args[2]));
    }
  }

  static void run(
      Grants grants, Member caller, ShortLivedCredentials credentials, ServiceAccount deployer) {
    // [START direct_grant]
    CrossAccountGrant grant = CrossAccountGrant.tokenCreator(caller).on(deployer);

    GrantPlan plan = grants.plan(grant);
    System.out.println(plan); // one line per change: + ROLE on ACCOUNT for MEMBER
    plan.apply();

    grants.awaitEffective(plan, credentials); // blocks for up to 7 minutes by default
    System.out.println(credentials.accessToken(deployer, CLOUD_PLATFORM));

    plan.rollBack(); // removes only the bindings that this plan added
    // [END direct_grant]
  }
}
