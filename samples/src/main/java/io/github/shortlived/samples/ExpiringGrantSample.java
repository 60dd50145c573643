package io.github.shortlived.samples;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.grant.HeldGrant;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import java.time.Duration;

/** Applies a grant that expires, and one that is revoked at the end of a block of code. */
public final class ExpiringGrantSample {
  private ExpiringGrantSample() {}

  /** Arguments: the caller as a policy member, and the email address of the target. */
  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("Usage: ExpiringGrantSample CALLER TARGET");
      return;
    }
    try (Grants grants = Grants.create()) {
      run(grants, Member.of(args[0]), ServiceAccount.of(args[1]), () -> {});
    }
  }

  static void run(Grants grants, Member caller, ServiceAccount deployer, Runnable work) {
    // [START expiring_grant]
    CrossAccountGrant shift =
        CrossAccountGrant.tokenCreator(caller).on(deployer).expiringIn(Duration.ofHours(8));
    grants.apply(shift).forEach(System.out::println); // + ROLE on ACCOUNT for MEMBER until INSTANT
    // [END expiring_grant]

    // [START held_grant]
    CrossAccountGrant idTokens = CrossAccountGrant.openIdTokenCreator(caller).on(deployer);
    try (HeldGrant held = grants.hold(idTokens.expiringIn(Duration.ofHours(1)))) {
      System.out.println(held.changes());
      work.run();
    } // revoked here, even if the work fails; expires by itself if this process dies
    // [END held_grant]
  }
}
