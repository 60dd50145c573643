package io.github.shortlived.samples;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.diagnosis.Diagnosis;
import io.github.shortlived.diagnosis.Diagnostics;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.ServiceAccount;

/** Finds out why a credential is refused, at which account, and how to fix it. */
public final class DiagnosisSample {
  private DiagnosisSample() {}

  /** Arguments: the email addresses of the delegate and of the target. */
  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("Usage: DiagnosisSample DELEGATE TARGET");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create();
        AccessAudit audit = AccessAudit.using(credentials);
        Grants grants = Grants.using(credentials)) {
      run(credentials, audit, grants, ServiceAccount.of(args[0]), ServiceAccount.of(args[1]));
    }
  }

  static void run(
      ShortLivedCredentials credentials,
      AccessAudit audit,
      Grants grants,
      ServiceAccount delegate,
      ServiceAccount deployer) {
    // [START diagnosis]
    DelegationChain chain = DelegationChain.through(delegate).to(deployer);
    Diagnosis diagnosis = Diagnostics.using(credentials).readingPoliciesWith(audit).diagnose(chain);
    System.out.println(diagnosis); // account by account: what was observed or inferred, the remedy

    diagnosis.findings().stream()
        .flatMap(finding -> finding.remedy().grant().stream())
        .forEach(grant -> System.out.println(grants.plan(grant))); // + ROLE on ACCOUNT for MEMBER
    // [END diagnosis]
  }
}
