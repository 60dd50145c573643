package io.github.shortlived.model;

import java.util.regex.Pattern;

/**
 * Whom a policy binding names: a principal identifier such as {@code user:me@example.com}.
 * Immutable; two are equal when written alike.
 *
 * @see <a href="https://cloud.google.com/iam/docs/principal-identifiers">Principal identifiers</a>
 */
public final class Member {
  private static final String ALL_USERS = "allUsers";
  private static final String ALL_AUTHENTICATED_USERS = "allAuthenticatedUsers";
  private static final Pattern MISTAKEN =
      Pattern.compile("(?:user|group):[^\\s:@]+@[^\\s:@]*gserviceaccount\\.com");
  // Without blanks of any script and what no reviewer sees. A domain's first label has no dot, so
  // that a text of any length is read once.
  private static final Pattern IDENTIFIER =
      Pattern.compile(
          "(?!.*[\\p{Z}\\p{Cc}\\p{Cf}])"
              + "(?:(?:user|serviceAccount|group):[^:@]+@[^:@.]+\\.[^:@]+"
              + "|domain:[^:@/.]+\\.[^:@/]+"
              + "|serviceAccount:[^:@\\[\\]]+\\[[^\\[\\]]+]" // a Kubernetes service account
              + "|principal(?:Set)?://.+)",
          Pattern.DOTALL);

  private final String id;

  private Member(String id) {
    this.id = id;
  }

  /**
   * {@return the member with this identifier}
   *
   * @throws CredentialException.InvalidRequest if it is of no documented kind, names a service
   *     account as a user or group, or stands for everyone: that is {@link #allUsers()} and {@link
   *     #allAuthenticatedUsers()}
   */
  public static Member of(String id) {
    Checks.request(
        !MISTAKEN.matcher(id).matches(),
        "member",
        id,
        "that address belongs to a service account",
        "write serviceAccount: in front of it");
    Checks.request(
        !id.equals(ALL_USERS) && !id.equals(ALL_AUTHENTICATED_USERS),
        "member",
        id,
        "it stands for everyone",
        "if that is meant, say it by Member.allUsers() or Member.allAuthenticatedUsers()");
    Checks.request(
        IDENTIFIER.matcher(id).matches(),
        "member",
        id,
        "it is user:EMAIL, serviceAccount:EMAIL, group:EMAIL, domain:DOMAIN, principal://… or"
            + " principalSet://…, without blanks or invisible characters",
        "put the kind in front, such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com");
    return new Member(id);
  }

  /**
   * {@return the service account as a member}
   *
   * @throws CredentialException.InvalidRequest if it is named by its unique id: policies know
   *     members by email address
   */
  public static Member of(ServiceAccount account) {
    Checks.request(
        account.isEmail(),
        "member",
        account.id(),
        "policies know service accounts by email address",
        "name the account by its email address");
    return new Member("serviceAccount:" + account.id());
  }

  /** {@return everyone on the internet, signed in or not: a grant to them is open to the world} */
  public static Member allUsers() {
    return new Member(ALL_USERS);
  }

  /** {@return everyone with any Google account: a grant to them is open to the world} */
  public static Member allAuthenticatedUsers() {
    return new Member(ALL_AUTHENTICATED_USERS);
  }

  /**
   * {@return the member that a policy names, whatever its kind, such as {@code
   * deleted:serviceAccount:EMAIL?uid=ID}: for what was read from a policy, and unchecked}
   */
  public static Member inPolicy(String id) {
    return new Member(id);
  }

  /** {@return the identifier as policies spell it} */
  public String id() {
    return id;
  }

  /** {@return whether this stands for everyone} */
  public boolean isEveryone() {
    return id.equals(ALL_USERS) || id.equals(ALL_AUTHENTICATED_USERS);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Member member && member.id.equals(id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** {@return the {@link #id()}} */
  @Override
  public String toString() {
    return id;
  }
}
