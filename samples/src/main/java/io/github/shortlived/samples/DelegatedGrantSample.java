package io.github.shortlived.samples;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.PolicyChange;
import java.util.List;

/** Applies and revokes the grants that a delegation chain needs. */
public final class DelegatedGrantSample {
  private DelegatedGrantSample() {}

  /** Arguments: the caller as a policy member, and the email addresses of delegate and target. */
  public static void main(String[] args) {
    if (args.length != 3) {
      System.err.println("Usage: DelegatedGrantSample CALLER DELEGATE TARGET");
      return;
    }
    try (Grants grants = Grants.create()) {
      run(grants, Member.of(args[0]), ServiceAccount.of(args[1]), ServiceAccount.of(args[2]));
    }
  }

  static void run(Grants grants, Member caller, ServiceAccount delegate, ServiceAccount deployer) {
    // [START delegated_grant]
    DelegationChain chain = DelegationChain.through(delegate).to(deployer);
    CrossAccountGrant grant = CrossAccountGrant.tokenCreator(caller).along(chain);

    List<PolicyChange> changes = grants.apply(grant);
    changes.forEach(System.out::println); // one line per binding: + ROLE on ACCOUNT for MEMBER

    grants.revoke(grant);
    // [END delegated_grant]
  }
}
