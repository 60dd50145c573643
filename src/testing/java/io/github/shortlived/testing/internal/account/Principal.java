package io.github.shortlived.testing.internal.account;

import com.google.common.base.Ascii;
import java.util.Set;

/**
 * An identity in the form of a policy member: {@code user:…}, {@code serviceAccount:…}, or {@code
 * principal://…/subject/…} of a workload identity pool.
 *
 * @param uniqueId an id that no other principal has, even with the same email; empty for a service
 *     account without its account, which may not call
 * @param sets its {@code principalSet://…} members, which follow from its mapped attributes
 * @param isBounded whether it calls within a credential access boundary, which permits nothing that
 *     the emulator serves; Google's text for that is unverified
 */
public record Principal(String member, String uniqueId, Set<String> sets, boolean isBounded) {
  private static final String SERVICE_ACCOUNT = "serviceAccount:";
  private static final String USER = "user:";
  private static final String FEDERATED = "principal://";
  private static final String SUBJECT = "/subject/";

  public Principal {
    sets = Set.copyOf(sets);
    if (!member.startsWith(SERVICE_ACCOUNT)
        && !member.startsWith(USER)
        && !(member.startsWith(FEDERATED) && member.contains(SUBJECT))) {
      throw new IllegalArgumentException(
          ("\"%s\" is not a caller: use user:EMAIL, serviceAccount:EMAIL or"
                  + " principal://…/subject/SUBJECT")
              .formatted(member));
    }
  }

  public Principal(String member) {
    this(member, Set.of());
  }

  /** Creates a principal that is not within a boundary. */
  public Principal(String member, Set<String> sets) {
    this(
        member,
        member.startsWith(SERVICE_ACCOUNT) ? "" : StableIds.userId(afterType(member)),
        sets,
        false);
  }

  static Principal serviceAccount(String email, String uniqueId) {
    return new Principal(SERVICE_ACCOUNT + email, uniqueId, Set.of(), false);
  }

  public static Principal user(String email) {
    return new Principal(USER + email);
  }

  Principal bounded() {
    return new Principal(member, uniqueId, sets, true);
  }

  public boolean isServiceAccount() {
    return member.startsWith(SERVICE_ACCOUNT);
  }

  public boolean isUser() {
    return member.startsWith(USER);
  }

  public boolean isFederated() {
    return member.startsWith(FEDERATED);
  }

  public String email() {
    return afterType(member);
  }

  private static String afterType(String member) {
    return member.substring(member.indexOf(':') + 1);
  }

  /** Returns whether a binding to a member applies to this principal, apart from groups. */
  public boolean matches(String bound) {
    return !isBounded && (isFederated() ? matchesFederated(bound) : matchesGoogle(bound));
  }

  /** Ignores the case of ASCII letters only: other letters may look the same. */
  private boolean matchesGoogle(String bound) {
    return Ascii.equalsIgnoreCase(bound, member)
        || bound.equals("allUsers")
        || bound.equals("allAuthenticatedUsers")
        || Ascii.equalsIgnoreCase(bound, "domain:" + domain());
  }

  /** {@code allAuthenticatedUsers} does not include identities of external providers. */
  private boolean matchesFederated(String bound) {
    String pool = member.substring(FEDERATED.length(), member.indexOf(SUBJECT));
    return bound.equals(member)
        || bound.equals("allUsers")
        || bound.equals("principalSet://" + pool + "/*")
        || sets.contains(bound);
  }

  private String domain() {
    return email().substring(email().indexOf('@') + 1);
  }
}
