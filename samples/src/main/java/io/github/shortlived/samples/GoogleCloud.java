package io.github.shortlived.samples;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.account.NewServiceAccount;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.verify.TokenVerification;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Runs the quickstart on Google Cloud, with existing or new accounts and existing instances. */
final class GoogleCloud implements QuickstartCloud {
  private final QuickstartOptions options;
  private final List<NewServiceAccount> newAccounts;
  private final DelegationChain chain;
  private final ShortLivedCredentials credentials;
  private final ShortLivedCredentials admin;
  private final Member caller;
  private final Grants grants;
  private final AccessAudit audit;
  private final ServiceAccounts accounts;
  private final TokenVerification verification;

  GoogleCloud(QuickstartOptions options) {
    this(
        options,
        options
            .key()
            .map(ShortLivedCredentials::fromKeyFile)
            .orElseGet(ShortLivedCredentials::create),
        ShortLivedCredentials.create(),
        TokenVerification.create());
  }

  /** Creates a cloud whose administrator makes the grants and the accounts; closes all three. */
  GoogleCloud(
      QuickstartOptions options,
      ShortLivedCredentials credentials,
      ShortLivedCredentials admin,
      TokenVerification verification) {
    this.options = options;
    this.newAccounts = options.newAccounts();
    this.chain =
        newAccounts.isEmpty()
            ? options.chain()
            : DelegationChain.through(newAccounts.get(0).account())
                .to(newAccounts.get(1).account());
    this.credentials = credentials;
    this.admin = admin;
    this.caller =
        credentials
            .callerMember()
            .orElseThrow(
                () ->
                    new QuickstartOptions.UsageException(
                        "The identity of the Application Default Credentials is unknown:"
                            + " pass --key FILE."));
    requireCallerNotIn(chain);
    this.grants = Grants.using(admin);
    this.audit = AccessAudit.using(admin);
    this.accounts = ServiceAccounts.using(admin);
    this.verification = verification;
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
    out.printf("  delegate  %s%n", via());
    out.printf("  target    %s%n", target());
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
  public AccessAudit audit() {
    return audit;
  }

  @Override
  public ServiceAccounts accounts() {
    return accounts;
  }

  @Override
  public TokenVerification verification() {
    return verification;
  }

  @Override
  public List<NewServiceAccount> newAccounts() {
    return newAccounts;
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
    return chain.delegates().get(0);
  }

  @Override
  public ServiceAccount target() {
    return chain.target();
  }

  /** Does nothing: the quickstart edits no policy of a project. */
  @Override
  public void allowListing() {}

  @Override
  public Duration propagation() {
    return Duration.ofMinutes(10);
  }

  @Override
  public void close() {
    verification.close();
    accounts.close();
    audit.close();
    grants.close();
    admin.close();
    credentials.close();
  }
}
