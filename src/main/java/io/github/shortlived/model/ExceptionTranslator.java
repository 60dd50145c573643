package io.github.shortlived.model;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.common.base.Throwables;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.HelpTopic;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.internal.failure.ServiceMethod;
import io.github.shortlived.internal.failure.SourceFailureException;
import io.github.shortlived.model.CredentialException.Conflict;
import io.github.shortlived.model.CredentialException.Details;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.ServiceDisabled;
import io.github.shortlived.model.CredentialException.SourceCredentials;
import io.github.shortlived.model.CredentialException.Unavailable;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Translates the exception of a Google client into a {@link CredentialException}.
 *
 * @param failure what the service responded
 * @param action what failed; begins the message
 * @param cause what the client threw
 */
record ExceptionTranslator(ServiceFailure failure, String action, Throwable cause) {
  private static final String LIFETIME_TOO_LONG =
      "The access token lifetime cannot exceed 3600 seconds.";
  private static final String LIFETIME_EXTENSION =
      " Ask for an hour at most, or have an administrator of the organization add the service"
          + " account to the list of its policy constraint"
          + " constraints/iam.allowServiceAccountCredentialLifetimeExtension, which allows it 12"
          + " hours.";
  private static final String DOMAIN_WIDE =
      " An administrator of the user's domain delegates each of the scopes to the client ID of"
          + " the service account, its numeric unique ID: Admin console, Security, API controls,"
          + " Domain-wide delegation.";
  // The texts of IAM, and of Compute Engine, whose reason is a general one.
  private static final Pattern MISSING_PERMISSION =
      Pattern.compile("Permission '|Required '[\\w.]+' permission ");

  private static ExceptionTranslator of(Throwable thrown, String action) {
    FailedCallException failed = FailedCallException.of(thrown);
    return new ExceptionTranslator(failed.failure(), action, failed.thrown());
  }

  static CredentialException translate(
      Throwable thrown,
      String action,
      Supplier<List<RequiredGrant>> ofTarget,
      Function<GoogleCredentials, List<RequiredGrant>> ofSource) {
    for (Throwable link : Throwables.getCausalChain(thrown)) {
      if (link instanceof CredentialException translated) {
        return translated;
      }
    }
    return of(thrown, action).translated(ofTarget, ofSource);
  }

  static CredentialException notDelegated(Throwable thrown, String action) {
    ExceptionTranslator translation = of(thrown, action);
    return new PermissionDenied(
        translation.details(translation.refused(), DOMAIN_WIDE, HelpTopic.DOMAIN_NOT_DELEGATED),
        List.of());
  }

  private Details details(String summary, String advice, HelpTopic topic) {
    return new Details(
        summary, FailureMessages.clock(failure.details()) + advice, topic, failure, cause);
  }

  private CredentialException translated(
      Supplier<List<RequiredGrant>> ofTarget,
      Function<GoogleCredentials, List<RequiredGrant>> ofSource) {
    if (failure.retryable()) {
      return new Unavailable(
          details(
              failed(),
              FailureMessages.attemptSummary(failure.details().attempts())
                  + " It is worth another try.",
              HelpTopic.SERVICE_UNAVAILABLE));
    } else if ("SERVICE_DISABLED".equals(failure.reason())) {
      return new ServiceDisabled(
          details(
              failed(),
              "\nEnable it: " + ServiceDisabled.gcloudCommand(failure.metadata()),
              HelpTopic.API_DISABLED));
    } else if (cause instanceof SourceFailureException bySource) {
      return new SourceCredentials(
          details(
              failed(), adviceFor(bySource, ofSource), unlessSkewed(HelpTopic.NO_SOURCE_TOKEN)));
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
          new NotFound(
              details(failed(), " Check the spelling of every name in it.", HelpTopic.NOT_FOUND));
      case UNAUTHENTICATED ->
          new SourceCredentials(
              details(
                  failed(),
                  " The service did not accept the source's token.",
                  HelpTopic.SOURCE_TOKEN_REJECTED));
      case ABORTED, ALREADY_EXISTS ->
          new Conflict(
              details(
                  failed(),
                  FailureMessages.attemptSummary(failure.details().attempts()),
                  HelpTopic.CONCURRENT_CHANGE));
      case INVALID_ARGUMENT, OUT_OF_RANGE, UNIMPLEMENTED -> rejected();
      case FAILED_PRECONDITION ->
          new InvalidRequest(details(failed(), "", HelpTopic.PRECONDITION_FAILED));
      default ->
          new Unavailable(
              details(
                  failed(),
                  FailureMessages.attemptSummary(failure.details().attempts()),
                  HelpTopic.UNEXPECTED_FAILURE));
    };
  }

  private CredentialException rejected() {
    return new InvalidRequest(
        failure.message().startsWith(LIFETIME_TOO_LONG)
            ? details(failed(), LIFETIME_EXTENSION, HelpTopic.LIFETIME_NOT_ALLOWED)
            : details(failed(), "", unlessSkewed(HelpTopic.REQUEST_REJECTED)));
  }

  /**
   * PERMISSION_DENIED has three causes beside a disabled API, told apart by the reason: IAM, a
   * token whose scopes are too narrow, and a service perimeter.
   */
  private CredentialException denied(Supplier<List<RequiredGrant>> grants) {
    if ("ACCESS_TOKEN_SCOPE_INSUFFICIENT".equals(failure.reason())) {
      return new SourceCredentials(
          details(
              failed(),
              " Give the source credentials the scope " + Scopes.CLOUD_PLATFORM + ".",
              HelpTopic.MISSING_SCOPE));
    } else if (!byPolicy()) {
      return new PermissionDenied(details(failed(), "", HelpTopic.DENIED_OUTSIDE_IAM), List.of());
    }
    List<RequiredGrant> required = grants.get();
    String advice = GrantAdvice.forTarget(permission(), required).text();
    return new PermissionDenied(details(refused(), advice, HelpTopic.PERMISSION_DENIED), required);
  }

  private String permission() {
    return permissionOfMethod().or(failure::permission).orElse("the permission");
  }

  /** The permission on the target; along a chain a service may name the one on a hop. */
  private Optional<String> permissionOfMethod() {
    String method =
        Optional.ofNullable(failure.details().called()).map(ServiceMethod::method).orElse("");
    return switch (method) {
      case "generateAccessToken" -> Optional.of(IamRoles.GET_ACCESS_TOKEN);
      case "generateIdToken" -> Optional.of(IamRoles.GET_OPEN_ID_TOKEN);
      case "signJwt" -> Optional.of(IamRoles.SIGN_JWT);
      case "signBlob" -> Optional.of(IamRoles.SIGN_BLOB);
      default -> Optional.empty();
    };
  }

  /** Whether a policy decided: no grant helps against a service perimeter or a proxy. */
  private boolean byPolicy() {
    String reason = failure.reason();
    return "IAM_PERMISSION_DENIED".equals(reason)
        || ((reason == null || reason.equals("forbidden"))
            && MISSING_PERMISSION.matcher(failure.message()).lookingAt());
  }

  private HelpTopic unlessSkewed(HelpTopic usual) {
    return FailureMessages.isSkewed(failure.details()) ? HelpTopic.CLOCK_SKEW : usual;
  }

  private String failed() {
    boolean bySource = failure.details().bySource();
    return "%s failed%s: %s"
        .formatted(
            action,
            bySource ? ", for the source credentials gave no token" : "",
            FailureMessages.answer(failure));
  }

  private String refused() {
    return action + " refused: " + FailureMessages.answer(failure);
  }
}
