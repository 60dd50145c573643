package io.github.shortlived.testing;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.util.Durations;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may be asked of the IAM Credentials API. The rules are Google's; texts marked so are
 * unverified.
 */
final class CredentialRules {
  static final Duration USUAL = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofHours(12);

  private CredentialRules() {}

  static void requireScopes(List<String> scopes) {
    if (!Scopes.areValid(scopes)) {
      throw Refusals.invalidArgument();
    }
  }

  static void requireAudience(String audience) {
    if (audience.isBlank()) {
      throw Refusals.invalidArgument(); // unverified
    }
  }

  /** The access token's lifetime; absent means an hour, more takes an {@code extended} account. */
  static Duration lifetime(com.google.protobuf.@Nullable Duration requested, boolean extended) {
    if (requested == null) {
      return USUAL;
    }
    if (!Durations.isValid(requested)) {
      throw Refusals.invalidArgument();
    }
    Duration lifetime = Duration.ofSeconds(requested.getSeconds(), requested.getNanos());
    if (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(LONGEST) > 0) {
      throw Refusals.invalid(
          "The access token lifetime must be more than 0 and at most 43200 seconds."); // unverified
    }
    if (!extended) {
      requireNoExtension(lifetime);
    }
    return lifetime;
  }

  /**
   * The payload of signJwt: a JSON object, whose {@code exp}, where it has one, lies within the
   * next 12 hours.
   */
  static void requireClaims(String payload, Instant now) {
    JsonElement expiry = claims(payload).get("exp");
    if (expiry != null) {
      requireSoon(expiry, now);
    }
  }

  private static void requireNoExtension(Duration lifetime) {
    if (lifetime.compareTo(USUAL) > 0) {
      throw Refusals.invalid(
          "The access token lifetime cannot exceed 3600 seconds. If an access token with longer"
              + " lifetime is needed, please follow the instructions at"
              + " https://cloud.google.com/iam/docs/creating-short-lived-service-account-credentials#sa-credentials-oauth");
    }
  }

  private static JsonObject claims(String payload) {
    try {
      return Json.object(payload);
    } catch (JsonParseException notObject) {
      throw Refusals.invalid("The JWT payload must be a serialized JSON object."); // unverified
    }
  }

  private static void requireSoon(JsonElement expiry, Instant now) {
    if (!(expiry instanceof JsonPrimitive number && number.isNumber() && isWhole(number))) {
      throw Refusals.invalid("The exp claim must be an integer timestamp."); // unverified
    }
    BigDecimal ahead = expiry.getAsBigDecimal().subtract(BigDecimal.valueOf(now.getEpochSecond()));
    if (ahead.signum() < 0 || ahead.compareTo(BigDecimal.valueOf(LONGEST.toSeconds())) > 0) {
      throw Refusals.invalid(
          "The exp claim must not be in the past and at most 12 hours ahead."); // unverified
    }
  }

  private static boolean isWhole(JsonPrimitive number) {
    return number.getAsString().matches("-?\\d{1,18}");
  }
}
