package io.github.shortlived.internal.text;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The email addresses of service accounts. Case does not matter, except in {@link #FORM}. */
public final class ServiceAccountEmails {
  /**
   * The addresses, as a regular expression in lower case. Its quantifiers are possessive, so that a
   * long text takes linear time and no deep stack.
   */
  public static final String FORM =
      "[a-z0-9][a-z0-9._-]*+@"
          + "(?:(?!gserviceaccount\\.com\\z)[a-z0-9-]++\\.)*+gserviceaccount\\.com";

  private static final String HOST = ".iam.gserviceaccount.com";
  private static final Pattern ANY =
      Pattern.compile("(?i)[^\\s@]++@(?:[^\\s@]*\\.)?gserviceaccount\\.com");
  private static final Pattern OF_PROJECT =
      Pattern.compile("(?i)[^@]++@([^@.]++)(?:\\.([^@]+))?" + Pattern.quote(HOST));
  private static final Pattern SUFFIX = Pattern.compile("(?i)" + Pattern.quote(HOST));

  private ServiceAccountEmails() {}

  /** Returns the address of the account that a user creates in this project with this ID. */
  public static String of(String projectId, String accountId) {
    int colon = projectId.indexOf(':');
    String domain = colon < 0 ? "" : "." + projectId.substring(0, colon);
    return accountId + "@" + projectId.substring(colon + 1) + domain + HOST;
  }

  /** Returns whether this address belongs to a service account rather than to a user. */
  public static boolean isServiceAccount(String email) {
    return ANY.matcher(email).matches();
  }

  /**
   * Returns the project ID that the address contains, such as {@code my-project} or {@code
   * example.com:my-project}; empty if it contains none, as those of default accounts.
   */
  public static Optional<String> projectId(String email) {
    Matcher parts = OF_PROJECT.matcher(email);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String domain = parts.group(2) == null ? "" : parts.group(2) + ":";
    return Optional.of(domain + parts.group(1));
  }

  /** Shortens the addresses in the text to {@code NAME@PROJECT}. */
  public static String shorten(String text) {
    return SUFFIX.matcher(text).replaceAll("");
  }
}
