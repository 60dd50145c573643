package io.github.shortlived.diagnosis;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.base.Ascii;
import io.github.shortlived.internal.failure.HelpTopic;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.SourceCredentials;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ServiceAccount;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Classifies the failures of requests by their cause. */
final class FailureClassifier {
  private static final Pattern EMAIL = Pattern.compile("\\S+@\\S+");

  private FailureClassifier() {}

  /** Sends the request; returns its failure, or throws it if this thread is interrupted. */
  static Optional<CredentialException> failureOf(Supplier<?> request) {
    try {
      Object unused = request.get();
      return Optional.empty();
    } catch (CredentialException e) {
      throwIfInterrupted(e);
      return Optional.of(e);
    }
  }

  /** Throws the failure if this thread is interrupted: it then says nothing about a credential. */
  static void throwIfInterrupted(CredentialException failure) {
    if (Thread.currentThread().isInterrupted()) {
      throw failure;
    }
  }

  /** Returns whether an account in the chain refuses, does not exist or does not work. */
  static boolean isAboutAccounts(CredentialException failure) {
    return failure instanceof PermissionDenied || isAccountState(failure);
  }

  /** Returns whether an account in the chain does not exist or does not work. */
  static boolean isAccountState(CredentialException failure) {
    return failure instanceof CredentialException.NotFound || isFailedPrecondition(failure);
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

  /**
   * Returns whether neither the source credentials nor the content of the request caused the
   * failure.
   */
  static boolean isNotFromSourceOrRequest(CredentialException failure) {
    return !(failure instanceof SourceCredentials) && !isAboutTheRequest(failure);
  }

  /** Returns whether the endpoint failed that exchanges a JWT or token for another token. */
  static boolean isFromTokenEndpoint(CredentialException failure) {
    return failure.method().equals(Optional.of("token")) && !(failure instanceof SourceCredentials);
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
}
