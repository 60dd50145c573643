package io.github.shortlived;

import com.google.common.base.Throwables;
import io.github.shortlived.CredentialException.Conflict;
import io.github.shortlived.CredentialException.InvalidRequest;
import io.github.shortlived.CredentialException.NotFound;
import io.github.shortlived.CredentialException.PermissionDenied;
import io.github.shortlived.CredentialException.ServiceDisabled;
import io.github.shortlived.CredentialException.SourceCredentials;
import io.github.shortlived.CredentialException.Unavailable;
import io.github.shortlived.internal.CallException;
import io.github.shortlived.internal.ServiceFailure;
import io.github.shortlived.internal.ServiceMethod;
import io.github.shortlived.internal.SourceFailureException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A failure of a Google client, on its way into the family of {@link CredentialException}.
 *
 * @param failure what the service said
 * @param action what was asked of it
 * @param cause what the client threw
 */
record FailureTranslation(ServiceFailure failure, String action, Throwable cause) {
  private static final String TOO_LONG = "The access token lifetime cannot exceed 3600 seconds.";
  private static final String LIFETIME_EXTENSION =
      " Ask for an hour at most, or have an administrator of the organization add the service"
          + " account to the list of its policy constraint"
          + " constraints/iam.allowServiceAccountCredentialLifetimeExtension, which allows it 12"
          + " hours.";
  private static final String DOMAIN_WIDE =
      " An administrator of the user's domain delegates each of the scopes to the client ID of"
          + " the service account, its numeric unique ID: Admin console, Security, API controls,"
          + " Domain-wide delegation.";

  // IAM's words, and those of Compute Engine, whose reason is a general one.
  private static final Pattern MISSING_PERMISSION =
      Pattern.compile("Permission '|Required '[\\w.]+' permission ");

  private static FailureTranslation of(Throwable thrown, String action) {
    return new FailureTranslation(
        ServiceFailure.of(thrown), action, CallException.unwrapped(thrown));
  }

  /** The one of the family that is at the bottom of it, or the one that tells the same. */
  static CredentialException translate(
      Throwable thrown, String action, Supplier<List<RequiredGrant>> grants) {
    for (Throwable link : Throwables.getCausalChain(thrown)) {
      if (link instanceof CredentialException translated) {
        return translated;
      }
    }
    return of(thrown, action).translated(grants);
  }

  /** A token endpoint's answer that means that a domain does not delegate. */
  static CredentialException notDelegated(Throwable thrown, String action) {
    FailureTranslation told = of(thrown, action);
    return new PermissionDenied(
        told.refused() + DOMAIN_WIDE,
        Explanation.DOMAIN_NOT_DELEGATED,
        List.of(),
        told.failure,
        told.cause);
  }

  private CredentialException translated(Supplier<List<RequiredGrant>> grants) {
    if (failure.retryable()) {
      return new Unavailable(
          failedInVain() + " It is worth another try.",
          Explanation.SERVICE_UNAVAILABLE,
          failure,
          cause);
    } else if ("SERVICE_DISABLED".equals(failure.reason())) {
      return new ServiceDisabled(
          failed() + "\nEnable it: " + ServiceDisabled.gcloudCommand(failure.metadata()),
          Explanation.API_DISABLED,
          failure,
          cause);
    } else if (cause instanceof SourceFailureException bySource) {
      return new SourceCredentials(
          failed() + adviceFor(bySource),
          unlessSkewed(Explanation.NO_SOURCE_TOKEN),
          failure,
          cause);
    }
    return ofStatus(grants);
  }

  /** What credentials that impersonate an account need themselves, if a policy refused them. */
  private String adviceFor(SourceFailureException bySource) {
    return bySource
        .impersonator()
        .filter(impersonator -> byPolicy())
        .map(SourceGrants::of)
        .map(grants -> GrantAdvice.forSource(permission(), grants).text())
        .orElse("");
  }

  private CredentialException ofStatus(Supplier<List<RequiredGrant>> grants) {
    return switch (failure.status()) {
      case PERMISSION_DENIED -> denied(grants);
      case NOT_FOUND ->
          new NotFound(
              failed() + " Check the spelling of every name in it.",
              Explanation.NOT_FOUND,
              failure,
              cause);
      case UNAUTHENTICATED ->
          new SourceCredentials(
              failed() + " The service did not accept the source's token.",
              Explanation.SOURCE_TOKEN_REJECTED,
              failure,
              cause);
      case ABORTED, ALREADY_EXISTS ->
          new Conflict(failedInVain(), Explanation.CONCURRENT_CHANGE, failure, cause);
      case INVALID_ARGUMENT, OUT_OF_RANGE, UNIMPLEMENTED -> rejected();
      case FAILED_PRECONDITION ->
          new InvalidRequest(failed(), Explanation.PRECONDITION_FAILED, failure, cause);
      default -> new Unavailable(failedInVain(), Explanation.UNEXPECTED_FAILURE, failure, cause);
    };
  }

  private CredentialException rejected() {
    return failure.message().startsWith(TOO_LONG)
        ? new InvalidRequest(
            failed() + LIFETIME_EXTENSION, Explanation.LIFETIME_NOT_ALLOWED, failure, cause)
        : new InvalidRequest(failed(), unlessSkewed(Explanation.REQUEST_REJECTED), failure, cause);
  }

  /**
   * PERMISSION_DENIED has three causes beside a disabled API, told apart by reason: IAM, a narrow
   * token, a perimeter.
   */
  private CredentialException denied(Supplier<List<RequiredGrant>> grants) {
    if ("ACCESS_TOKEN_SCOPE_INSUFFICIENT".equals(failure.reason())) {
      return new SourceCredentials(
          failed() + " Give the source credentials the scope " + Scopes.CLOUD_PLATFORM + ".",
          Explanation.MISSING_SCOPE,
          failure,
          cause);
    } else if (!byPolicy()) {
      return new PermissionDenied(
          failed(), Explanation.DENIED_OUTSIDE_IAM, List.of(), failure, cause);
    }
    return deniedByPolicy(grants.get());
  }

  private CredentialException deniedByPolicy(List<RequiredGrant> grants) {
    return new PermissionDenied(
        refused() + GrantAdvice.forTarget(permission(), grants).text(),
        Explanation.PERMISSION_DENIED,
        grants,
        failure,
        cause);
  }

  private String permission() {
    return permissionOfMethod()
        .or(() -> PermissionDenied.permissionOf(failure))
        .orElse("the permission");
  }

  /** What is needed on the target itself; along a chain a service may name what a hop needs. */
  private Optional<String> permissionOfMethod() {
    String method =
        Optional.ofNullable(failure.facts().called()).map(ServiceMethod::method).orElse("");
    return switch (method) {
      case "generateAccessToken" -> Optional.of("iam.serviceAccounts.getAccessToken");
      case "generateIdToken" -> Optional.of("iam.serviceAccounts.getOpenIdToken");
      case "signJwt", "signBlob" -> Optional.of("iam.serviceAccounts." + method);
      default -> Optional.empty();
    };
  }

  /** Other refusals, such as by a service perimeter or a proxy, no grant would cure. */
  private boolean byPolicy() {
    String reason = failure.reason();
    return "IAM_PERMISSION_DENIED".equals(reason)
        || ((reason == null || reason.equals("forbidden"))
            && MISSING_PERMISSION.matcher(failure.message()).lookingAt());
  }

  private Explanation unlessSkewed(Explanation usual) {
    return FailureText.isSkewed(failure.facts()) ? Explanation.CLOCK_SKEW : usual;
  }

  private String failed() {
    boolean bySource = cause instanceof SourceFailureException;
    return "%s failed%s: %s"
        .formatted(
            action,
            bySource ? ", for the source credentials gave no token" : "",
            FailureText.answer(failure));
  }

  /** With what was done to avoid it. */
  private String failedInVain() {
    return failed() + FailureText.effort(failure.facts());
  }

  private String refused() {
    return action + " refused: " + FailureText.answer(failure);
  }
}
