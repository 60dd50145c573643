package io.github.shortlived.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.Code;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.account.NewServiceAccount;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.verify.TokenVerification;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuickstartTest {
  private static final String HOST = "demo-project.iam.gserviceaccount.com";
  private static final String CALLER = "sa-1-caller@" + HOST;
  private static final Member ADMIN = Member.of("user:admin@example.com");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return Quickstart.run(args, stream(out), stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void run_withoutOptions_runsAllStepsOnTheEmulator() {
    assertThat(run()).isZero();
    assertThat(text(out))
        .containsSubsequence(
            "caller    sa-1-caller@demo-project.iam.gserviceaccount.com",
            "1. Create the delegate and the target",
            "+ sa-2-delegate@demo-project.iam.gserviceaccount.com (",
            "+ sa-3-target@demo-project.iam.gserviceaccount.com (",
            "sa-3-target@demo-project.iam.gserviceaccount.com is usable after 0 s",
            "generateAccessToken for sa-3-target@demo-project.iam.gserviceaccount.com refused",
            "It needs this grant:",
            "plan:",
            "+ roles/iam.serviceAccountTokenCreator on sa-3-target@",
            "applied:",
            "+ roles/iam.serviceAccountTokenCreator on sa-3-target@",
            " until ",
            "access token  AccessToken[sha256:",
            "ID token      IdToken[sha256:",
            "signed JWT    SignedJwt[sha256:",
            "signed blob   SignedBlob[sha256:",
            "ID token      VerifiedIdToken[",
            "signed JWT    VerifiedJwt[",
            "signed blob   signed by sa-3-target@",
            "FAILS: ",
            "along the chain: refused: iam.serviceAccounts.getAccessToken is missing",
            "access token  AccessToken[sha256:",
            "vm-1  RUNNING",
            "vm-2  RUNNING",
            "- roles/iam.serviceAccountTokenCreator on sa-3-target@",
            "The request is refused again",
            "direct: refused: iam.serviceAccounts.getAccessToken is missing",
            "along the chain: refused: iam.serviceAccounts.",
            "Delete the accounts that were created",
            "- sa-2-delegate@demo-project.iam.gserviceaccount.com",
            "- sa-3-target@demo-project.iam.gserviceaccount.com");
    assertThat(text(err)).isEmpty();
  }

  @Test
  void run_withoutOptions_printsNoSecret() {
    run();
    assertThat(text(out) + text(err)).doesNotContain("ya29.").doesNotContain("eyJ");
  }

  @ParameterizedTest
  @CsvSource({
    "--project p, 'Missing: --target, --via, --zone.'",
    "--project p --zone z --via b@p.iam.gserviceaccount.com --target b@p.iam.gserviceaccount.com, '--via, --target: Invalid delegation chain'",
    "--project, Option --project needs a value.",
    "--projekt p, Unknown option '--projekt'.",
    "--project p --project q, Option --project is given twice.",
    "--project p --zone z --create --via b@p.iam.gserviceaccount.com, 'Leave out --target and --via'",
    "--project 123456789012 --zone z --create, '--project: Invalid project ''123456789012'''",
    "--project p --create, Missing: --zone.",
    "--project p --zone z --create --create, Option --create is given twice.",
    "--project p --zone z --via b@p.iam.gserviceaccount.com --target me@example.com, --target: Invalid service account 'me@example.com'",
  })
  void run_wrongOption_printsUsageAndExitsWith2(String options, String message) {
    assertThat(run(options.split(" "))).isEqualTo(2);
    assertThat(text(err)).startsWith(message).contains("Usage: Quickstart");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void run_help_printsUsage() {
    assertThat(run("--help")).isZero();
    assertThat(text(out)).startsWith("Usage: Quickstart");
  }

  @Test
  void run_missingKeyFile_printsItAndExitsWith1() {
    String accounts = "--via b@p.iam.gserviceaccount.com --target c@p.iam.gserviceaccount.com";
    String options = "--project p --zone z " + accounts + " --key no-such-file.json";
    assertThat(run(options.split(" "))).isEqualTo(1);
    assertThat(text(err)).contains("'no-such-file.json' cannot be used: it does not exist");
  }

  @Test
  void run_callerMayNotGrant_printsTheRemedyAndExitsWith1() {
    int status = Quickstart.run(new GrantingAsTheCaller(), stream(out), stream(err), pause -> {});
    assertThat(status).isEqualTo(1);
    assertThat(text(err))
        .startsWith(
            "Reading the policy of sa-3-target@demo-project.iam.gserviceaccount.com refused")
        .contains("--member=serviceAccount:sa-1-caller@demo-project.iam.gserviceaccount.com")
        .contains("--role=roles/iam.serviceAccountViewer");
    assertThat(text(out)).endsWith("- sa-3-target@%s%n".formatted(HOST));
  }

  @Test
  void run_createOnAProject_createsAccountsAndDeletesThem() {
    try (IamEmulator project = project()) {
      assertThat(runOn(project)).isZero();
      assertThat(text(out))
          .containsSubsequence(
              "+ quickstart-delegate-",
              "+ quickstart-target-",
              "access token  AccessToken[sha256:",
              "To see them, grant the target roles/compute.viewer in the project.",
              "- quickstart-delegate-",
              "- quickstart-target-");
      assertThat(accountsOf(project)).containsExactly(CALLER);
    }
  }

  @Test
  void run_createOnAProjectAndAStepFails_deletesTheAccounts() {
    try (IamEmulator project = project()) {
      project.faults().on("setIamPolicy").fail(Code.INVALID_ARGUMENT);
      assertThat(runOn(project)).isEqualTo(1);
      assertThat(text(out)).contains("+ quickstart-target-");
      assertThat(accountsOf(project)).containsExactly(CALLER);
    }
  }

  @Test
  void run_createOnAProjectAndAStepAndTheRevocationFail_printsTheStepFirst() {
    try (IamEmulator project = project()) {
      project.faults().on("generateIdToken").fail(Code.INVALID_ARGUMENT);
      project.faults().on("setIamPolicy").every(2).fail(Code.INVALID_ARGUMENT);
      assertThat(runOn(project)).isEqualTo(1);
      assertThat(text(err))
          .startsWith("generateIdToken for quickstart-target-")
          .containsPattern("(?m)^Editing the policy of quickstart-target-");
      assertThat(accountsOf(project)).containsExactly(CALLER);
    }
  }

  @Test
  void run_createOnAProjectAndTheSecondAccountFails_deletesTheFirst() {
    try (IamEmulator project = project()) {
      project.faults().on("createServiceAccount").every(2).fail(Code.INVALID_ARGUMENT);
      assertThat(runOn(project)).isEqualTo(1);
      assertThat(text(out)).contains("+ quickstart-delegate-").contains("- quickstart-delegate-");
      assertThat(accountsOf(project)).containsExactly(CALLER);
    }
  }

  @Test
  void run_createOnAProjectAndDeletionFails_printsWhichAccountsAreLeft() {
    try (IamEmulator project = project()) {
      project.faults().on("deleteServiceAccount").fail(Code.INVALID_ARGUMENT);
      assertThat(runOn(project)).isEqualTo(1);
      assertThat(text(err))
          .contains("Deleting quickstart-delegate-")
          .contains("Deleting quickstart-target-");
    }
  }

  @Test
  void abort_afterAccountsWereCreated_revokesAndDeletes() {
    try (IamEmulator project = project();
        GoogleCloud cloud = cloud(project);
        QuickstartSteps steps = new QuickstartSteps(cloud, stream(out), pause -> {})) {
      project.faults().on("generateIdToken").fail(Code.INVALID_ARGUMENT);
      assertThatThrownBy(steps::run).isInstanceOf(CredentialException.class);
      steps.abort();
      assertThat(accountsOf(project)).containsExactly(CALLER);
      assertThatThrownBy(steps::run).hasMessage("Interrupted");
    }
  }

  private static IamEmulator project() {
    return IamEmulator.builder()
        .serviceAccount(CALLER)
        .projectBinding("demo-project", "roles/owner", ADMIN.id())
        .start();
  }

  private static GoogleCloud cloud(IamEmulator project) {
    String[] options = {"--project", "demo-project", "--zone", "us-west1-a", "--create"};
    return new GoogleCloud(
        QuickstartOptions.parse(options),
        project.credentialsFor(ServiceAccount.of(CALLER)),
        project.credentialsFor(ADMIN),
        project.tokenVerification());
  }

  private int runOn(IamEmulator project) {
    return Quickstart.run(cloud(project), stream(out), stream(err), pause -> {});
  }

  private static List<String> accountsOf(IamEmulator project) {
    project.faults().clear();
    try (ShortLivedCredentials admin = project.credentialsFor(ADMIN);
        ServiceAccounts accounts = ServiceAccounts.using(admin)) {
      return accounts.list("demo-project").stream().map(info -> info.account().id()).toList();
    }
  }

  /** The emulated cloud, where the caller edits policies itself, without the permission. */
  private static final class GrantingAsTheCaller implements QuickstartCloud {
    private final EmulatedCloud cloud = new EmulatedCloud();
    private final Grants grants = Grants.using(cloud.credentials());

    @Override
    public void describe(PrintStream out) {
      cloud.describe(out);
    }

    @Override
    public ShortLivedCredentials credentials() {
      return cloud.credentials();
    }

    @Override
    public Member caller() {
      return cloud.caller();
    }

    @Override
    public Grants grants() {
      return grants;
    }

    @Override
    public AccessAudit audit() {
      return cloud.audit();
    }

    @Override
    public ServiceAccounts accounts() {
      return cloud.accounts();
    }

    @Override
    public TokenVerification verification() {
      return cloud.verification();
    }

    @Override
    public List<NewServiceAccount> newAccounts() {
      return cloud.newAccounts();
    }

    @Override
    public void allowListing() {
      cloud.allowListing();
    }

    @Override
    public String project() {
      return cloud.project();
    }

    @Override
    public String zone() {
      return cloud.zone();
    }

    @Override
    public ServiceAccount via() {
      return cloud.via();
    }

    @Override
    public ServiceAccount target() {
      return cloud.target();
    }

    @Override
    public Duration propagation() {
      return cloud.propagation();
    }

    @Override
    public void close() {
      grants.close();
      cloud.close();
    }
  }
}
