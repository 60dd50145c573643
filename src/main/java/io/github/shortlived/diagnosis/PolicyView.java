package io.github.shortlived.diagnosis;

import io.github.shortlived.audit.AccountAccess;

/** What came of reading an account's policy. */
sealed interface PolicyView {
  /** It was read. */
  record Read(AccountAccess access) implements PolicyView {}

  /** It could not be read, or may not be, for this reason. */
  record Unreadable(String why) implements PolicyView {}

  /** There is no such account, in the service's words. */
  record Gone(String why) implements PolicyView {}
}
