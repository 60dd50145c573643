package io.github.shortlived.samples;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import java.io.PrintStream;
import java.time.Duration;

/** Environment in which the quickstart runs. */
interface QuickstartCloud extends AutoCloseable {
  /** Prints the project and the accounts. */
  void describe(PrintStream out);

  ShortLivedCredentials credentials();

  /** The caller of {@link #credentials()}, as a policy member. */
  Member caller();

  Grants grants();

  String project();

  String zone();

  ServiceAccount via();

  ServiceAccount target();

  /** The longest time until a policy change takes effect. */
  Duration propagation();

  @Override
  void close();
}
