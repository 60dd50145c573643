package io.github.shortlived.model;

import com.google.common.collect.ImmutableSet;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.internal.text.SafeText;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Checks of arguments. A message says the value, the rule and the fix. */
final class Checks {
  private static final int LONGEST_VALUE = 100;

  // gRPC's default limit is 4 MiB per request; the rest is for the names of the accounts.
  private static final int MOST_SIGNED_BYTES = 4_000_000;

  private static final Pattern SCOPE =
      Pattern.compile("https?://[\\x21\\x23-\\x5B\\x5D-\\x7E]+|openid|email|profile");

  // Scopes that matched before. The match takes longer than the rest of a call with a cached token.
  static final Set<String> KNOWN_SCOPES = ConcurrentHashMap.newKeySet();
  static final int MAX_KNOWN_SCOPES = 1_000;
  private static final int LONGEST_KNOWN_SCOPE = 200;

  // Words of examples, such as NAME@PROJECT.iam.gserviceaccount.com and <email>.
  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "[A-Z][A-Z0-9_-]+(?:@[A-Z][A-Z0-9_-]+(?:\\.iam\\.gserviceaccount)?\\.com)?"
              + "|<[^@]*>|\\$?\\{.*}|\\[.*]");

  private Checks() {}

  static void request(boolean holds, String what, String value, String rule, String fix) {
    if (!holds) {
      throw invalid(what, value, rule, fix);
    }
  }

  static CredentialException invalid(String what, String value, String rule, String fix) {
    return new CredentialException.InvalidRequest(
        "Invalid %s '%s': %s. %s.".formatted(what, shortened(value), rule, capitalized(fix)));
  }

  /** Checks that the text can be sent: protobuf and JSON would replace a lone surrogate by ?. */
  static void wellFormed(String what, String value) {
    request(
        SafeText.isWellFormed(value),
        what,
        value,
        "it has a UTF-16 surrogate without its pair, shown here as ?",
        "correct the program that creates the text");
  }

  /** Returns whether the text stands for a value in an example, such as {@code EMAIL}. */
  static boolean isPlaceholder(String text) {
    return PLACEHOLDER.matcher(text).matches();
  }

  /** Checks that the lifetime is a whole number of seconds, from 1 second to {@code most}. */
  static void lifetime(Duration lifetime, Duration most, String rule, String fix) {
    Objects.requireNonNull(lifetime, "lifetime");
    boolean tooLong = lifetime.compareTo(most) > 0;
    request(
        !tooLong
            && lifetime.toSeconds() >= 1
            && lifetime.equals(Duration.ofSeconds(lifetime.toSeconds())),
        "lifetime",
        Phrases.exact(lifetime),
        rule,
        tooLong ? fix : "use whole seconds, at least 1");
  }

  /** Checks the size of what IAM signs: a request that is too large fails on each attempt. */
  static void signedSize(String what, int bytes, String fix) {
    request(
        bytes <= MOST_SIGNED_BYTES,
        what,
        bytes + " bytes",
        "at most " + MOST_SIGNED_BYTES + " bytes can be signed",
        fix);
  }

  /** Returns the scopes as {@link #scopes(String...)} does. */
  static Set<String> scopes(Collection<String> scopes) {
    return scopes(Objects.requireNonNull(scopes, "scopes").toArray(String[]::new));
  }

  /** Returns the scopes as an immutable set, or throws an error that names the invalid one. */
  static Set<String> scopes(String... scopes) {
    request(
        Objects.requireNonNull(scopes, "scopes").length > 0,
        "scopes",
        "none",
        "an access token needs at least one OAuth 2.0 scope",
        "pass Scopes.CLOUD_PLATFORM or a narrower one");
    for (String scope : scopes) {
      Objects.requireNonNull(scope, "an element of scopes");
      request(
          isScope(scope),
          "scope",
          scope,
          "a scope must be one URL such as "
              + Scopes.CLOUD_PLATFORM
              + ", or openid, email or profile",
          "write the full URL, one scope per argument");
    }
    return ImmutableSet.copyOf(scopes);
  }

  private static boolean isScope(String text) {
    if (KNOWN_SCOPES.contains(text)) {
      return true;
    }
    boolean valid = SCOPE.matcher(text).matches();
    if (valid && text.length() <= LONGEST_KNOWN_SCOPE && KNOWN_SCOPES.size() < MAX_KNOWN_SCOPES) {
      KNOWN_SCOPES.add(text);
    }
    return valid;
  }

  private static String shortened(String value) {
    String line = SafeText.escape(SafeText.redact(value), hidden -> "?");
    return line.codePointCount(0, line.length()) <= LONGEST_VALUE
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST_VALUE)) + "…";
  }

  private static String capitalized(String sentence) {
    return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
  }
}
