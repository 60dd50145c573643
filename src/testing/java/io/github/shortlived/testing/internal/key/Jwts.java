package io.github.shortlived.testing.internal.key;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.api.client.json.webtoken.JsonWebToken;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import com.google.common.io.BaseEncoding;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signs, parses and verifies JSON Web Tokens in their compact form, with RS256. */
public final class Jwts {
  private static final BaseEncoding BASE64 = BaseEncoding.base64Url().omitPadding();
  private static final Duration SKEW = Duration.ofMinutes(1);

  private Jwts() {}

  /** Signs a payload without a change. */
  public static String sign(SigningKey key, String payload) {
    String signed = encode(header(key)) + "." + encode(payload);
    return SecretRecorder.record(signed + "." + BASE64.encode(key.sign(signed.getBytes(US_ASCII))));
  }

  /** Parses a token without verification; returns empty if it is malformed. */
  public static Optional<JsonWebSignature> parse(String token) {
    try {
      return Optional.of(JsonWebSignature.parse(GsonFactory.getDefaultInstance(), token));
    } catch (IOException | RuntimeException notJwt) {
      return Optional.empty();
    }
  }

  /** Returns whether this key signed the token, with the only algorithm that Google accepts. */
  public static boolean verifies(PublishedKey key, JsonWebSignature jwt) {
    try {
      return "RS256".equals(jwt.getHeader().getAlgorithm())
          && jwt.verifySignature(key.key().publicKey());
    } catch (GeneralSecurityException unusable) {
      return false;
    }
  }

  /** Returns whether a token is already valid, has not expired, and has an allowed lifetime. */
  public static boolean isFresh(JsonWebToken.Payload claims, Instant now, Duration longest) {
    Long issuedAt = claims.getIssuedAtTimeSeconds();
    Long expiry = claims.getExpirationTimeSeconds();
    if (issuedAt == null || expiry == null) {
      return false;
    }
    // The difference of the two would overflow for times at the limits of a long.
    return expiry > now.getEpochSecond()
        && issuedAt <= now.plus(SKEW).getEpochSecond()
        && issuedAt >= expiry - longest.toSeconds();
  }

  /** Returns the audiences of a token; none if they are missing, or not all of them are text. */
  public static List<String> audiences(JsonWebToken.Payload claims) {
    @Nullable Object audience = claims.getAudience();
    Collection<?> all =
        audience instanceof Collection<?> several ? several : Collections.singleton(audience);
    return Iterables.all(all, String.class::isInstance)
        ? ImmutableList.copyOf(Iterables.filter(all, String.class))
        : List.of();
  }

  private static String header(SigningKey key) {
    JsonObject header = new JsonObject();
    header.addProperty("alg", "RS256");
    header.addProperty("kid", key.id());
    header.addProperty("typ", "JWT");
    return header.toString();
  }

  private static String encode(String json) {
    return BASE64.encode(json.getBytes(UTF_8));
  }
}
