package io.github.shortlived.testing.internal.account;

import java.time.Duration;
import java.time.Instant;

/** A deleted account, which can be restored for 30 days. */
public record DeletedAccount(Account account, Instant deletedAt) {
  private static final Duration KEPT = Duration.ofDays(30);

  public boolean isKeptAt(Instant now) {
    return now.isBefore(deletedAt.plus(KEPT));
  }

  /** The member in bindings after the deletion, which no new account of the same email has. */
  public static String member(Account account) {
    return "deleted:" + account.principal().member() + "?uid=" + account.uniqueId();
  }

  /** The resource name of the account's policy, which no new account of the same email has. */
  public static String policyName(Account account) {
    return account.resource().name() + "?uid=" + account.uniqueId();
  }
}
