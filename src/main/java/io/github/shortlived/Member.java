package io.github.shortlived;

import java.util.regex.Pattern;

/**
 * Whom a policy binding names: a principal identifier such as {@code user:me@example.com}.
 * Immutable.
 *
 * @param id the identifier as policies spell it
 * @see <a href="https://cloud.google.com/iam/docs/principal-identifiers">Principal identifiers</a>
 */
public record Member(String id) {
  private static final Pattern IDENTIFIER =
      Pattern.compile(
          "(?:user|serviceAccount|group):[^\\s:@]+@[^\\s:@]+\\.[^\\s:@]+"
              + "|domain:[^\\s:@/]+\\.[^\\s:@/]+"
              + "|serviceAccount:[^\\s:@\\[\\]]+\\[[^\\s\\[\\]]+]" // a Kubernetes service account
              + "|principal(?:Set)?://\\S+");

  /**
   * Checks the identifier; no network call is made.
   *
   * @throws CredentialException.InvalidRequest if it is of no documented kind, or stands for
   *     everyone ({@code allUsers}, {@code allAuthenticatedUsers})
   */
  public Member {
    Checks.request(
        IDENTIFIER.matcher(id).matches(),
        "member",
        id,
        "it is user:EMAIL, serviceAccount:EMAIL, group:EMAIL, domain:DOMAIN, principal://… or"
            + " principalSet://…, and never everyone",
        "put the kind in front, such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com");
  }

  /**
   * {@return the member with this identifier}
   *
   * @throws CredentialException.InvalidRequest if it is of no documented kind
   */
  public static Member of(String id) {
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

  /** {@return the {@link #id()}} */
  @Override
  public String toString() {
    return id;
  }
}
