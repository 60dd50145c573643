package io.github.shortlived.samples;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.account.NewServiceAccount;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.verify.TokenVerification;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Runs the quickstart on the embedded emulator, in a project with a caller and two instances. */
final class EmulatedCloud implements QuickstartCloud {
  private static final String PROJECT = "demo-project";
  private static final String ZONE = "us-west1-a";
  private static final Member ADMIN = Member.of("user:admin@example.com");
  private static final ServiceAccount CALLER =
      ServiceAccount.of("sa-1-caller@demo-project.iam.gserviceaccount.com");
  private static final NewServiceAccount VIA =
      NewServiceAccount.of(PROJECT, "sa-2-delegate").withDisplayName("Delegate");
  private static final NewServiceAccount TARGET =
      NewServiceAccount.of(PROJECT, "sa-3-target").withDisplayName("Target");

  private final IamEmulator emulator;
  private final ShortLivedCredentials admin;
  private final Grants grants;
  private final AccessAudit audit;
  private final ServiceAccounts accounts;
  private final TokenVerification verification;
  private final ShortLivedCredentials credentials;

  EmulatedCloud() {
    this.emulator =
        IamEmulator.builder()
            .serviceAccount(CALLER.id())
            .projectBinding(PROJECT, "roles/owner", ADMIN.id())
            .instance(PROJECT, ZONE, "vm-1")
            .instance(PROJECT, ZONE, "vm-2")
            .start();
    this.admin = emulator.credentialsFor(ADMIN);
    this.grants = Grants.using(admin);
    this.audit = AccessAudit.using(admin);
    this.accounts = ServiceAccounts.using(admin);
    this.verification = emulator.tokenVerification();
    this.credentials =
        ShortLivedCredentials.builder()
            .keyJson(emulator.serviceAccountKey(CALLER.id()))
            .endpoints(emulator.endpoints())
            .build();
  }

  @Override
  public void describe(PrintStream out) {
    out.printf("Embedded emulator, project %s (no cloud account needed)%n", PROJECT);
    out.printf("  caller    %s%n", CALLER);
    out.printf("  delegate  %s%n", via());
    out.printf("  target    %s%n", target());
  }

  @Override
  public ShortLivedCredentials credentials() {
    return credentials;
  }

  @Override
  public Member caller() {
    return Member.of(CALLER);
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
    return List.of(VIA, TARGET);
  }

  @Override
  public String project() {
    return PROJECT;
  }

  @Override
  public String zone() {
    return ZONE;
  }

  @Override
  public ServiceAccount via() {
    return VIA.account();
  }

  @Override
  public ServiceAccount target() {
    return TARGET.account();
  }

  @Override
  public void allowListing() {
    emulator.addProjectBinding(PROJECT, "roles/compute.viewer", Member.of(target()).id());
  }

  @Override
  public Duration propagation() {
    return Duration.ZERO;
  }

  @Override
  public void close() {
    verification.close();
    accounts.close();
    audit.close();
    grants.close();
    admin.close();
    credentials.close();
    emulator.close();
  }
}
