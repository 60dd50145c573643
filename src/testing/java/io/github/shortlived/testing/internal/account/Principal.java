package io.github.shortlived.testing.internal.account;

import java.util.Locale;
import java.util.Set;

/**
 * An identity as policies name it: {@code user:…}, {@code serviceAccount:…}, or {@code
 * principal://…/subject/…} of a workload identity pool.
 *
 * @param sets the {@code principalSet://…} it belongs to by its mapped attributes
 * @param isBounded whether it calls within a credential access boundary, which leaves out all that
 *     is emulated; the service's words for that are unverified
 */
public record Principal(String member, Set<String> sets, boolean isBounded) {
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
          "\""
              + member
              + "\" cannot call: give user:EMAIL, serviceAccount:EMAIL or"
              + " principal://…/subject/SUBJECT");
    }
  }

  public Principal(String member) {
    this(member, Set.of(), false);
  }

  static Principal serviceAccount(String email) {
    return new Principal(SERVICE_ACCOUNT + email);
  }

  public static Principal user(String email) {
    return new Principal(USER + email);
  }

  Principal bounded() {
    return new Principal(member, sets, true);
  }

  public boolean isServiceAccount() {
    return member.startsWith(SERVICE_ACCOUNT);
  }

  public boolean isFederated() {
    return member.startsWith(FEDERATED);
  }

  public String email() {
    return member.substring(member.indexOf(':') + 1);
  }

  /** Whether a binding to {@code bound} means this principal, groups aside. */
  public boolean matches(String bound) {
    return !isBounded && (isFederated() ? isFederatedMeantBy(bound) : isGoogleMeantBy(bound));
  }

  private boolean isGoogleMeantBy(String bound) {
    return bound.equalsIgnoreCase(member)
        || bound.equals("allUsers")
        || bound.equals("allAuthenticatedUsers")
        || bound.equalsIgnoreCase("domain:" + domain());
  }

  /** Authenticated users are Google's own: an outside identity provider's are not among them. */
  private boolean isFederatedMeantBy(String bound) {
    String pool = member.substring(FEDERATED.length(), member.indexOf(SUBJECT));
    return bound.equals(member)
        || bound.equals("allUsers")
        || bound.equals("principalSet://" + pool + "/*")
        || sets.contains(bound);
  }

  private String domain() {
    return email().substring(email().indexOf('@') + 1).toLowerCase(Locale.ROOT);
  }
}
