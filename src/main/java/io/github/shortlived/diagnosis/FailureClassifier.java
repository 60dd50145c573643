package io.github.shortlived.diagnosis;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.base.Ascii;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.SourceCredentials;
import io.github.shortlived.model.ServiceAccount;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the failures of requests are about. */
final class FailureClassifier {
  // Up to the status, and the reason if there is one.
  private static final Pattern ANSWER = Pattern.compile(".*\\([A-Z_]+(?:, \\w+)?\\)");

  private static final Pattern SKEW = Pattern.compile("This (machine's clock is .+ the server's):");
  private static final Pattern ADDRESS = Pattern.compile("\\S+@\\S+");

  private FailureClassifier() {}

  /** Whether an account of the way refused, or is not there, or does not work. */
  static boolean isAboutAccounts(CredentialException failure) {
    return failure instanceof PermissionDenied || isAccountState(failure);
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
  static boolean isAccountState(CredentialException failure) {
    return failure instanceof NotFound || isDisabled(failure);
  }

  /** Whether it came from where a JWT is exchanged for a token, and not for the source's. */
  static boolean isOfTheTokenEndpoint(CredentialException failure) {
    return failure.method().equals(Optional.of("token")) && !isAboutTheSource(failure);
  }

  /** Whether the domain of a user does not delegate, as the documentation explains it. */
  static boolean isDomainNotDelegated(CredentialException failure) {
    return failure.help().endsWith("#domain-not-delegated");
  }

  /** Whether a token was issued, and had ended by this machine's clock. */
  static boolean isOfEndedToken(CredentialException failure) {
    return failure.status().isEmpty() && failure.help().endsWith("#clock-skew");
  }

  /** Whether a JWT is refused for its times. */
  static boolean isClockSkew(CredentialException failure) {
    return firstLine(failure).contains("iat and exp");
  }

  /** Whether the service's own words name the account. */
  static boolean names(ServiceAccount account, CredentialException failure) {
    return words(failure).contains(account.id());
  }

  /** How it is known that an answer is about this account. */
  static Evidence certainty(ServiceAccount account, CredentialException failure) {
    return names(account, failure) ? Evidence.OBSERVED : Evidence.INFERRED;
  }

  /** Whether the service says that something is disabled; an account may be called so. */
  static boolean saysDisabled(CredentialException failure) {
    String words = ADDRESS.matcher(words(failure)).replaceAll("");
    return Ascii.toLowerCase(words).contains("disabled");
  }

  /** The service's own words, which follow those of what was asked. */
  private static String words(CredentialException failure) {
    String line = firstLine(failure);
    return line.substring(line.indexOf(": ") + 1);
  }

  /** By how much this machine's clock is wrong, if an answer that is about time had a date. */
  static Optional<String> skew(CredentialException failure) {
    return SKEW.matcher(failure.getMessage())
        .results()
        .findFirst()
        .map(measured -> "this " + measured.group(1));
  }

  /** That it was answered so. */
  static Fact toFact(CredentialException failure) {
    return Fact.observed(firstLine(failure));
  }

  /** What was asked and what was answered, without the advice behind it. */
  static String firstLine(CredentialException failure) {
    String line = failure.getMessage().lines().findFirst().orElse("");
    Matcher answer = ANSWER.matcher(line);
    return answer.lookingAt() ? answer.group() : line;
  }
}
