package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.GrantPlan;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import java.nio.file.Path;

/** A direct grant: looked at, made, waited for, used and taken back. */
public final class DirectGrantSample {
  private DirectGrantSample() {}

  /**
   * Arguments: the caller's key file, and the email addresses of caller and target. The Application
   * Default Credentials edit the target's policy.
   */
  public static void main(String[] args) {
    Member caller = Member.of(ServiceAccount.of(args[1]));
    try (Grants grants = Grants.create();
        ShortLivedCredentials credentials = ShortLivedCredentials.fromKeyFile(Path.of(args[0]))) {
      run(grants, caller, credentials, ServiceAccount.of(args[2]));
    }
  }

  static void run(
      Grants grants, Member caller, ShortLivedCredentials credentials, ServiceAccount deployer) {
    // [START directGrant]
    CrossAccountGrant grant = CrossAccountGrant.tokenCreator(caller).on(deployer);

    GrantPlan plan = grants.plan(grant);
    System.out.println(plan); // one line per change: + ROLE on ACCOUNT for MEMBER
    plan.apply();

    grants.awaitEffective(plan, credentials); // Google takes some minutes; 7 at most unless told
    System.out.println(credentials.accessToken(deployer, CLOUD_PLATFORM));

    plan.rollBack(); // takes back what the plan added, and nothing that was there before
    // [END directGrant]
  }
}
