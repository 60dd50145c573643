package io.github.shortlived.testing.internal.iam;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.util.Durations;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.json.Json;
import io.github.shortlived.testing.internal.token.KnownScopes;
import io.github.shortlived.testing.internal.token.TokenIssuer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Validates requests of the IAM Credentials API by Google's rules. */
final class CredentialRequestChecks {
  private static final Duration LONGEST = Duration.ofHours(12);

  private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");

  private CredentialRequestChecks() {}

  static void requireScopes(KnownScopes known, List<String> scopes) {
    if (!known.areValid(scopes)) {
      throw GoogleErrors.invalidArgument();
    }
  }

  static void requireAudience(String audience) {
    if (audience.isBlank()) {
      throw GoogleErrors.invalidArgument(); // unverified
    }
  }

  /** Returns the lifetime, by default an hour; only {@code lifetimeExtension} allows more. */
  static Duration lifetime(
      com.google.protobuf.@Nullable Duration requested, boolean lifetimeExtension) {
    if (requested == null) {
      return TokenIssuer.LIFETIME;
    }
    if (!Durations.isValid(requested)) {
      throw GoogleErrors.invalidArgument();
    }
    Duration lifetime = Duration.ofSeconds(requested.getSeconds(), requested.getNanos());
    if (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(LONGEST) > 0) {
      throw GoogleErrors.invalid(
          "The access token lifetime must be more than 0 and at most 43200 seconds."); // unverified
    }
    if (!lifetimeExtension) {
      requireNoLifetimeExtension(lifetime);
    }
    return lifetime;
  }

  /** Requires a JSON object whose {@code exp}, if present, is within the next 12 hours. */
  static void requireClaims(String payload, Instant now) {
    JsonElement expiry = claims(payload).get("exp");
    if (expiry != null) {
      requireSoon(expiry, now);
    }
  }

  private static void requireNoLifetimeExtension(Duration lifetime) {
    if (lifetime.compareTo(TokenIssuer.LIFETIME) > 0) {
      throw GoogleErrors.invalid(
          "The access token lifetime cannot exceed 3600 seconds. If an access token with longer"
              + " lifetime is needed, please follow the instructions at"
              + " https://cloud.google.com/iam/docs/creating-short-lived-service-account-credentials#sa-credentials-oauth");
    }
  }

  private static JsonObject claims(String payload) {
    try {
      return Json.object(payload);
    } catch (JsonParseException notObject) {
      throw GoogleErrors.invalid("The JWT payload must be a serialized JSON object."); // unverified
    }
  }

  private static void requireSoon(JsonElement expiry, Instant now) {
    if (!(expiry instanceof JsonPrimitive number
        && number.isNumber()
        && WHOLE.matcher(number.getAsString()).matches())) {
      throw GoogleErrors.invalid("The exp claim must be an integer timestamp."); // unverified
    }
    long ahead = number.getAsLong() - now.getEpochSecond();
    if (ahead < 0 || ahead > LONGEST.toSeconds()) {
      throw GoogleErrors.invalid("The exp claim must be in the next 12 hours."); // unverified
    }
  }
}
