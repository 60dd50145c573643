package io.github.shortlived.testing;

import java.util.Locale;

/** An identity as policies name it: {@code user:…} or {@code serviceAccount:…}. */
record Principal(String member) {
  private static final String SERVICE_ACCOUNT = "serviceAccount:";
  private static final String USER = "user:";

  Principal {
    if (!member.startsWith(SERVICE_ACCOUNT) && !member.startsWith(USER)) {
      throw new IllegalArgumentException(
          "\"" + member + "\" cannot call: give user:EMAIL or serviceAccount:EMAIL");
    }
  }

  static Principal serviceAccount(String email) {
    return new Principal(SERVICE_ACCOUNT + email);
  }

  boolean isServiceAccount() {
    return member.startsWith(SERVICE_ACCOUNT);
  }

  String email() {
    return member.substring(member.indexOf(':') + 1);
  }

  /** Whether a binding to {@code bound} means this principal, groups aside. */
  boolean isMeantBy(String bound) {
    return bound.equalsIgnoreCase(member)
        || bound.equals("allUsers")
        || bound.equals("allAuthenticatedUsers")
        || bound.equalsIgnoreCase("domain:" + domain());
  }

  private String domain() {
    return email().substring(email().indexOf('@') + 1).toLowerCase(Locale.ROOT);
  }
}
