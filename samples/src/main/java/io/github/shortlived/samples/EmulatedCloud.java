package io.github.shortlived.samples;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.IamEmulator;
import java.io.PrintStream;
import java.time.Duration;

/** Runs the quickstart on the embedded emulator, in a project with two instances. */
final class EmulatedCloud implements QuickstartCloud {
  private static final String PROJECT = "demo-project";
  private static final String ZONE = "us-west1-a";
  private static final Member ADMIN = Member.of("user:admin@example.com");

  private final ServiceAccount caller = account("sa-1");
  private final ServiceAccount via = account("sa-2");
  private final ServiceAccount target = account("sa-3");
  private final IamEmulator emulator;
  private final ShortLivedCredentials admin;
  private final Grants grants;
  private final ShortLivedCredentials credentials;

  EmulatedCloud() {
    this.emulator =
        IamEmulator.builder()
            .serviceAccount(caller.id())
            .serviceAccount(via.id())
            .serviceAccount(target.id())
            .projectBinding(PROJECT, "roles/owner", ADMIN.id())
            .instance(PROJECT, ZONE, "vm-1")
            .instance(PROJECT, ZONE, "vm-2")
            .start();
    this.admin = emulator.credentialsFor(ADMIN);
    emulator.addProjectBinding(PROJECT, "roles/compute.viewer", Member.of(target).id());
    this.grants = Grants.using(admin);
    this.credentials =
        ShortLivedCredentials.builder()
            .keyJson(emulator.serviceAccountKey(caller.id()))
            .endpoints(emulator.endpoints())
            .build();
  }

  private static ServiceAccount account(String name) {
    return ServiceAccount.of(name + "@" + PROJECT + ".iam.gserviceaccount.com");
  }

  @Override
  public void describe(PrintStream out) {
    out.printf("Embedded emulator, project %s (no cloud account needed)%n", PROJECT);
    out.printf("  created  %s  the caller%n", caller);
    out.printf("  created  %s  the delegate%n", via);
    out.printf("  created  %s  the target%n", target);
  }

  @Override
  public ShortLivedCredentials credentials() {
    return credentials;
  }

  @Override
  public Member caller() {
    return Member.of(caller);
  }

  @Override
  public Grants grants() {
    return grants;
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
    return via;
  }

  @Override
  public ServiceAccount target() {
    return target;
  }

  @Override
  public Duration propagation() {
    return Duration.ZERO;
  }

  @Override
  public void close() {
    grants.close();
    admin.close();
    credentials.close();
    emulator.close();
  }
}
