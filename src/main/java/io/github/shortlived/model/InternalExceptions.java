package io.github.shortlived.model;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.common.base.Throwables;
import io.github.shortlived.internal.failure.HelpTopic;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.SourceCredentials;
import io.github.shortlived.model.CredentialException.Unavailable;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Creates, copies and reads {@link CredentialException}s for other packages of this library. Not
 * part of the API; do not use.
 */
public final class InternalExceptions {
  private InternalExceptions() {}

  /**
   * Translates the exception of a Google client (gax, google-auth or google-http-client). If a
   * {@link CredentialException} is among its causes, that one is returned.
   *
   * @param thrown the exception of the client
   * @param action the failed action, such as {@code generateAccessToken for NAME}; begins the
   *     message
   * @param ofTarget the grants that the request needs; called only if IAM denied it
   * @param ofSource the grants that impersonating source credentials need
   */
  public static CredentialException translate(
      Throwable thrown,
      String action,
      Supplier<List<RequiredGrant>> ofTarget,
      Function<GoogleCredentials, List<RequiredGrant>> ofSource) {
    return Throwables.getCausalChain(thrown).stream()
        .filter(CredentialException.class::isInstance)
        .map(CredentialException.class::cast)
        .findFirst()
        .orElseGet(() -> ExceptionTranslator.of(thrown, action).translate(ofTarget, ofSource));
  }

  /** Translates the exception of a request for which no grant helps. */
  public static CredentialException translate(Throwable thrown, String action) {
    return translate(thrown, action, List::of, impersonator -> List.of());
  }

  /** Translates the 401 of the token endpoint for a domain that does not delegate. */
  public static CredentialException domainNotDelegated(Throwable thrown, String action) {
    return ExceptionTranslator.of(thrown, action).domainNotDelegated();
  }

  /** Returns a copy of the exception with this text at the end of its message. */
  public static CredentialException withSuffix(CredentialException failure, String suffix) {
    ExceptionDetails details = failure.details();
    return suffix.isEmpty()
        ? failure
        : copy(failure).with(details.withAdvice(details.advice() + suffix));
  }

  /**
   * Returns a refusal for grants that are not effective.
   *
   * @param refusal the refusal by the service, which becomes the cause
   * @param action the refused action; begins the message
   * @param suffix what is known about the grants; ends the message
   */
  public static PermissionDenied withGrants(
      PermissionDenied refusal, String action, List<RequiredGrant> grants, String suffix) {
    ServiceFailure failure = Objects.requireNonNull(refusal.details().failure());
    return new PermissionDenied(
        new ExceptionTranslator(failure, action, refusal)
            .refused(suffix, HelpTopic.GRANT_NOT_EFFECTIVE),
        grants);
  }

  /** Creates an exception for a request that this library ended, not a service. */
  public static CredentialException unavailable(String message) {
    return new Unavailable(ExceptionDetails.of(message, HelpTopic.NOTHING_ISSUED, null));
  }

  /** Creates an exception for a request that ended after this earlier failure. */
  public static CredentialException unavailable(String message, CredentialException earlier) {
    return new Unavailable(ExceptionDetails.of(message, earlier.details().topic(), earlier));
  }

  /** Creates an exception for a new token that has expired by this machine's clock. */
  public static CredentialException expiredOnArrival(String message) {
    return new Unavailable(ExceptionDetails.of(message, HelpTopic.CLOCK_SKEW, null));
  }

  /** Creates an exception for source credentials that cannot be used. */
  public static CredentialException sourceUnusable(String message, @Nullable Throwable cause) {
    return sourceUnusable(message, HelpTopic.SOURCE_UNUSABLE, cause);
  }

  /** Creates an exception for source credentials that cannot be used, for this reason. */
  public static CredentialException sourceUnusable(
      String message, HelpTopic topic, @Nullable Throwable cause) {
    return new SourceCredentials(ExceptionDetails.of(message, topic, cause));
  }

  /**
   * Copies the exception for another caller, with that caller's stack trace. The copy has the cause
   * of the original, so that nothing is printed twice.
   */
  public static CredentialException copy(CredentialException failure) {
    return failure.with(failure.details().withCause(failure.getCause()));
  }

  /** Returns the message without the advice. */
  public static String summary(CredentialException failure) {
    return failure.details().summary();
  }

  /** Returns the service's response; null if no service failed. */
  public static @Nullable ServiceFailure failure(CredentialException failure) {
    return failure.details().failure();
  }

  /** Returns the section of the documentation that explains the failure. */
  public static HelpTopic topic(CredentialException failure) {
    return failure.details().topic();
  }

  /** Creates an exception for a request that is refused before the network is used. */
  public static InvalidRequest invalid(String message) {
    return new InvalidRequest(message);
  }

  /** Checks an argument; throws {@link InvalidRequest} with the value, the rule and the fix. */
  public static void require(boolean holds, String what, String value, String rule, String fix) {
    Checks.request(holds, what, value, rule, fix);
  }
}
