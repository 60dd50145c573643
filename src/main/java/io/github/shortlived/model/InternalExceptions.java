package io.github.shortlived.model;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.internal.failure.HelpTopic;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.model.CredentialException.Details;
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
 * Access to {@link CredentialException} for the other packages of this library: creating, copying
 * and reading. Not part of the API; do not use.
 */
public final class InternalExceptions {
  private InternalExceptions() {}

  /**
   * Translates the exception of a Google client (gax, google-auth or google-http-client). If a
   * {@link CredentialException} is among its causes, that one is returned.
   *
   * @param thrown what the client threw
   * @param action what failed, such as {@code generateAccessToken for NAME}; begins the message
   * @param ofTarget the grants that the request needs; called only if IAM denied it
   * @param ofSource the grants that source credentials need which impersonate an account
   */
  public static CredentialException translate(
      Throwable thrown,
      String action,
      Supplier<List<RequiredGrant>> ofTarget,
      Function<GoogleCredentials, List<RequiredGrant>> ofSource) {
    return ExceptionTranslator.translate(thrown, action, ofTarget, ofSource);
  }

  /** As {@link #translate(Throwable, String, Supplier, Function)}, where no grant helps. */
  public static CredentialException translate(Throwable thrown, String action) {
    return translate(thrown, action, List::of, impersonator -> List.of());
  }

  /** Translates the 401 by which the token endpoint says that a domain does not delegate. */
  public static CredentialException domainNotDelegated(Throwable thrown, String action) {
    return ExceptionTranslator.notDelegated(thrown, action);
  }

  /** Returns the same exception with this text at the end of its message. */
  public static CredentialException withSuffix(CredentialException failure, String suffix) {
    Details details = failure.details();
    return suffix.isEmpty()
        ? failure
        : copy(failure).with(details.withAdvice(details.advice() + suffix));
  }

  /**
   * Returns the refusal with what is known about its grants.
   *
   * @param refusal the refusal by the service, which becomes the cause
   * @param action what was refused; begins the message, before the service's own text
   * @param grants the grants that the refusal is about
   * @param suffix what is known about them; ends the message
   */
  public static PermissionDenied withGrants(
      PermissionDenied refusal, String action, List<RequiredGrant> grants, String suffix) {
    ServiceFailure failure = Objects.requireNonNull(refusal.details().failure());
    return new PermissionDenied(
        new Details(
            action + " refused: " + FailureMessages.answer(failure),
            suffix,
            HelpTopic.GRANT_NOT_EFFECTIVE,
            failure,
            refusal),
        grants);
  }

  /** Creates an exception for a request that this library gave up, not a service. */
  public static CredentialException unavailable(String message) {
    return new Unavailable(Details.of(message, HelpTopic.NOTHING_ISSUED, null));
  }

  /** As {@link #unavailable(String)}, after an earlier failure, which is the one to explain. */
  public static CredentialException unavailable(String message, CredentialException earlier) {
    return new Unavailable(Details.of(message, earlier.details().topic(), earlier));
  }

  /** Creates an exception for a token that had expired by this machine's clock. */
  public static CredentialException expiredOnArrival(String message) {
    return new Unavailable(Details.of(message, HelpTopic.CLOCK_SKEW, null));
  }

  /** Creates an exception for source credentials that cannot be used. */
  public static CredentialException sourceUnusable(String message, @Nullable Throwable cause) {
    return sourceUnusable(message, HelpTopic.SOURCE_UNUSABLE, cause);
  }

  /** As {@link #sourceUnusable(String, Throwable)}, explained by this section. */
  public static CredentialException sourceUnusable(
      String message, HelpTopic topic, @Nullable Throwable cause) {
    return new SourceCredentials(Details.of(message, topic, cause));
  }

  /**
   * Copies the exception for another caller who meets the same failure, with a stack trace of its
   * own. Its cause is the cause of the original, so that nothing is printed twice.
   */
  public static CredentialException copy(CredentialException failure) {
    return failure.with(failure.details().withCause(failure.getCause()));
  }

  /** Returns which request failed and what the service responded, without the advice. */
  public static String summary(CredentialException failure) {
    return failure.details().summary();
  }

  /** Returns what the service responded; null if no service failed. */
  public static @Nullable ServiceFailure failure(CredentialException failure) {
    return failure.details().failure();
  }

  /** Returns the section of the documentation that explains the failure. */
  public static HelpTopic topic(CredentialException failure) {
    return failure.details().topic();
  }

  /** As {@link #require}, for the domain of a universe. */
  public static void requireUniverse(String domain) {
    Endpoints.checkUniverse(domain);
  }

  /**
   * Refuses an argument.
   *
   * @throws InvalidRequest unless the rule holds; the message says the value, the rule and the fix
   */
  public static void require(boolean holds, String what, String value, String rule, String fix) {
    Checks.request(holds, what, value, rule, fix);
  }
}
