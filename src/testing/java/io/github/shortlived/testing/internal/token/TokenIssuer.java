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

/** Issues and stores access tokens, and issues Google-signed ID tokens. Safe for concurrent use. */
public final class TokenIssuer {
  public static final String ISSUER = "https://accounts.google.com";

  /** The lifetime of ID tokens, and the default lifetime of access tokens. */
  public static final Duration LIFETIME = Duration.ofHours(1);

  private static final int SWEEP_AFTER = 4096;

  private final InstantSource clock;
  private final KeyRing googleKeys;
  private final Map<String, IssuedToken> tokensByValue = new ConcurrentHashMap<>();
  private final AtomicLong untilSweep = new AtomicLong(SWEEP_AFTER);

  public TokenIssuer(InstantSource clock, KeyRing googleKeys) {
    this.clock = clock;
    this.googleKeys = googleKeys;
  }

  /** Issues a token. Its expiry is truncated to whole seconds. */
  public IssuedToken accessToken(Caller caller, Duration lifetime) {
    return issue(caller, lifetime, Optional.empty());
  }

  /**
   * Issues a token from which clients derive tokens with an access boundary. Without a boundary it
   * permits nothing, as those (unverified).
   */
  public IssuedToken intermediaryToken(Caller caller, Duration lifetime) {
    return issue(caller.bounded(), lifetime, Optional.of(SessionKey.generate()));
  }

  private IssuedToken issue(Caller caller, Duration lifetime, Optional<SessionKey> sessionKey) {
    sweepIfDue();
    Instant now = clock.instant();
    Instant expiry = now.plus(lifetime).truncatedTo(ChronoUnit.SECONDS);
    String value = SecretRecorder.random(prefix(caller.principal()), 96);
    IssuedToken token = new IssuedToken(value, caller, now, expiry, sessionKey);
    tokensByValue.put(value, token);
    return token;
  }

  /** Returns the caller of a token; empty if it is unknown or expired. */
  public Optional<Caller> callerOf(String accessToken) {
    return find(accessToken).map(IssuedToken::caller);
  }

  /**
   * Returns an issued token, or the one from which a client derived the token; empty if it is
   * unknown or expired.
   */
  public Optional<IssuedToken> find(String accessToken) {
    return issued(accessToken).or(() -> intermediaryOf(accessToken));
  }

  private Optional<IssuedToken> issued(String accessToken) {
    return Optional.ofNullable(tokensByValue.get(accessToken)).filter(token -> !hasExpired(token));
  }

  /** A derived token is the intermediary token, a dot and the encrypted boundary. */
  private Optional<IssuedToken> intermediaryOf(String derived) {
    int dot = Math.max(derived.lastIndexOf('.'), 0);
    return issued(derived.substring(0, dot))
        .filter(
            token ->
                token
                    .sessionKey()
                    .filter(key -> key.hasEncrypted(derived.substring(dot + 1)))
                    .isPresent());
  }

  /** Issues an access token for an hour, as the JSON response of a token endpoint. */
  public JsonObject accessTokenResponse(Caller caller) {
    JsonObject response = new JsonObject();
    IssuedToken token = accessToken(caller, LIFETIME);
    response.addProperty("access_token", token.value());
    response.addProperty("expires_in", LIFETIME.toSeconds() - 1); // Google reports 3599
    response.addProperty("token_type", "Bearer");
    return response;
  }

  /**
   * Revokes all access tokens that a principal requested: none of another with the same email, nor
   * those by domain-wide delegation.
   */
  public void revoke(Principal principal) {
    String id = principal.uniqueId();
    tokensByValue
        .values()
        .removeIf(
            token ->
                token.caller().delegatedTo().isEmpty()
                    && token.caller().principal().uniqueId().equals(id));
  }

  public String idToken(Account account, String audience, boolean includeEmail) {
    return signIdToken(idTokenClaims(account, audience, includeEmail));
  }

  /** Returns the claims of an ID token without those that {@link #signIdToken} adds. */
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

  /** Adds {@code iss}, {@code iat} and {@code exp}, and signs the claims with Google's key. */
  public String signIdToken(JsonObject claims) {
    Instant now = clock.instant();
    JsonObject complete = claims.deepCopy();
    complete.addProperty("exp", now.plus(LIFETIME).getEpochSecond());
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
   * Removes the expired tokens after every {@code SWEEP_AFTER} new tokens, so that memory does not
   * grow in a long run. The interval grows with the number of stored tokens, so that the average
   * cost per token stays the same.
   */
  private void sweepIfDue() {
    if (untilSweep.decrementAndGet() == 0) {
      tokensByValue.values().removeIf(this::hasExpired);
      untilSweep.set(Math.max(SWEEP_AFTER, tokensByValue.size()));
    }
  }
}
