package io.github.shortlived;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** JWTs that expire close to 12 hours ahead, on a machine whose clock is a second fast. */
class JwtLifetimeLimitTest {
  private static final String WHY = " Use a lifetime that is some minutes shorter.";
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static DemoProject demo;

  @BeforeAll
  static void start() {
    demo = new DemoProject(InstantSource.fixed(NOW));
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).on(TARGET));
  }

  @AfterAll
  static void stop() {
    demo.close();
  }

  @Test
  void signJwt_longestLifetimeWithACorrectClock_isSigned() {
    try (ShortLivedCredentials credentials = withClock(NOW)) {
      JwtClaims longest = JwtClaims.expiringIn(JwtClaims.LONGEST_LIFETIME);
      assertThat(credentials.signJwt(TARGET, longest).expireTime())
          .isEqualTo(NOW.plus(JwtClaims.LONGEST_LIFETIME));
    }
  }

  @Test
  void signJwt_longestLifetimeOneSecondFast_saysWhyItIsRefused() {
    try (ShortLivedCredentials credentials = withClock(NOW.plusSeconds(1))) {
      JwtClaims longest = JwtClaims.expiringIn(JwtClaims.LONGEST_LIFETIME);
      assertThatThrownBy(() -> credentials.signJwt(TARGET, longest))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageStartingWith("signJwt for " + TARGET + " failed: ")
          .hasMessageContaining(
              " By this machine's clock, the JWT expires almost 12 hours ahead, which is the"
                  + " limit: if the clock is fast, that is too far."
                  + WHY
                  + " See ");
    }
  }

  @Test
  void signJwt_shorterLifetimeRefused_doesNotMentionTheLimit() {
    try (ShortLivedCredentials credentials = withClock(NOW.minus(Duration.ofDays(1)))) {
      JwtClaims expired = JwtClaims.expiringIn(Duration.ofHours(1));
      assertThatThrownBy(() -> credentials.signJwt(TARGET, expired))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageNotContaining(WHY);
    }
  }

  private static ShortLivedCredentials withClock(Instant time) {
    return demo.listening(Member.of(CALLER), event -> {}).clock(InstantSource.fixed(time)).build();
  }
}
