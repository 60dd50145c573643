package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Scopes;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {
  @Test
  void standard_asDocumented() {
    assertThat(RetryPolicy.standard())
        .isEqualTo(
            new RetryPolicy(
                Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(60), true));
  }

  @Test
  void none_makesOneAttempt() {
    assertThat(RetryPolicy.none().retries()).isFalse();
  }

  @Test
  void withTotalTimeout_keepsTheRest() {
    assertThat(RetryPolicy.none().withTotalTimeout(Duration.ofSeconds(5)))
        .isEqualTo(
            new RetryPolicy(
                Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(5), false));
  }

  @Test
  void new_delaysOfEqualLength_accepted() {
    RetryPolicy policy =
        new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(5), true);

    assertThat(policy.maxDelay()).isEqualTo(policy.initialDelay());
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, PT1S, PT1S, initialDelay, 0 s",
    "PT1S, PT-1S, PT1S, maxDelay, -1 s",
    "PT1S, PT1S, PT0S, totalTimeout, 0 s"
  })
  void new_durationNotPositive_refused(
      Duration initial, Duration longest, Duration total, String name, String value) {
    assertThatThrownBy(() -> new RetryPolicy(initial, longest, total, true))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid %s '%s': it must be positive. For a single attempt use RetryPolicy.none().",
            name, value);
  }

  @Test
  void new_durationBeyondNanoseconds_refused() {
    Duration forever = ChronoUnit.FOREVER.getDuration();
    RetryPolicy policy = RetryPolicy.standard();

    assertThatThrownBy(() -> policy.withTotalTimeout(forever))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid totalTimeout '2562047788015215 h 30 min 7.999999999 s': it must be at most 365 days."
                + " Shorten it.");
    assertThatThrownBy(() -> new RetryPolicy(forever, forever, policy.totalTimeout(), true))
        .hasMessageStartingWith("Invalid initialDelay '");
    assertThatThrownBy(() -> new RetryPolicy(policy.initialDelay(), forever, forever, true))
        .hasMessageStartingWith("Invalid maxDelay '");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void accessToken_longestDurations_isIssued(boolean grpc) {
    Duration year = Duration.ofDays(365);
    try (DemoProject demo = new DemoProject()) {
      demo.grants()
          .apply(CrossAccountGrant.tokenCreator(DemoProject.CALLER).on(DemoProject.TARGET));
      ShortLivedCredentials.Builder builder =
          ShortLivedCredentials.builder()
              .keyJson(demo.emulator().serviceAccountKey(DemoProject.CALLER.id()))
              .endpoints(demo.emulator().endpoints())
              .retryPolicy(new RetryPolicy(year, year, year, true));
      try (ShortLivedCredentials credentials = grpc ? builder.grpc().build() : builder.build()) {
        assertThat(credentials.accessToken(DemoProject.TARGET, Scopes.CLOUD_PLATFORM).token())
            .startsWith("ya29.");
      }
    }
  }

  @Test
  void new_maxDelayBelowInitialDelay_refused() {
    assertThatThrownBy(
            () ->
                new RetryPolicy(
                    Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(60), true))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid maxDelay '1 s': it must be at least initialDelay (2 s). Lengthen it"
                + " or shorten initialDelay.");
  }
}
