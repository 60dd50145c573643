package io.github.shortlived.testing.internal.account;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The email of a user-managed service account, in its two parts. */
public record AccountEmail(String accountId, String projectId) {
  private static final Pattern FORM =
      Pattern.compile("([a-z][-a-z0-9]*)@([a-z][-a-z0-9.]*)\\.iam\\.gserviceaccount\\.com");

  public static Optional<AccountEmail> parse(String email) {
    Matcher matcher = FORM.matcher(email);
    return matcher.matches()
        ? Optional.of(new AccountEmail(matcher.group(1), projectOf(matcher.group(2))))
        : Optional.empty();
  }

  /** Returns the end of a message about an account that does not exist: the email and the fix. */
  public static String undeclared(String email) {
    return "\"%s\": declare it with serviceAccount(..), in JSON under \"serviceAccounts\""
        .formatted(email);
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
   * The emails of a domain-scoped project {@code example.com:shop} have {@code shop.example.com}.
   */
  private static String projectOf(String host) {
    int dot = host.indexOf('.');
    return dot < 0 ? host : host.substring(dot + 1) + ":" + host.substring(0, dot);
  }
}
