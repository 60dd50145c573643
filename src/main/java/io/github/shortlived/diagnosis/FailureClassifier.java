package io.github.shortlived.diagnosis;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.base.Ascii;
import io.github.shortlived.diagnosis.Fact.Evidence;
import io.github.shortlived.internal.failure.HelpTopic;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.SourceCredentials;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ServiceAccount;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Classifies the failures of requests by their cause. */
final class FailureClassifier {
  private static final Pattern EMAIL = Pattern.compile("\\S+@\\S+");

  private FailureClassifier() {}

  /** Returns whether an account on the path refuses, does not exist or does not work. */
  static boolean isAboutAccounts(CredentialException failure) {
    return failure instanceof PermissionDenied || isAccountState(failure);
  }

  /** Returns whether an account on the path does not exist or does not work. */
  static boolean isAccountState(CredentialException failure) {
    return failure instanceof NotFound || isFailedPrecondition(failure);
  }

  /** Returns whether the status is the one of a disabled account, for example. */
  private static boolean isFailedPrecondition(CredentialException failure) {
    return failure instanceof InvalidRequest && hasStatus(failure, Code.FAILED_PRECONDITION);
  }

  static boolean hasStatus(CredentialException failure, Code status) {
    return failure.status().equals(Optional.of(status));
  }

  /** Returns whether the content of the request is rejected. */
  static boolean isAboutTheRequest(CredentialException failure) {
    return failure instanceof InvalidRequest && !isFailedPrecondition(failure);
  }

  /** Returns whether the source credentials or their token are at fault. */
  static boolean isAboutTheSource(CredentialException failure) {
    return failure instanceof SourceCredentials;
  }

  /** Returns whether the service itself is at fault. */
  static boolean isAboutTheService(CredentialException failure) {
    return !isAboutTheSource(failure) && !isAboutTheRequest(failure);
  }

  /** Returns whether a policy refuses, so that a grant can help. */
  static boolean isByPolicy(CredentialException failure) {
    return failure instanceof PermissionDenied denied && !denied.requiredGrants().isEmpty();
  }

  /** Returns whether the endpoint failed that exchanges the JWT for a user's token. */
  static boolean isFromTokenEndpoint(CredentialException failure) {
    return failure.method().equals(Optional.of("token")) && !isAboutTheSource(failure);
  }

  /** Returns whether a token was issued that had expired by this machine's clock. */
  static boolean isExpiredOnArrival(CredentialException failure) {
    return failure.status().isEmpty() && isClockWrong(failure);
  }

  private static boolean isClockWrong(CredentialException failure) {
    return InternalExceptions.topic(failure) == HelpTopic.CLOCK_SKEW;
  }

  /** Returns whether the token endpoint rejects the times in a JWT. */
  static boolean isAboutJwtTimes(CredentialException failure) {
    return serviceMessage(failure).contains("iat and exp");
  }

  /** Returns how far this machine's clock is ahead; empty if it is right or was not measured. */
  static Optional<Duration> clockAhead(CredentialException failure) {
    return Optional.ofNullable(InternalExceptions.failure(failure))
        .filter(measured -> isClockWrong(failure))
        .map(ServiceFailure::clockAhead);
  }

  /** Returns how it is known that the failure is about this account. */
  static Evidence evidence(ServiceAccount account, CredentialException failure) {
    return names(account, failure) ? Evidence.OBSERVED : Evidence.INFERRED;
  }

  /** Returns whether the message of the service names the account. */
  static boolean names(ServiceAccount account, CredentialException failure) {
    return serviceMessage(failure).contains(account.id());
  }

  /** Returns whether the service reports something as disabled, except in an email address. */
  static boolean saysDisabled(CredentialException failure) {
    String message = EMAIL.matcher(serviceMessage(failure)).replaceAll("");
    return Ascii.toLowerCase(message).contains("disabled");
  }

  /** Returns the message of the service; empty if no service failed. */
  static String serviceMessage(CredentialException failure) {
    return Optional.ofNullable(InternalExceptions.failure(failure))
        .map(ServiceFailure::message)
        .orElse("");
  }

  /** Returns which request failed and what the service responded. */
  static Fact toFact(CredentialException failure) {
    return Fact.observed(InternalExceptions.summary(failure));
  }
}
