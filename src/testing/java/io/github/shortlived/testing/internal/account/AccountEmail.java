package io.github.shortlived.testing.internal.account;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two parts of a user-managed service account's email. */
public record AccountEmail(String accountId, String projectId) {
  private static final Pattern FORM =
      Pattern.compile("([a-z][-a-z0-9]*)@([a-z][-a-z0-9.]*)\\.iam\\.gserviceaccount\\.com");

  public static Optional<AccountEmail> parse(String email) {
    Matcher matcher = FORM.matcher(email);
    return matcher.matches()
        ? Optional.of(new AccountEmail(matcher.group(1), projectOf(matcher.group(2))))
        : Optional.empty();
  }

  /** What a test is told that names an account which is not there. */
  public static String undeclared(String email) {
    return "\""
        + email
        + "\": declare it with serviceAccount(..), in JSON under \"serviceAccounts\"";
  }

  public String email() {
    int colon = projectId.indexOf(':');
    String host =
        colon < 0
            ? projectId
            : projectId.substring(colon + 1) + "." + projectId.substring(0, colon);
    return accountId + "@" + host + ".iam.gserviceaccount.com";
  }

  /**
   * A domain-scoped project {@code example.com:shop} shows in emails as {@code shop.example.com}.
   */
  private static String projectOf(String host) {
    int dot = host.indexOf('.');
    return dot < 0 ? host : host.substring(dot + 1) + ":" + host.substring(0, dot);
  }
}
