package io.github.shortlived.testing.internal.account;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The email of a service account, and its project. Besides the accounts that users create, a
 * project has default accounts, whose emails contain its ID or its number.
 *
 * @see <a href="https://cloud.google.com/iam/docs/service-account-types#default">Default service
 *     accounts</a>
 */
public record AccountEmail(String email, String projectId) {
  private static final String PROJECT = "([a-z][-a-z0-9.]*)";
  private static final String DOMAIN = "\\.gserviceaccount\\.com";

  private static final List<Pattern> WITH_ID =
      List.of(
          Pattern.compile("[a-z][-a-z0-9]*@" + PROJECT + "\\.iam" + DOMAIN),
          Pattern.compile(PROJECT + "@appspot" + DOMAIN));

  private static final Pattern WITH_NUMBER =
      Pattern.compile("(\\d+)(?:-compute@developer|@cloudservices)" + DOMAIN);

  /** Returns the email of an account that a user creates. */
  public static AccountEmail of(String accountId, String projectId) {
    return new AccountEmail(
        accountId + "@" + host(projectId) + ".iam.gserviceaccount.com", projectId);
  }

  /** Returns whether the text has one of the forms of such emails. */
  public static boolean isEmail(String text) {
    return id(text).isPresent() || WITH_NUMBER.matcher(text).matches();
  }

  /** Finds the project of an email; if the email has a number, among the given projects. */
  public static Optional<AccountEmail> parse(String email, Collection<String> projectIds) {
    return id(email)
        .or(() -> idOfNumber(email, projectIds))
        .map(projectId -> new AccountEmail(email, projectId));
  }

  /** Returns the end of a message about an account that does not exist: the email and the fix. */
  public static String undeclared(String email) {
    return "\"%s\": declare it with serviceAccount(..), in JSON under \"serviceAccounts\""
        .formatted(email);
  }

  /** Returns the part of the email before the {@code @}. */
  public String accountId() {
    return email.substring(0, email.indexOf('@'));
  }

  public Resource resource() {
    return Resource.account(projectId, email);
  }

  /** Returns a project in host names: {@code shop.example.com} for {@code example.com:shop}. */
  public static String host(String projectId) {
    int colon = projectId.indexOf(':');
    return colon < 0
        ? projectId
        : projectId.substring(colon + 1) + "." + projectId.substring(0, colon);
  }

  private static Optional<String> id(String email) {
    return WITH_ID.stream()
        .map(form -> form.matcher(email))
        .filter(Matcher::matches)
        .map(form -> projectOf(form.group(1)))
        .findFirst();
  }

  private static Optional<String> idOfNumber(String email, Collection<String> projectIds) {
    Matcher number = WITH_NUMBER.matcher(email);
    return number.matches()
        ? projectIds.stream()
            .filter(id -> StableIds.projectNumber(id).equals(number.group(1)))
            .findFirst()
        : Optional.empty();
  }

  /** Reverses {@link #host}. */
  private static String projectOf(String host) {
    int dot = host.indexOf('.');
    return dot < 0 ? host : host.substring(dot + 1) + ":" + host.substring(0, dot);
  }
}
