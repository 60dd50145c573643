package io.github.shortlived.diagnosis;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.diagnosis.DiagnosisDemo.assertInferred;
import static io.github.shortlived.diagnosis.DiagnosisDemo.only;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.diagnosis.Fact.Evidence;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.Target;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Diagnoses on a machine whose clock is wrong and whose source credentials have a token. */
class ClockDiagnosisTest {
  private static final Duration TWO_HOURS = Duration.ofHours(2);

  private final DiagnosisDemo demo = new DiagnosisDemo();

  @BeforeEach
  void grant() {
    demo.grant(CALLER, TARGET);
    demo.grant(CALLER, CALLER);
  }

  @AfterEach
  void close() {
    demo.close();
  }

  private Diagnostics withClockAheadBy(Duration ahead) {
    return Diagnostics.using(demo.withClockAheadBy(ahead));
  }

  private static SignJwtRequest signing(Target target, Duration lifetime) {
    return SignJwtRequest.of(target, JwtClaims.expiringIn(lifetime).audience("orders"));
  }

  @Test
  void diagnose_clockAhead_reportsExpiredTokens() {
    ShortLivedCredentials ahead = demo.withClockAheadBy(TWO_HOURS);
    assertThatThrownBy(() -> ahead.accessToken(TARGET, CLOUD_PLATFORM))
        .hasMessageContaining("was already expired on arrival");
    Diagnosis diagnosis = Diagnostics.using(ahead).diagnose(TARGET);
    assertInferred(only(diagnosis), Kind.CLOCK_SKEW);
    assertThat(diagnosis.toString())
        .endsWith(
            """
            +- caller@demo-project -> target@demo-project: works
            |  \\- observed: an access token of target@demo-project was issued and discarded
            \\- an access token for https://www.googleapis.com/auth/cloud-platform: FAILS: this machine's clock is wrong
               +- observed: The token for AccessTokenRequest[target=target@demo-project, scopes=[https://www.googleapis.com/auth/cloud-platform], lifetime=5 min] was already expired on arrival (expiry 2030-01-01T00:05:00Z, local clock 2030-01-01T02:00:00Z). Check this machine's clock.
               +- inferred: this machine's clock is ahead of Google's: tokens are already expired when they arrive
               \\- fix: compare it with the correct time, and synchronize it by NTP
                  \\- date -u""");
  }

  @Test
  void diagnose_clockAheadByLessThanTheLifetime_works() {
    assertThat(withClockAheadBy(Duration.ofMinutes(4)).diagnose(TARGET).works()).isTrue();
  }

  @Test
  void diagnose_clockAheadAndSelf_reportsExpiredTokens() {
    Diagnosis diagnosis = withClockAheadBy(TWO_HOURS).diagnose(Target.self());
    assertInferred(only(diagnosis), Kind.CLOCK_SKEW);
    assertThat(withClockAheadBy(Duration.ZERO).diagnose(Target.self()).works()).isTrue();
  }

  @Test
  void diagnose_clockBehind_isTheCauseForEveryJwt() {
    SignJwtRequest request = signing(TARGET, Duration.ofHours(1));
    Diagnosis diagnosis = withClockAheadBy(TWO_HOURS.negated()).diagnose(request);
    assertInferred(only(diagnosis), Kind.CLOCK_SKEW);
    assertThat(only(diagnosis).text())
        .isEqualTo(
            "every JWT is rejected, even one that expires in minutes: its times come from this"
                + " machine's clock, which seems to be wrong");
    assertThat(diagnosis.toString()).contains("observed: signJwt for target@demo-project failed: ");
    assertThat(withClockAheadBy(Duration.ZERO).diagnose(request).works()).isTrue();
  }

  @Test
  void diagnose_clockBehindAndSelf_isTheCauseForEveryJwt() {
    SignJwtRequest request = signing(Target.self(), Duration.ofHours(1));
    assertInferred(only(withClockAheadBy(TWO_HOURS.negated()).diagnose(request)), Kind.CLOCK_SKEW);
    assertThat(withClockAheadBy(Duration.ZERO).diagnose(request).works()).isTrue();
  }

  @Test
  void diagnose_jwtThatExpiresTooLate_suggestsItsTimesAndTheClock() {
    Finding finding =
        only(withClockAheadBy(Duration.ofHours(11)).diagnose(signing(TARGET, TWO_HOURS)));
    assertThat(finding.kind()).isEqualTo(Kind.REQUEST_INVALID);
    assertThat(finding.evidence()).isEqualTo(Evidence.OBSERVED);
    assertThat(finding.text()).isEqualTo("its content is rejected");
    assertThat(finding.remedy().text())
        .isEqualTo(
            "correct what the message names; check exp, the other times and this machine's clock first");
  }
}
