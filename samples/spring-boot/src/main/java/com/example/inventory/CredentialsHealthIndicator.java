package com.example.inventory;

import io.github.shortlived.TokenSource;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.CredentialException;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * DOWN if there is no usable token. While one is cached, a check makes no call; without one, each
 * check requests a token. Leave it out of the liveness group: a restart makes no grant.
 */
@Component
class CredentialsHealthIndicator implements HealthIndicator {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final TokenSource<AccessToken> tokens;

  CredentialsHealthIndicator(TokenSource<AccessToken> tokens) {
    this.tokens = tokens;
  }

  @Override
  public Health health() {
    try {
      return Health.up().withDetail("expires", tokens.get(LIMIT).expireTime()).build();
    } catch (CredentialException e) {
      return Health.down().withDetail("refusal", e.getMessage()).build();
    }
  }
}
