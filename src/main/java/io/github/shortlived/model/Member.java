package io.github.shortlived.model;

import com.google.common.base.Ascii;
import io.github.shortlived.internal.text.MemberIds;
import io.github.shortlived.internal.text.SafeText;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A principal in a policy binding, such as {@code user:me@example.com}. Immutable. Two members are
 * equal if their identifiers are equal letter by letter; {@link #isSameAs} compares as IAM does.
 *
 * @see <a href="https://cloud.google.com/iam/docs/principal-identifiers">Principal identifiers</a>
 */
public final class Member {
  private static final String ALL_USERS = "allUsers";
  private static final String ALL_AUTHENTICATED_USERS = "allAuthenticatedUsers";
  private static final Pattern DELETED =
      Pattern.compile("deleted:(.*?)(?:\\?uid=[^?]*)?", Pattern.DOTALL);
  private static final Pattern CASE_SENSITIVE = Pattern.compile("(?:deleted:)?principal(?:Set)?:");

  private final String id;

  private Member(String id) {
    this.id = id;
  }

  /**
   * {@return the member with this identifier}
   *
   * @throws CredentialException.InvalidRequest if it has none of Google's documented forms, if it
   *     has invisible characters, if it names a service account as a user or group, or if it stands
   *     for everyone: see {@link #allUsers()} and {@link #allAuthenticatedUsers()}
   */
  public static Member of(String id) {
    Objects.requireNonNull(id, "id");
    Checks.request(
        Stream.of(ALL_USERS, ALL_AUTHENTICATED_USERS)
            .noneMatch(everyone -> Ascii.equalsIgnoreCase(everyone, id)),
        "member",
        id,
        "it stands for everyone",
        "to grant to everyone, use Member.allUsers() or Member.allAuthenticatedUsers()");
    MemberForms.check(id);
    return new Member(id);
  }

  /**
   * {@return the service account as a member} Invalid if it is named by its unique ID: policies
   * name service accounts by email address.
   */
  public static Member of(ServiceAccount account) {
    Objects.requireNonNull(account, "account");
    Checks.request(
        account.isEmail(),
        "member",
        account.id(),
        "policies name service accounts by email address",
        "name the account by its email address");
    return new Member(MemberIds.SERVICE_ACCOUNT + account.id());
  }

  /** {@return everyone on the internet, signed in or not: a grant to this member is public} */
  public static Member allUsers() {
    return new Member(ALL_USERS);
  }

  /** {@return everyone with a Google Account: a grant to this member is public} */
  public static Member allAuthenticatedUsers() {
    return new Member(ALL_AUTHENTICATED_USERS);
  }

  /** {@return a member from a policy, unchecked: {@code deleted:user:EMAIL?uid=ID} is valid} */
  public static Member inPolicy(String id) {
    Objects.requireNonNull(id, "id");
    return new Member(id);
  }

  /** {@return the identifier as the policy spells it} */
  public String id() {
    return id;
  }

  /**
   * {@return the identifier in one form for all spellings} Email addresses and domains, whose case
   * IAM ignores, are in lower case; {@code principal://…} and {@code principalSet://…} are
   * unchanged.
   */
  public String normalizedId() {
    return CASE_SENSITIVE.matcher(id).lookingAt() ? id : Ascii.toLowerCase(id);
  }

  /** {@return whether both have the same {@link #normalizedId()}} */
  public boolean isSameAs(Member other) {
    Objects.requireNonNull(other, "other");
    return normalizedId().equals(other.normalizedId());
  }

  /** {@return whether this is {@link #allUsers()} or {@link #allAuthenticatedUsers()}} */
  public boolean isEveryone() {
    return id.equals(ALL_USERS) || id.equals(ALL_AUTHENTICATED_USERS);
  }

  /** {@return whether this is a group or a principal set, whose members only Google knows} */
  public boolean isGroup() {
    return id.startsWith("group:") || id.startsWith("principalSet:");
  }

  /** {@return whether this can be many principals: a group, principal set, domain or everyone} */
  public boolean standsForMany() {
    return isEveryone() || isGroup() || id.startsWith("domain:");
  }

  /** {@return whether this principal was deleted after it was added to the policy} */
  public boolean isDeleted() {
    return id.startsWith("deleted:");
  }

  /**
   * {@return the member as it was before its deletion: {@code user:EMAIL} for {@code
   * deleted:user:EMAIL?uid=ID}; itself if it was not deleted}
   */
  public Member beforeDeletion() {
    Matcher deleted = DELETED.matcher(id);
    return deleted.matches() ? new Member(deleted.group(1)) : this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Member member && member.id.equals(id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** {@return the {@link #id()}, with escapes for hidden characters} */
  @Override
  public String toString() {
    return SafeText.visible(id);
  }
}
