package io.github.shortlived.testing;

import java.time.Duration;
import java.time.Instant;

/** An account that can be had back for 30 days. */
record DeletedAccount(Account account, Instant deletedAt) {
  private static final Duration KEPT = Duration.ofDays(30);

  boolean isKeptAt(Instant now) {
    return now.isBefore(deletedAt.plus(KEPT));
  }

  /** Where the policy of the account waits, out of the way of a new account of the same email. */
  static String policyName(Account account) {
    return account.resource().name() + "?uid=" + account.uniqueId();
  }
}
