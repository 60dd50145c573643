package io.github.shortlived.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.internal.text.JwtPayload;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.internal.text.StrictJson;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a JSON Web Token to sign. There is no default expiry: the first call sets it, at
 * most 12 hours ahead when the token is signed. Immutable; methods that add a claim return a copy.
 *
 * <p>Claims from {@link #expiringIn} and {@link #expiringAt} get the claim {@code iat} when they
 * are signed. Claims from {@link #ofJson} are signed unchanged. At most 4,000,000 bytes are signed.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7519#section-4.1">RFC 7519, Registered Claim
 *     Names</a>
 */
public final class JwtClaims {
  /**
   * The longest time between signing and {@code exp}. IAM measures it by its own clock: if this
   * machine's clock may be fast, leave a margin.
   */
  public static final Duration LONGEST_LIFETIME = Duration.ofHours(12);

  private static final String EXPIRY_RULE =
      "a signed JWT expires at a whole second, in the future and at most 12 hours ahead";

  private final JsonObject claims;
  // Null if the claims contain exp.
  private final @Nullable Duration lifetime;
  private final boolean addsIssueTime;

  private JwtClaims(JsonObject claims, @Nullable Duration lifetime, boolean addsIssueTime) {
    this.claims = claims;
    this.lifetime = lifetime;
    this.addsIssueTime = addsIssueTime;
  }

  /** {@return claims that expire 1 second to 12 hours after signing, in whole seconds} */
  public static JwtClaims expiringIn(Duration lifetime) {
    Checks.lifetime(
        lifetime,
        LONGEST_LIFETIME,
        "a signed JWT is valid for 1 second to 12 hours, in whole seconds",
        "sign a new one when it expires");
    return new JwtClaims(new JsonObject(), lifetime, true);
  }

  /**
   * {@return claims that expire at this time, without fractions of a second} When they are signed,
   * it must be in the future and at most 12 hours ahead.
   */
  public static JwtClaims expiringAt(Instant expiry) {
    Objects.requireNonNull(expiry, "expiry");
    JsonObject claims = new JsonObject();
    claims.addProperty("exp", expiry.getEpochSecond());
    return new JwtClaims(claims, null, true);
  }

  /**
   * {@return the claims of a JSON object with unique names and an integer {@code exp}, in seconds
   * since 1970} When they are signed, it must be in the future and at most 12 hours ahead.
   */
  public static JwtClaims ofJson(String json) {
    Objects.requireNonNull(json, "json");
    JsonObject claims = parsed(json);
    boolean numeric = claims.get("exp") instanceof JsonPrimitive exp && exp.isNumber();
    boolean integerExpiry = numeric && claims.get("exp").getAsString().matches("[0-9]{1,12}");
    // Quotes only a number: any other value may be confidential.
    Checks.request(
        integerExpiry,
        "JWT claims",
        numeric ? "exp=" + claims.get("exp") : claims.has("exp") ? "exp=(no number)" : "no exp",
        EXPIRY_RULE,
        "write \"exp\" as an integer: seconds since 1970, not milliseconds");
    return new JwtClaims(claims, null, false);
  }

  private static JsonObject parsed(String json) {
    try {
      return StrictJson.TRUSTED.parse(json);
    } catch (StrictJson.Malformed e) {
      String name = e.duplicate();
      if (name == null) {
        throw new CredentialException.InvalidRequest(
            "Invalid JWT claims (%d characters): they must be one JSON object. Check the syntax."
                .formatted(json.length()));
      }
      throw Checks.invalid("claim", name, "the claim is set twice", "remove one of the two");
    }
  }

  /** {@return the same claims with {@code aud}, the receiver of the token} */
  public JwtClaims audience(String audience) {
    Objects.requireNonNull(audience, "audience");
    return claim("aud", audience);
  }

  /** {@return the same claims with {@code iss}, the issuer of the token} */
  public JwtClaims issuer(String issuer) {
    Objects.requireNonNull(issuer, "issuer");
    return claim("iss", issuer);
  }

  /** {@return the same claims with {@code sub}, the subject of the token} */
  public JwtClaims subject(String subject) {
    Objects.requireNonNull(subject, "subject");
    return claim("sub", subject);
  }

  /**
   * {@return the same claims with this new one: a {@link String}, {@link Boolean}, finite {@link
   * Number}, {@link Instant} (as seconds since 1970), or a {@link Map} or {@link Collection} of
   * these}
   */
  public JwtClaims claim(String name, Object value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    boolean expiry = name.equals("exp");
    Checks.request(
        !expiry && !claims.has(name),
        "claim",
        name,
        expiry ? "the expiry is already set by the first call" : "the claim is set twice",
        expiry ? "use expiringIn or expiringAt" : "remove one of the two");
    JsonObject extended = claims.deepCopy();
    extended.add(name, json(name, value));
    return new JwtClaims(extended, lifetime, addsIssueTime);
  }

  private static JsonElement json(String name, @Nullable Object value) {
    if (value instanceof String text) {
      return new JsonPrimitive(text);
    } else if (value instanceof Boolean truth) {
      return new JsonPrimitive(truth);
    } else if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      // A copy, because some numbers are mutable, such as AtomicInteger.
      return new JsonPrimitive(new BigDecimal(number.toString()));
    } else if (value instanceof Instant instant) {
      return new JsonPrimitive(instant.getEpochSecond());
    } else if (value instanceof Map<?, ?> map) {
      JsonObject object = new JsonObject();
      map.forEach((key, member) -> object.add(String.valueOf(key), json(name, member)));
      return object;
    } else if (value instanceof Collection<?> collection) {
      JsonArray array = new JsonArray();
      collection.forEach(member -> array.add(json(name, member)));
      return array;
    }
    throw new CredentialException.InvalidRequest(
        ("Invalid claim '%s' of type %s: a claim is a String, Boolean, finite Number, Instant, or"
                + " a Map or Collection of these. Convert it first.")
            .formatted(name, value == null ? "null" : value.getClass().getName()));
  }

  /**
   * Returns the payload of a token that is signed at this time, after a check of expiry and size.
   */
  JwtPayload signedAt(Instant now) {
    JsonObject payload = claims.deepCopy();
    if (addsIssueTime && !payload.has("iat")) {
      payload.addProperty("iat", now.getEpochSecond());
    }
    if (lifetime != null) {
      payload.addProperty("exp", now.plus(lifetime).getEpochSecond());
    }
    Instant expiry = Instant.ofEpochSecond(payload.get("exp").getAsLong());
    Checks.request(
        expiry.isAfter(now) && !expiry.isAfter(now.plus(LONGEST_LIFETIME)),
        "JWT claims",
        "exp=" + expiry,
        EXPIRY_RULE,
        "the time is %s: choose an exp in the next 12 hours".formatted(now));
    String json = payload.toString();
    Checks.signedSize(
        "JWT claims",
        json.getBytes(UTF_8).length,
        "replace a large claim by a digest (SHA-256) of it");
    return new JwtPayload(json, expiry);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JwtClaims that
        && claims.equals(that.claims)
        && Objects.equals(lifetime, that.lifetime)
        && addsIssueTime == that.addsIssueTime;
  }

  @Override
  public int hashCode() {
    return Objects.hash(claims, lifetime, addsIssueTime);
  }

  /** {@return the names of the claims, without their values} */
  @Override
  public String toString() {
    return SafeText.visible("JwtClaims" + claims.keySet());
  }
}
