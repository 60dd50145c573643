package io.github.shortlived.samples;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.account.NewServiceAccount;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.verify.TokenVerification;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Environment in which the quickstart runs. */
interface QuickstartCloud extends AutoCloseable {
  /** Prints the project and the accounts. */
  void describe(PrintStream out);

  ShortLivedCredentials credentials();

  /** The caller of {@link #credentials()}, as a policy member. */
  Member caller();

  Grants grants();

  /** Reads policies as the caller of {@link #grants()}. */
  AccessAudit audit();

  ServiceAccounts accounts();

  /** Verifies credentials as their receiver does, without credentials of its own. */
  TokenVerification verification();

  /** The accounts that the run creates and deletes: delegate and target, or none if they exist. */
  List<NewServiceAccount> newAccounts();

  String project();

  String zone();

  ServiceAccount via();

  ServiceAccount target();

  /** Allows the target to list the instances, if the quickstart can do that here. */
  void allowListing();

  /** The longest time until a new account is known or a policy change takes effect. */
  Duration propagation();

  @Override
  void close();
}
