package io.github.shortlived.samples;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import java.io.PrintStream;
import java.time.Duration;

/** Runs the quickstart on Google Cloud, with existing accounts and instances. */
final class GoogleCloud implements QuickstartCloud {
  private final QuickstartOptions options;
  private final ServiceAccount via;
  private final ServiceAccount target;
  private final ShortLivedCredentials credentials;
  private final Member caller;
  private final Grants grants;

  GoogleCloud(QuickstartOptions options) {
    this.options = options;
    this.via = options.account("--via");
    this.target = options.account("--target");
    this.credentials =
        options
            .key()
            .map(ShortLivedCredentials::fromKeyFile)
            .orElseGet(ShortLivedCredentials::create);
    this.caller =
        credentials
            .callerMember()
            .orElseThrow(
                () ->
                    new QuickstartOptions.UsageException(
                        "The identity of the Application Default Credentials is unknown:"
                            + " pass --key FILE."));
    requireCallerNotIn(options.chain());
    this.grants = Grants.create();
  }

  private void requireCallerNotIn(DelegationChain chain) {
    if (chain.accounts().stream().map(Member::of).anyMatch(caller::equals)) {
      throw new QuickstartOptions.UsageException(
          "The caller %s must not be in the chain: pass other accounts as --via and --target."
              .formatted(caller));
    }
  }

  @Override
  public void describe(PrintStream out) {
    out.printf("Google Cloud, project %s%n", project());
    out.printf("  caller    %s%n", caller);
    out.printf("  delegate  %s%n", via);
    out.printf("  target    %s%n", target);
  }

  @Override
  public ShortLivedCredentials credentials() {
    return credentials;
  }

  @Override
  public Member caller() {
    return caller;
  }

  @Override
  public Grants grants() {
    return grants;
  }

  @Override
  public String project() {
    return options.get("--project");
  }

  @Override
  public String zone() {
    return options.get("--zone");
  }

  @Override
  public ServiceAccount via() {
    return via;
  }

  @Override
  public ServiceAccount target() {
    return target;
  }

  @Override
  public Duration propagation() {
    return Duration.ofMinutes(10);
  }

  @Override
  public void close() {
    grants.close();
    credentials.close();
  }
}
