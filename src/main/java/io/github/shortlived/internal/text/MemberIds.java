package io.github.shortlived.internal.text;

/** Reads and writes the identifiers of service accounts, in policies and in requests. */
public final class MemberIds {
  /** The type of a service account, in front of its email address. */
  public static final String SERVICE_ACCOUNT = "serviceAccount:";

  /** The resource name of a service account in Google's APIs, without its email or unique ID. */
  public static final String RESOURCE = "projects/-/serviceAccounts/";

  private MemberIds() {}

  /** Returns the member identifier of the service account with this email address. */
  public static String ofServiceAccount(String email) {
    return SERVICE_ACCOUNT + email;
  }

  /** Returns whether the member is a service account, possibly one of Kubernetes. */
  public static boolean isServiceAccount(String member) {
    return member.startsWith(SERVICE_ACCOUNT);
  }

  /**
   * Returns the identifier of a service account without its type, or any other identifier as is.
   */
  public static String name(String member) {
    return isServiceAccount(member) ? member.substring(SERVICE_ACCOUNT.length()) : member;
  }
}
