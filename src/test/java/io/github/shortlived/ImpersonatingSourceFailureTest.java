package io.github.shortlived;

import static io.github.shortlived.DemoProject.ADMIN;
import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.rpc.Code;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.ServiceDisabled;
import io.github.shortlived.model.CredentialException.SourceCredentials;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.WorkloadIdentityProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that a failure names the grants that impersonating source credentials need. */
class ImpersonatingSourceFailureTest {
  private static final String TOKEN_CREATOR = "roles/iam.serviceAccountTokenCreator";
  private static final String FAILED =
      "generateAccessToken for "
          + TARGET
          + " failed because the source credentials returned no token: Permission"
          + " 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist)."
          + " (PERMISSION_DENIED, IAM_PERMISSION_DENIED)";

  private final IamEmulator emulator =
      IamEmulator.builder()
          .project(PROJECT)
          .serviceAccount(CALLER.id())
          .serviceAccount(DELEGATE_1.id())
          .serviceAccount(DELEGATE_2.id())
          .serviceAccount(TARGET.id())
          .projectBinding(PROJECT, "roles/owner", ADMIN.id())
          .binding(TARGET.id(), TOKEN_CREATOR, Member.of(DELEGATE_1).id())
          .workloadIdentityPool(PROJECT, "ci-pool", "github", "https://ci.example.com")
          .start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  private GoogleCredentials actingAs(ServiceAccount account, String... delegates) {
    return ImpersonatingSources.ofCaller(emulator, account, delegates);
  }

  private GoogleCredentials workload(Path dir) throws IOException {
    WorkloadIdentityProvider ci = emulator.workloadIdentityProvider(PROJECT, "ci-pool", "github");
    Path token = Files.writeString(dir.resolve("token"), ci.subjectToken("main"));
    return ImpersonatingSources.federated(emulator, ci.externalAccount(token, DELEGATE_1.id()));
  }

  private ShortLivedCredentials from(GoogleCredentials source) {
    return ShortLivedCredentials.builder().source(source).endpoints(emulator.endpoints()).build();
  }

  private <E extends CredentialException> E failure(Class<E> type, GoogleCredentials source) {
    try (ShortLivedCredentials credentials = from(source)) {
      return catchThrowableOfType(type, () -> credentials.accessToken(TARGET, CLOUD_PLATFORM));
    }
  }

  private void grant() {
    try (ShortLivedCredentials admin = emulator.credentialsFor(ADMIN);
        Grants grants = Grants.using(admin)) {
      grants.apply(CrossAccountGrant.tokenCreator(CALLER).on(DELEGATE_1));
    }
  }

  private static String needs(ServiceAccount member, String permission, ServiceAccount account) {
    return ("\n  %1$s needs iam.serviceAccounts.%2$s on %3$s:"
            + "\n    CrossAccountGrant.%4$sokenCreator(Member.of(\"%1$s\")).on(ServiceAccount.of(\"%3$s\"))"
            + "\n    gcloud iam service-accounts add-iam-policy-binding %3$s \\"
            + "\n        --member=%1$s \\"
            + "\n        --role=roles/iam.serviceAccount%5$sTokenCreator \\"
            + "\n        --condition=None")
        .formatted(
            Member.of(member),
            permission,
            account,
            permission.equals("getOpenIdToken") ? "openIdT" : "t",
            permission.equals("getOpenIdToken") ? "OpenId" : "");
  }

  @Test
  void accessToken_sourceMayNotImpersonate_namesTheGrant() {
    assertThat(failure(SourceCredentials.class, actingAs(DELEGATE_1)))
        .hasMessage(
            FAILED
                + "\nIt needs this grant:"
                + needs(CALLER, "getAccessToken", DELEGATE_1)
                + "\nGoogle's page:"
                + " https://cloud.google.com/iam/docs/create-short-lived-credentials-direct"
                + "\nSee https://shortlived.github.io/short-lived-credentials/troubleshooting.html#no-source-token.");
  }

  @Test
  void accessToken_sourceMayImpersonate_isIssued() {
    grant();
    try (ShortLivedCredentials credentials = from(actingAs(DELEGATE_1))) {
      assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM).token()).startsWith("ya29.");
    }
  }

  @Test
  void accessToken_sourceWithDelegates_namesAllGrants() {
    assertThat(failure(SourceCredentials.class, actingAs(DELEGATE_1, DELEGATE_2.id())))
        .hasMessageContaining(
            "\nIt needs each of these grants:"
                + needs(CALLER, "implicitDelegation", DELEGATE_2)
                + needs(DELEGATE_2, "getAccessToken", DELEGATE_1)
                + "\nIf the order of the chain is wrong, correct it: these grants are for this order."
                + "\nGoogle does not report which of them is missing.\n");
  }

  @Test
  void accessToken_nestedSourceMayNotImpersonate_namesTheInnerGrant() {
    GoogleCredentials inner = actingAs(DELEGATE_2);
    assertThat(
            failure(SourceCredentials.class, ImpersonatingSources.of(inner, emulator, DELEGATE_1)))
        .hasMessageContaining(needs(CALLER, "getAccessToken", DELEGATE_2))
        .hasMessageNotContaining("on " + DELEGATE_1);
  }

  @Test
  void accessToken_workloadMayNotImpersonate_namesAccountAndRole(@TempDir Path dir)
      throws Exception {
    assertThat(failure(SourceCredentials.class, workload(dir)))
        .hasMessage(
            FAILED
                + """

                It needs this grant:
                  MEMBER needs iam.serviceAccounts.getAccessToken on %1$s:
                    CrossAccountGrant.workloadIdentityUser(Member.of("MEMBER")).on(ServiceAccount.of("%1$s"))
                    gcloud iam service-accounts add-iam-policy-binding %1$s \\
                        --member=MEMBER \\
                        --role=roles/iam.workloadIdentityUser \\
                        --condition=None
                Replace MEMBER: the source credentials do not say who the caller is.
                Google's page: https://cloud.google.com/iam/docs/manage-access-service-accounts
                See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#no-source-token."""
                    .formatted(DELEGATE_1));
  }

  @Test
  void accessToken_sourceRefusedForAnotherReason_proposesNoGrant() {
    emulator.faults().on("generateAccessToken").fail(Code.PERMISSION_DENIED);
    assertThat(failure(SourceCredentials.class, actingAs(DELEGATE_1)))
        .hasMessageNotContaining("It needs")
        .hasMessageEndingWith(
            "(PERMISSION_DENIED) See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#no-source-token.");
  }

  @Test
  void accessToken_apiDisabledForTheSource_namesTheCommand() {
    emulator.controls().disableApi(PROJECT, "iamcredentials.googleapis.com");
    assertThat(failure(ServiceDisabled.class, actingAs(DELEGATE_1)))
        .hasMessageStartingWith(
            "generateAccessToken for "
                + TARGET
                + " failed because the source credentials returned no token: IAM Service Account"
                + " Credentials API has not been used in project ")
        .hasMessageEndingWith(
            """
            (PERMISSION_DENIED, SERVICE_DISABLED)
            Enable it: gcloud services enable iamcredentials.googleapis.com --project=%s
            See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#api-disabled."""
                .formatted(IamEmulator.projectNumber(PROJECT)));
  }

  @Test
  void idToken_ofImpersonatingSource_callsIamAndNamesTheGrant() {
    try (ShortLivedCredentials credentials = from(actingAs(DELEGATE_1))) {
      PermissionDenied refusal =
          catchThrowableOfType(
              PermissionDenied.class, () -> credentials.idToken(Target.self(), "orders"));

      assertThat(refusal)
          .hasMessageStartingWith("generateIdToken for " + DELEGATE_1 + " refused: ")
          .hasMessageContaining(needs(CALLER, "getOpenIdToken", DELEGATE_1));
      assertThat(refusal.method()).contains("generateIdToken");
      grant();
      assertThat(credentials.idToken(Target.self(), "orders").token()).startsWith("ey");
    }
  }
}
