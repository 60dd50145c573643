package io.github.shortlived.model;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.common.base.Throwables;
import io.github.shortlived.internal.failure.ClassPath;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.HelpTopic;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.internal.failure.SourceFailureException;
import io.github.shortlived.internal.text.ShellCommand;
import io.github.shortlived.model.CredentialException.Conflict;
import io.github.shortlived.model.CredentialException.Details;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.ServiceDisabled;
import io.github.shortlived.model.CredentialException.SourceCredentials;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.CredentialException.UnmetDependency;
import io.github.shortlived.model.CredentialException.VerificationFailed;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Translates the failures of Google's services into {@link CredentialException}s, and creates,
 * copies and reads those for other packages of this library. Not part of the API; do not use.
 */
public final class InternalExceptions {
  private static final String LIFETIME_TOO_LONG =
      "The access token lifetime cannot exceed 3600 seconds.";
  private static final String LIFETIME_EXTENSION =
      " Request at most 1 hour, or have an administrator of the organization add the service"
          + " account to the policy constraint"
          + " constraints/iam.allowServiceAccountCredentialLifetimeExtension, which allows up to 12"
          + " hours.";
  private static final String DOMAIN_WIDE =
      " An administrator of the user's domain must delegate the scopes %s to the client ID %s:"
          + " Admin console, Security, API controls, Domain-wide delegation.";
  private static final String FIND_CLIENT_ID =
      "\nFind the client ID: gcloud iam service-accounts describe %s --format='value(uniqueId)'";
  private static final String DIAGNOSIS_HINT =
      ": Diagnostics.using(credentials).diagnose(chain) finds it.";

  private InternalExceptions() {}

  /**
   * Translates the exception of a Google client (gax, google-auth or google-http-client). If a
   * {@link CredentialException} is among its causes, that one is returned. If a class or method is
   * missing, the result names the libraries whose versions differ.
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
        .or(() -> unmetDependency(thrown))
        .orElseGet(() -> ofCall(FailedCallException.of(thrown), action, ofTarget, ofSource));
  }

  /** A response shows that all classes are there. */
  private static Optional<CredentialException> unmetDependency(Throwable thrown) {
    boolean responded =
        thrown instanceof FailedCallException call
            && call.failure().response().httpStatus().isPresent();
    return responded
        ? Optional.empty()
        : ClassPath.fault(thrown).map(InternalExceptions::unmetDependencyOf);
  }

  /**
   * Explains an error if a class, method or provider is missing at run time.
   *
   * @throws UnmetDependency if so; it names the libraries whose versions differ
   */
  public static void throwIfUnmetDependency(Throwable thrown) {
    if (!(thrown instanceof CredentialException) && ClassPath.isFault(thrown)) {
      throw unmetDependencyOf(thrown);
    }
  }

  /** Describes the libraries that are missing or too old, and the fix. */
  public static String describeUnmetDependency(LinkageError fault) {
    return ClassPath.describe(fault);
  }

  private static CredentialException unmetDependencyOf(Throwable fault) {
    return new UnmetDependency(
        Details.of(ClassPath.describe(fault), HelpTopic.WRONG_CLASS_PATH, fault));
  }

  /** Translates the exception of a request for which no grant helps. */
  public static CredentialException translate(Throwable thrown, String action) {
    return translate(thrown, action, List::of, impersonator -> List.of());
  }

  /**
   * Translates the 401 of the token endpoint for a domain that does not delegate these scopes to
   * the service account. Its client ID is its unique ID.
   */
  public static CredentialException domainNotDelegated(
      Throwable thrown, String action, ServiceAccount account, Collection<String> scopes) {
    FailedCallException call = FailedCallException.of(thrown);
    String list = String.join(",", scopes); // As the Admin console expects it.
    String advice =
        account.isEmail()
            ? DOMAIN_WIDE.formatted(list, "of the service account, its numeric unique ID")
                + FIND_CLIENT_ID.formatted(account)
            : DOMAIN_WIDE.formatted(list, account);
    return new PermissionDenied(
        details(action, "refused", call.failure(), call.thrown())
            .with(advice, HelpTopic.DOMAIN_NOT_DELEGATED),
        List.of());
  }

  private static CredentialException ofCall(
      FailedCallException call,
      String action,
      Supplier<List<RequiredGrant>> ofTarget,
      Function<GoogleCredentials, List<RequiredGrant>> ofSource) {
    ServiceFailure failure = call.failure();
    Details failed = details(action, "failed", failure, call.thrown());
    if (failure.retryable()) {
      String advice = failure.attempts().summary() + " A retry may succeed.";
      return new Unavailable(failed.with(advice, HelpTopic.SERVICE_UNAVAILABLE));
    } else if ("SERVICE_DISABLED".equals(failure.reason())) {
      String command = ShellCommand.enableService(failure.metadata());
      return new ServiceDisabled(failed.with("\nEnable it: " + command, HelpTopic.API_DISABLED));
    } else if (call.thrown() instanceof SourceFailureException bySource) {
      return new SourceCredentials(
          failed.with(
              adviceFor(bySource, failure, ofSource), failure.topic(HelpTopic.NO_SOURCE_TOKEN)));
    } else if (failure.status() == Code.PERMISSION_DENIED) {
      Details refused = details(action, "refused", failure, call.thrown());
      return denied(failure, failed, refused, ofTarget);
    }
    return ofStatus(failure, failed);
  }

  /** Lists the grants that impersonating source credentials need, if IAM denied them a token. */
  private static String adviceFor(
      SourceFailureException bySource,
      ServiceFailure failure,
      Function<GoogleCredentials, List<RequiredGrant>> ofSource) {
    return bySource
        .impersonator()
        .filter(impersonator -> failure.isByPolicy())
        .map(ofSource)
        .map(grants -> RequiredGrant.advice(failure.targetPermission(), grants, "."))
        .orElse("");
  }

  /**
   * Translates PERMISSION_DENIED, which has three causes besides a disabled API: IAM, a token whose
   * scopes are too narrow, and a service perimeter. The reason distinguishes them.
   */
  private static CredentialException denied(
      ServiceFailure failure,
      Details failed,
      Details refused,
      Supplier<List<RequiredGrant>> grants) {
    if ("ACCESS_TOKEN_SCOPE_INSUFFICIENT".equals(failure.reason())) {
      String advice = " Give the source credentials the scope " + Scopes.CLOUD_PLATFORM + ".";
      return new SourceCredentials(failed.with(advice, HelpTopic.MISSING_SCOPE));
    } else if (!failure.isByPolicy()) {
      return new PermissionDenied(failed.with("", HelpTopic.DENIED_OUTSIDE_IAM), List.of());
    }
    List<RequiredGrant> required = grants.get();
    String advice = RequiredGrant.advice(failure.targetPermission(), required, DIAGNOSIS_HINT);
    return new PermissionDenied(refused.with(advice, HelpTopic.PERMISSION_DENIED), required);
  }

  private static CredentialException ofStatus(ServiceFailure failure, Details failed) {
    String attempts = failure.attempts().summary();
    return switch (failure.status()) {
      case NOT_FOUND ->
          new NotFound(
              failed.with(" Check the spelling of every name in it.", HelpTopic.NOT_FOUND));
      case UNAUTHENTICATED ->
          new SourceCredentials(
              failed.with(
                  " The service did not accept the source's token.",
                  HelpTopic.SOURCE_TOKEN_REJECTED));
      case ABORTED, ALREADY_EXISTS ->
          new Conflict(failed.with(attempts, HelpTopic.CONCURRENT_CHANGE));
      // An exceeded quota is retryable: this is a message that is too large.
      case INVALID_ARGUMENT, OUT_OF_RANGE, UNIMPLEMENTED, RESOURCE_EXHAUSTED ->
          new InvalidRequest(
              failure.message().startsWith(LIFETIME_TOO_LONG)
                  ? failed.with(LIFETIME_EXTENSION, HelpTopic.LIFETIME_NOT_ALLOWED)
                  : failed.with("", failure.topic(HelpTopic.REQUEST_REJECTED)));
      case FAILED_PRECONDITION ->
          new InvalidRequest(failed.with("", HelpTopic.PRECONDITION_FAILED));
      default -> new Unavailable(failed.with(attempts, HelpTopic.UNEXPECTED_FAILURE));
    };
  }

  private static Details details(
      String action, String outcome, ServiceFailure failure, Throwable cause) {
    String why = failure.bySource() ? " because the source credentials returned no token" : "";
    String summary = "%s %s%s: %s".formatted(action, outcome, why, failure.sentence());
    return new Details(
        summary, failure.clockAdvice(), HelpTopic.UNEXPECTED_FAILURE, failure, cause);
  }

  /** Returns a copy of the exception with this text at the end of its message. */
  public static CredentialException withSuffix(CredentialException failure, String suffix) {
    Details details = failure.details;
    return suffix.isEmpty() ? failure : failure.with(details.with(suffix, details.topic()));
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
    ServiceFailure failure = Objects.requireNonNull(refusal.details.failure());
    return new PermissionDenied(
        details(action, "refused", failure, refusal).with(suffix, HelpTopic.GRANT_NOT_EFFECTIVE),
        grants);
  }

  /** Creates an exception for a request that this library ended, not a service. */
  public static CredentialException unavailable(String message) {
    return new Unavailable(Details.of(message, HelpTopic.NOTHING_ISSUED, null));
  }

  /** Creates an exception for a request that ended after this earlier failure. */
  public static CredentialException unavailable(String message, CredentialException earlier) {
    return new Unavailable(Details.of(message, earlier.details.topic(), earlier));
  }

  /** Creates the exception for calls after close(). */
  public static IllegalStateException closed() {
    return new IllegalStateException("These ShortLivedCredentials are closed");
  }

  /** Creates an exception for a new token that has expired by this machine's clock. */
  public static CredentialException expiredOnArrival(String message) {
    return new Unavailable(Details.of(message, HelpTopic.CLOCK_SKEW, null));
  }

  /** Creates an exception for a token or signature that fails this check. */
  public static CredentialException verificationFailed(VerificationCheck check, String message) {
    return new VerificationFailed(Details.of(message, check.topic(), null), check);
  }

  /** Creates an exception for source credentials that cannot be used. */
  public static CredentialException sourceUnusable(String message, @Nullable Throwable cause) {
    return sourceUnusable(message, HelpTopic.SOURCE_UNUSABLE, cause);
  }

  /** Creates an exception for source credentials that cannot be used, for this reason. */
  public static CredentialException sourceUnusable(
      String message, HelpTopic topic, @Nullable Throwable cause) {
    return new SourceCredentials(Details.of(message, topic, cause));
  }

  /**
   * Copies the exception for another caller, with that caller's stack trace. The copy has the cause
   * of the original, so that nothing is printed twice.
   */
  public static CredentialException copy(CredentialException failure) {
    return failure.with(failure.details);
  }

  /** Returns the message without the advice. */
  public static String summary(CredentialException failure) {
    return failure.details.summary();
  }

  /** Returns the service's response; null if no service failed. */
  public static @Nullable ServiceFailure failure(CredentialException failure) {
    return failure.details.failure();
  }

  /** Returns the section of the documentation that explains the failure. */
  public static HelpTopic topic(CredentialException failure) {
    return failure.details.topic();
  }

  /** Creates an exception for a plan that others overtook. */
  public static Conflict conflict(String message) {
    return new Conflict(Details.of(message, HelpTopic.CONCURRENT_CHANGE, null));
  }

  /** Creates an exception for a request that is refused before the network is used. */
  public static InvalidRequest invalid(String message) {
    return new InvalidRequest(message);
  }

  /** Creates an exception for an argument, with the value, the rule and the fix. */
  public static CredentialException invalid(String what, String value, String rule, String fix) {
    return Checks.invalid(what, value, rule, fix);
  }

  /** Checks that a text can be sent in UTF-8; throws {@link InvalidRequest} if not. */
  public static void requireWellFormed(String what, String value) {
    Checks.wellFormed(what, value);
  }

  /** Checks an argument; throws {@link InvalidRequest} with the value, the rule and the fix. */
  public static void require(boolean holds, String what, String value, String rule, String fix) {
    Checks.request(holds, what, value, rule, fix);
  }
}
