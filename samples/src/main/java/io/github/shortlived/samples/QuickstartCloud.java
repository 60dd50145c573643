package io.github.shortlived.samples;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import java.io.PrintStream;
import java.time.Duration;

/** Where the quickstart runs. */
interface QuickstartCloud extends AutoCloseable {
  /** Says where we are, and makes ready what the story needs. */
  void prepare(PrintStream out);

  ShortLivedCredentials credentials();

  /** The caller of {@link #credentials()}, as policies name it. */
  Member caller();

  Grants grants();

  String project();

  String zone();

  ServiceAccount via();

  ServiceAccount target();

  /** How long a policy change may take to take effect. */
  Duration propagation();

  @Override
  void close();
}
