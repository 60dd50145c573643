package io.github.shortlived.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuickstartTest {
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
            "created  sa-1@demo-project.iam.gserviceaccount.com",
            "generateAccessToken for sa-3@demo-project.iam.gserviceaccount.com refused",
            "It needs this grant:",
            "+ roles/iam.serviceAccountTokenCreator on sa-3@",
            "access token  AccessToken[sha256:",
            "ID token      IdToken[sha256:",
            "signed JWT    SignedJwt[sha256:",
            "signed blob   SignedBlob[sha256:",
            "It needs each of these grants:",
            "along the chain: refused: iam.serviceAccounts.getAccessToken is missing",
            "access token  AccessToken[sha256:",
            "vm-1  RUNNING",
            "vm-2  RUNNING",
            "- roles/iam.serviceAccountTokenCreator on sa-3@",
            "The request is refused again",
            "direct: refused: iam.serviceAccounts.getAccessToken is missing",
            "along the chain: refused: iam.serviceAccounts.");
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
    int status = Quickstart.run(new GrantingAsTheCaller(), stream(out), stream(err));
    assertThat(status).isEqualTo(1);
    assertThat(text(err))
        .startsWith("Editing the policy of sa-3@demo-project.iam.gserviceaccount.com refused")
        .contains("--member=serviceAccount:sa-1@demo-project.iam.gserviceaccount.com")
        .contains("--role=roles/iam.serviceAccountAdmin");
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
