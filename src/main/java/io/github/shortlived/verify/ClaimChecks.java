package io.github.shortlived.verify;

import static io.github.shortlived.model.VerificationCheck.AUDIENCE;
import static io.github.shortlived.model.VerificationCheck.EXPIRY;
import static io.github.shortlived.model.VerificationCheck.FORMAT;
import static io.github.shortlived.model.VerificationCheck.ISSUER;
import static io.github.shortlived.model.VerificationCheck.LIFETIME;
import static io.github.shortlived.model.VerificationCheck.NOT_YET_VALID;
import static java.util.stream.Collectors.joining;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.internal.text.Phrases;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks the registered claims of a token.
 *
 * @param now the time of the verification
 * @param skew how far the clocks of the two sides may differ
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7519#section-4.1">RFC 7519, Registered Claim
 *     Names</a>
 */
record ClaimChecks(JsonObject claims, Instant now, Duration skew, Refusals refusals) {
  private static final Pattern INTEGER = Pattern.compile("[0-9]{1,12}");
  private static final String NEW_TOKEN =
      "Have the sender request a new token, and compare the clocks of both sides with Google's";

  /** Returns a claim; empty if it is missing. Refuses one that is no text. */
  Optional<String> text(String name) {
    JsonElement claim = claims.get(name);
    if (claim == null) {
      return Optional.empty();
    } else if (claim instanceof JsonPrimitive value && value.isString()) {
      return Optional.of(value.getAsString());
    }
    throw malformed(name, "text");
  }

  String requiredText(String name) {
    return text(name).filter(text -> !text.isBlank()).orElseThrow(() -> malformed(name, "text"));
  }

  /** Returns a claim in seconds since 1970; empty if it is missing. */
  Optional<Instant> time(String name) {
    JsonElement claim = claims.get(name);
    if (claim == null) {
      return Optional.empty();
    } else if (claim instanceof JsonPrimitive value
        && value.isNumber()
        && INTEGER.matcher(value.getAsString()).matches()) {
      return Optional.of(Instant.ofEpochSecond(value.getAsLong()));
    }
    throw malformed(name, "a time in whole seconds since 1970");
  }

  Instant requiredTime(String name) {
    return time(name).orElseThrow(() -> malformed(name, "a time in whole seconds since 1970"));
  }

  private RuntimeException malformed(String name, String form) {
    return refusals.because(
        FORMAT,
        "its claim %s is missing or not %s".formatted(name, form),
        "Have the sender request a token with this claim");
  }

  void issuer(Set<String> expected) {
    Optional<String> issuer = text("iss");
    if (issuer.filter(expected::contains).isEmpty()) {
      throw refusals.because(
          ISSUER,
          "its issuer is %s, expected %s"
              .formatted(Refusals.quotedOrMissing(issuer.orElse("")), either(expected)),
          "Have the sender pass a token of the expected issuer");
    }
  }

  /** Requires one audience: each of several could send the token to the others. */
  void audience(Set<String> expected) {
    JsonElement claim = claims.get("aud");
    refusals.require(
        !(claim instanceof JsonArray several) || several.size() == 1,
        AUDIENCE,
        "it has several audiences or none",
        "Have the sender request a token for this receiver alone");
    Optional<String> audience = audience();
    if (audience.filter(expected::contains).isEmpty()) {
      throw refusals.because(
          AUDIENCE,
          "its audience is %s, expected %s"
              .formatted(Refusals.quotedOrMissing(audience.orElse("")), either(expected)),
          "Have the sender request a token for this receiver");
    }
  }

  /** Returns the audience; empty if there is not exactly one. */
  Optional<String> audience() {
    JsonElement claim = claims.get("aud");
    JsonElement only = claim instanceof JsonArray all && all.size() == 1 ? all.get(0) : claim;
    return only instanceof JsonPrimitive value && value.isString()
        ? Optional.of(value.getAsString())
        : Optional.empty();
  }

  /** Checks {@code exp}, {@code iat} and {@code nbf}. Returns the expiry. */
  Instant validity() {
    Instant expiry = requiredTime("exp");
    if (!now.isBefore(expiry.plus(skew))) {
      throw refusals.because(
          EXPIRY,
          "it expired at %s, and the time is %s (allowed clock skew %s)"
              .formatted(expiry, now, Phrases.exact(skew)),
          NEW_TOKEN);
    }
    requireBegun("iat", "was issued");
    requireBegun("nbf", "is valid only from");
    return expiry;
  }

  private void requireBegun(String name, String verb) {
    Instant begin = time(name).orElse(now);
    if (begin.isAfter(now.plus(skew))) {
      throw refusals.because(
          NOT_YET_VALID,
          "it %s %s, and the time is %s (allowed clock skew %s)"
              .formatted(verb, begin, now, Phrases.exact(skew)),
          NEW_TOKEN);
    }
  }

  /** Checks how long the token is valid, from {@code iat} or, without that, from now on. */
  void lifetime(Duration longest) {
    Instant expiry = requiredTime("exp");
    Instant begin = time("iat").orElse(now.plus(skew));
    if (expiry.isAfter(begin.plus(longest)) || expiry.isAfter(now.plus(skew).plus(longest))) {
      throw refusals.because(
          LIFETIME,
          "it expires at %s, more than %s after it was issued"
              .formatted(expiry, Phrases.exact(longest)),
          "Have the sender sign a token with a shorter lifetime");
    }
  }

  /** {@return the name alone, because nobody has verified the claims} */
  @Override
  public String toString() {
    return "ClaimChecks";
  }

  private static String either(Set<String> expected) {
    return expected.stream().sorted().map(Refusals::quoted).collect(joining(" or "));
  }
}
