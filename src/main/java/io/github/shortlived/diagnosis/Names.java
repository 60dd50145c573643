package io.github.shortlived.diagnosis;

import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import java.util.Optional;

/** Names as a person reads them in a tree, where they come again and again. */
final class Names {
  private static final String ACCOUNT = "serviceAccount:";
  private static final String DOMAIN = ".iam.gserviceaccount.com";

  private Names() {}

  /** The text with {@code NAME@PROJECT} for service accounts. */
  static String shortened(String text) {
    return text.replace(ACCOUNT, "").replace(DOMAIN, "");
  }

  /** The service account that the member is, if it is one of Google's. */
  static Optional<ServiceAccount> account(Member member) {
    String id = member.id();
    boolean ofGoogle = id.startsWith(ACCOUNT) && !id.contains("[");
    return ofGoogle
        ? Optional.of(ServiceAccount.of(id.substring(ACCOUNT.length())))
        : Optional.empty();
  }

  /** A service account by its email address, anybody else as policies spell it. */
  static String of(Member member) {
    String id = member.id();
    return id.startsWith(ACCOUNT) ? id.substring(ACCOUNT.length()) : id;
  }
}
