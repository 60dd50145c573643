package io.github.shortlived.diagnosis;

import com.google.api.gax.rpc.StatusCode.Code;
import io.github.shortlived.CredentialException;
import io.github.shortlived.CredentialException.InvalidRequest;
import io.github.shortlived.CredentialException.NotFound;
import io.github.shortlived.CredentialException.PermissionDenied;
import io.github.shortlived.CredentialException.SourceCredentials;
import io.github.shortlived.ServiceAccount;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the failures of requests are about. */
final class Answers {
  // Up to the status, and the reason if there is one.
  private static final Pattern ANSWER = Pattern.compile(".*\\([A-Z_]+(?:, \\w+)?\\)");

  private Answers() {}

  /** Whether an account of the way refused, or is not there, or does not work. */
  static boolean isAboutAccounts(CredentialException failure) {
    return failure instanceof PermissionDenied || isOfAState(failure);
  }

  /** What IAM answers for a disabled account; whatever else is amiss with its state. */
  static boolean isDisabled(CredentialException failure) {
    return failure instanceof InvalidRequest
        && failure.status().equals(Optional.of(Code.FAILED_PRECONDITION));
  }

  /** Whether the request is refused for what it says, whoever makes it. */
  static boolean isAboutTheRequest(CredentialException failure) {
    return failure instanceof InvalidRequest && !isDisabled(failure);
  }

  /** Whether the source credentials, or their token, are at fault. */
  static boolean isAboutTheSource(CredentialException failure) {
    return failure instanceof SourceCredentials;
  }

  /** Whether policies decided, so that a grant may help. */
  static boolean isByPolicy(CredentialException failure) {
    return failure instanceof PermissionDenied denied && !denied.requiredGrants().isEmpty();
  }

  /** Whether an account of the way is not there, or does not work. */
  static boolean isOfAState(CredentialException failure) {
    return failure instanceof NotFound || isDisabled(failure);
  }

  /** Whether the service's own words, which follow those of what was asked, name the account. */
  static boolean names(ServiceAccount account, CredentialException failure) {
    String line = firstLine(failure);
    return line.substring(line.indexOf(": ") + 1).contains(account.id());
  }

  /** What was asked and what was answered, without the advice behind it. */
  static String firstLine(CredentialException failure) {
    String line = failure.getMessage().lines().findFirst().orElse("");
    Matcher answer = ANSWER.matcher(line);
    return answer.lookingAt() ? answer.group() : line;
  }
}
