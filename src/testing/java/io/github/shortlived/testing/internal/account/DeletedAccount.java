package io.github.shortlived.testing.internal.account;

import java.time.Duration;
import java.time.Instant;

/** A deleted account, which can be restored for 30 days. */
public record DeletedAccount(Account account, Instant deletedAt) {
  private static final Duration RESTORABLE = Duration.ofDays(30);

  public boolean isRestorableAt(Instant now) {
    return now.isBefore(deletedAt.plus(RESTORABLE));
  }

  /** Returns the member in bindings after the deletion; a new account has another member. */
  public static String member(Account account) {
    return "deleted:" + account.principal().member() + "?uid=" + account.uniqueId();
  }

  /** Returns the resource name of the policy after the deletion; a new account has another one. */
  public static String policyName(Account account) {
    return account.resource().name() + "?uid=" + account.uniqueId();
  }
}
