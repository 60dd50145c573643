package io.github.shortlived.model;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.internal.failure.CallDetails;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.HelpTopic;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.internal.failure.ServiceMethod;
import io.github.shortlived.internal.failure.SourceFailureException;
import io.github.shortlived.internal.text.GcloudCommand;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.CredentialException.Conflict;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.ServiceDisabled;
import io.github.shortlived.model.CredentialException.SourceCredentials;
import io.github.shortlived.model.CredentialException.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Translates the exception of a Google client into a {@link CredentialException}.
 *
 * @param action the failed action; begins the message
 */
record ExceptionTranslator(ServiceFailure failure, String action, Throwable cause) {
  private static final Duration HARMLESS_SKEW = Duration.ofSeconds(30);
  private static final String LIFETIME_TOO_LONG =
      "The access token lifetime cannot exceed 3600 seconds.";
  private static final String LIFETIME_EXTENSION =
      " Request at most 1 hour, or have an administrator of the organization add the service"
          + " account to the policy constraint"
          + " constraints/iam.allowServiceAccountCredentialLifetimeExtension, which allows up to 12"
          + " hours.";
  private static final String DOMAIN_WIDE =
      " An administrator of the user's domain must delegate each of the scopes to the client ID of"
          + " the service account, its numeric unique ID: Admin console, Security, API controls,"
          + " Domain-wide delegation.";
  // The messages of IAM, and of Compute Engine, which gives only a general reason.
  private static final Pattern MISSING_PERMISSION =
      Pattern.compile("Permission '|Required '[\\w.]+' permission ");

  static ExceptionTranslator of(Throwable thrown, String action) {
    FailedCallException failed = FailedCallException.of(thrown);
    return new ExceptionTranslator(failed.failure(), action, failed.thrown());
  }

  CredentialException translate(
      Supplier<List<RequiredGrant>> ofTarget,
      Function<GoogleCredentials, List<RequiredGrant>> ofSource) {
    if (failure.retryable()) {
      return new Unavailable(
          failed(attempts() + " A retry may succeed.", HelpTopic.SERVICE_UNAVAILABLE));
    } else if ("SERVICE_DISABLED".equals(failure.reason())) {
      String command = GcloudCommand.enableService(failure.metadata());
      return new ServiceDisabled(failed("\nEnable it: " + command, HelpTopic.API_DISABLED));
    } else if (cause instanceof SourceFailureException bySource) {
      return new SourceCredentials(
          failed(adviceFor(bySource, ofSource), unlessSkewed(HelpTopic.NO_SOURCE_TOKEN)));
    }
    return ofStatus(ofTarget);
  }

  /** Lists the grants that impersonating source credentials need, if IAM denied them a token. */
  private String adviceFor(
      SourceFailureException bySource, Function<GoogleCredentials, List<RequiredGrant>> ofSource) {
    return bySource
        .impersonator()
        .filter(impersonator -> byPolicy())
        .map(ofSource)
        .map(grants -> GrantAdvice.forSource(permission(), grants).text())
        .orElse("");
  }

  private CredentialException ofStatus(Supplier<List<RequiredGrant>> grants) {
    return switch (failure.status()) {
      case PERMISSION_DENIED -> denied(grants);
      case NOT_FOUND ->
          new NotFound(failed(" Check the spelling of every name in it.", HelpTopic.NOT_FOUND));
      case UNAUTHENTICATED ->
          new SourceCredentials(
              failed(
                  " The service did not accept the source's token.",
                  HelpTopic.SOURCE_TOKEN_REJECTED));
      case ABORTED, ALREADY_EXISTS -> new Conflict(failed(attempts(), HelpTopic.CONCURRENT_CHANGE));
      case INVALID_ARGUMENT, OUT_OF_RANGE, UNIMPLEMENTED -> rejected();
      case FAILED_PRECONDITION -> new InvalidRequest(failed("", HelpTopic.PRECONDITION_FAILED));
      default -> new Unavailable(failed(attempts(), HelpTopic.UNEXPECTED_FAILURE));
    };
  }

  private CredentialException rejected() {
    return new InvalidRequest(
        failure.message().startsWith(LIFETIME_TOO_LONG)
            ? failed(LIFETIME_EXTENSION, HelpTopic.LIFETIME_NOT_ALLOWED)
            : failed("", unlessSkewed(HelpTopic.REQUEST_REJECTED)));
  }

  /**
   * Translates PERMISSION_DENIED, which has three causes besides a disabled API: IAM, a token whose
   * scopes are too narrow, and a service perimeter. The reason distinguishes them.
   */
  private CredentialException denied(Supplier<List<RequiredGrant>> grants) {
    if ("ACCESS_TOKEN_SCOPE_INSUFFICIENT".equals(failure.reason())) {
      return new SourceCredentials(
          failed(
              " Give the source credentials the scope " + Scopes.CLOUD_PLATFORM + ".",
              HelpTopic.MISSING_SCOPE));
    } else if (!byPolicy()) {
      return new PermissionDenied(failed("", HelpTopic.DENIED_OUTSIDE_IAM), List.of());
    }
    List<RequiredGrant> required = grants.get();
    String advice = GrantAdvice.forTarget(permission(), required).text();
    return new PermissionDenied(refused(advice, HelpTopic.PERMISSION_DENIED), required);
  }

  PermissionDenied domainNotDelegated() {
    return new PermissionDenied(refused(DOMAIN_WIDE, HelpTopic.DOMAIN_NOT_DELEGATED), List.of());
  }

  /** Returns the permission on the target; along a chain, the service may name one on a hop. */
  private String permission() {
    return Optional.ofNullable(failure.details().called())
        .map(ServiceMethod::method)
        .map(IamRoles.PERMISSIONS::get)
        .or(failure::permission)
        .orElse("the permission");
  }

  /** Returns whether an IAM policy denied it: no grant helps against a service perimeter. */
  private boolean byPolicy() {
    String reason = failure.reason();
    return "IAM_PERMISSION_DENIED".equals(reason)
        || ((reason == null || reason.equals("forbidden"))
            && MISSING_PERMISSION.matcher(failure.message()).lookingAt());
  }

  private HelpTopic unlessSkewed(HelpTopic usual) {
    return isSkewed() ? HelpTopic.CLOCK_SKEW : usual;
  }

  /** Returns whether this machine's clock is so wrong that it can cause the failure. */
  private boolean isSkewed() {
    return failure.details().clockAhead().abs().compareTo(HARMLESS_SKEW) >= 0;
  }

  private ExceptionDetails failed(String advice, HelpTopic topic) {
    return cause instanceof SourceFailureException
        ? details("failed because the source credentials returned no token", advice, topic)
        : details("failed", advice, topic);
  }

  ExceptionDetails refused(String advice, HelpTopic topic) {
    return details("refused", advice, topic);
  }

  private ExceptionDetails details(String outcome, String advice, HelpTopic topic) {
    String summary = "%s %s: %s".formatted(action, outcome, response());
    return new ExceptionDetails(summary, clockAdvice() + advice, topic, failure, cause);
  }

  private String response() {
    String reason = failure.reason() == null ? "" : ", " + failure.reason();
    String message = failure.message().strip();
    String end = message.endsWith(".") ? "" : ".";
    return "%s (%s%s)".formatted(message + end, failure.status(), reason);
  }

  private String clockAdvice() {
    String difference = Phrases.clockDifference(failure.details().clockAhead());
    return isSkewed() ? " This machine's clock is %s clock: correct it.".formatted(difference) : "";
  }

  /** Says how many attempts failed in what time; empty if they were not counted. */
  private String attempts() {
    CallDetails.Attempts attempts = failure.details().attempts();
    if (attempts.count() == 0) {
      return "";
    }
    String delay =
        attempts.excessiveDelay().isZero()
            ? ""
            : " The service asked to retry after %s, which exceeds the total timeout."
                .formatted(Phrases.approximate(attempts.excessiveDelay()));
    return " %s after %s in %s.%s"
        .formatted(
            attempts.interrupted() ? "Interrupted" : "Given up",
            Phrases.pluralize(attempts.count(), "attempt"),
            Phrases.seconds(attempts.elapsed()),
            delay);
  }
}
