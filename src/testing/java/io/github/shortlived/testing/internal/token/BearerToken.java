package io.github.shortlived.testing.internal.token;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the token in an Authorization header. */
public final class BearerToken {
  private static final Pattern BEARER = Pattern.compile("Bearer +(\\S+)", Pattern.CASE_INSENSITIVE);

  private BearerToken() {}

  /** Returns the token; empty if the header is missing or of another type. */
  public static Optional<String> of(@Nullable String authorization) {
    Matcher matcher = BEARER.matcher(authorization == null ? "" : authorization.strip());
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
