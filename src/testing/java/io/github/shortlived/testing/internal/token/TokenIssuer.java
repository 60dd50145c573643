package io.github.shortlived.testing.internal.token;

import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.key.Jwts;
import io.github.shortlived.testing.internal.key.KeyRing;
import io.github.shortlived.testing.internal.key.SecretRecorder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes access tokens, which it remembers, and Google-signed ID tokens. Safe for concurrent use.
 */
public final class TokenIssuer {
  public static final String ISSUER = "https://accounts.google.com";
  private static final Duration ID_TOKEN_LIFETIME = Duration.ofHours(1);
  private static final int SWEEP_AFTER = 4096;

  private final InstantSource clock;
  private final KeyRing googleKeys;
  private final Map<String, IssuedToken> live = new ConcurrentHashMap<>();
  private final AtomicLong untilSweep = new AtomicLong(SWEEP_AFTER);

  public TokenIssuer(InstantSource clock, KeyRing googleKeys) {
    this.clock = clock;
    this.googleKeys = googleKeys;
  }

  public IssuedToken accessToken(Caller caller, Duration lifetime) {
    sweepNowAndThen();
    Instant expiry = clock.instant().plus(lifetime).truncatedTo(ChronoUnit.SECONDS);
    IssuedToken token =
        new IssuedToken(SecretRecorder.random(prefix(caller.principal()), 96), caller, expiry);
    live.put(token.value(), token);
    return token;
  }

  /** Who holds the token, unless it is unknown or has expired. */
  public Optional<Caller> holder(String accessToken) {
    return find(accessToken).map(IssuedToken::caller);
  }

  /** The token as it was issued, unless it is unknown or has expired. */
  public Optional<IssuedToken> find(String accessToken) {
    return Optional.ofNullable(live.get(accessToken)).filter(token -> !hasExpired(token));
  }

  /** Revokes all access tokens of a principal. */
  public void revoke(Principal principal) {
    String member = principal.member();
    live.values().removeIf(token -> token.caller().principal().member().equals(member));
  }

  public String idToken(Account account, String audience, boolean includeEmail) {
    return signed(idTokenClaims(account, audience, includeEmail));
  }

  /** Who issued it, when and for how long is added by {@link #signed}. */
  public static JsonObject idTokenClaims(Account account, String audience, boolean includeEmail) {
    JsonObject claims = new JsonObject();
    claims.addProperty("aud", audience);
    claims.addProperty("azp", account.uniqueId());
    if (includeEmail) {
      claims.addProperty("email", account.email());
      claims.addProperty("email_verified", true);
    }
    claims.addProperty("sub", account.uniqueId());
    return claims;
  }

  /** The claims as an ID token that Google signed now. */
  public String signed(JsonObject claims) {
    Instant now = clock.instant();
    JsonObject complete = claims.deepCopy();
    complete.addProperty("exp", now.plus(ID_TOKEN_LIFETIME).getEpochSecond());
    complete.addProperty("iat", now.getEpochSecond());
    complete.addProperty("iss", ISSUER);
    return Jwts.sign(googleKeys.systemManaged().key(), complete.toString());
  }

  private static String prefix(Principal principal) {
    if (principal.isFederated()) {
      return "ya29.d.b0";
    }
    return principal.isServiceAccount() ? "ya29.c.b0" : "ya29.a0";
  }

  private boolean hasExpired(IssuedToken token) {
    return !clock.instant().isBefore(token.expiry());
  }

  /**
   * A world that runs for days must not remember every token it ever made. The more there are, the
   * rarer they are walked: a token costs the same on average, however many are alive.
   */
  private void sweepNowAndThen() {
    if (untilSweep.decrementAndGet() == 0) {
      live.values().removeIf(this::hasExpired);
      untilSweep.set(Math.max(SWEEP_AFTER, live.size()));
    }
  }
}
