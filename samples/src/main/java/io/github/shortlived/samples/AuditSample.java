package io.github.shortlived.samples;

import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.audit.AccessPaths;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import java.util.Arrays;
import java.util.List;

/** Reports who can issue credentials of an account, and on which paths. */
public final class AuditSample {
  private AuditSample() {}

  /**
   * Arguments: the caller as a policy member, the email address of the target, and those of the
   * accounts that chains may pass.
   */
  public static void main(String[] args) {
    if (args.length < 2) {
      System.err.println("Usage: AuditSample CALLER TARGET [ACCOUNT...]");
      return;
    }
    List<ServiceAccount> accounts = Arrays.stream(args).skip(2).map(ServiceAccount::of).toList();
    try (AccessAudit audit = AccessAudit.create()) {
      run(audit, Member.of(args[0]), ServiceAccount.of(args[1]), accounts);
    }
  }

  static void run(
      AccessAudit audit, Member caller, ServiceAccount deployer, List<ServiceAccount> accounts) {
    // [START audit]
    System.out.println(audit.audit(deployer)); // a tree: members, permissions, roles

    AccessPaths paths = audit.findAccessPaths(caller, deployer, accounts);
    System.out.println(paths); // direct paths, and chains through these accounts
    // [END audit]
  }
}
