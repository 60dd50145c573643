package io.github.shortlived.testing.internal.token;

/** Why a signed JWT proves nothing, in the words of Google's token endpoint. */
public final class InvalidAssertionException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The text is unverified. */
  static final String MALFORMED = "Bad Request";

  static final String UNKNOWN_ACCOUNT = "Invalid grant: account not found";
  static final String BAD_SIGNATURE = "Invalid JWT Signature.";
  public static final String BAD_AUDIENCE = "Invalid JWT: Failed audience check.";
  static final String BAD_TIMES =
      "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
          + " Check your iat and exp values in the JWT claim.";

  private final String description;

  public InvalidAssertionException(String description) {
    super(description);
    this.description = description;
  }

  public String description() {
    return description;
  }
}
