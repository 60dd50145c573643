package io.github.shortlived;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableList;
import io.github.shortlived.internal.CallException;
import io.github.shortlived.internal.CallFacts;
import io.github.shortlived.internal.Redaction;
import io.github.shortlived.internal.ServiceFailure;
import io.github.shortlived.internal.ServiceMethod;
import io.github.shortlived.internal.SourceFailureException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a credential or a grant was not to be had, split by what the caller can do about it. Messages
 * say what was asked, what the service answered and what to do; they never hold a token, key or
 * assertion.
 *
 * @see <a href="https://cloud.google.com/apis/design/errors">Google's error model</a>
 */
@SuppressWarnings(
    "serial") // Throwables are serializable by inheritance; these are not meant to be.
public abstract sealed class CredentialException extends RuntimeException {
  private static final Duration HARMLESS = Duration.ofSeconds(30);

  private final @Nullable ServiceFailure failure;
  private String aftermath = "";

  private CredentialException(
      String message, @Nullable ServiceFailure failure, @Nullable Throwable cause) {
    super(message, cause == null ? null : Redaction.redact(cause));
    this.failure = failure;
  }

  /**
   * Translates the exception of a Google client (gax, google-auth or google-http-client) into this
   * family. Where one of this family is at the bottom of it, that one is returned.
   *
   * @param cause what the client threw
   * @param action what was asked, such as {@code generateAccessToken for NAME}: begins the message
   * @param grants what a refused caller needs, told if the failure is {@link PermissionDenied}; may
   *     be empty
   */
  public static CredentialException from(
      Throwable cause, String action, List<RequiredGrant> grants) {
    return from(cause, action, () -> grants);
  }

  /**
   * As {@link #from(Throwable, String, List)}, where finding the grants may cost a call: they are
   * asked for only if the failure is {@link PermissionDenied}.
   *
   * @param cause what the client threw
   * @param action what was asked
   * @param grants what a refused caller needs
   */
  public static CredentialException from(
      Throwable cause, String action, Supplier<List<RequiredGrant>> grants) {
    return from(cause, action, grants, "");
  }

  /**
   * As {@link #from(Throwable, String, Supplier)}, for an action that left something behind.
   *
   * @param cause what the client threw
   * @param action what was asked
   * @param grants what a refused caller needs
   * @param aftermath what was done before the failure: ends the message
   */
  public static CredentialException from(
      Throwable cause, String action, Supplier<List<RequiredGrant>> grants, String aftermath) {
    CredentialException translated = translate(cause, action, grants);
    translated.aftermath += aftermath;
    return translated;
  }

  /**
   * The same refusal, once more is known about it.
   *
   * @param refusal what the service answered
   * @param action what was refused: begins the message, before the service's words
   * @param grants which of the grants it is about
   * @param aftermath what is known about them: ends the message
   */
  public static PermissionDenied narrowed(
      PermissionDenied refusal, String action, List<RequiredGrant> grants, String aftermath) {
    CredentialException answered = refusal; // Its failure is this class's own.
    ServiceFailure failure = Objects.requireNonNull(answered.failure);
    String message = action + " refused: " + describe(failure) + aftermath;
    return new PermissionDenied(message, grants, failure, refusal);
  }

  private static CredentialException translate(
      Throwable thrown, String action, Supplier<List<RequiredGrant>> grants) {
    for (Throwable link : Throwables.getCausalChain(thrown)) {
      if (link instanceof CredentialException translated) {
        return translated;
      }
    }
    ServiceFailure failure = ServiceFailure.of(thrown);
    Throwable cause = CallException.unwrapped(thrown);
    String message = action + " failed: " + describe(failure);
    if (failure.retryable()) {
      return new Unavailable(
          message + effort(failure.facts()) + " It is worth another try.", failure, cause);
    }
    if (cause instanceof SourceFailureException) {
      return new SourceCredentials(
          "%s failed, for the source credentials gave no token: %s"
              .formatted(action, describe(failure)),
          failure,
          cause);
    }
    return ofStatus(failure, action, message, grants, cause);
  }

  private static CredentialException ofStatus(
      ServiceFailure failure,
      String action,
      String message,
      Supplier<List<RequiredGrant>> grants,
      Throwable cause) {
    return switch (failure.status()) {
      case PERMISSION_DENIED -> denied(failure, action, message, grants, cause);
      case NOT_FOUND ->
          new NotFound(message + " Check the spelling of every name in it.", failure, cause);
      case UNAUTHENTICATED ->
          new SourceCredentials(
              message + " The service did not accept the source's token.", failure, cause);
      case ABORTED, ALREADY_EXISTS -> new Conflict(message, failure, cause);
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE, UNIMPLEMENTED ->
          new InvalidRequest(message, failure, cause);
      default -> new Unavailable(message + effort(failure.facts()), failure, cause);
    };
  }

  /**
   * PERMISSION_DENIED has three causes, told apart by reason: IAM, a disabled API, a narrow token.
   */
  private static CredentialException denied(
      ServiceFailure failure,
      String action,
      String message,
      Supplier<List<RequiredGrant>> grants,
      Throwable cause) {
    if ("SERVICE_DISABLED".equals(failure.reason())) {
      return new ServiceDisabled(message + ServiceDisabled.remedy(failure), failure, cause);
    }
    if ("ACCESS_TOKEN_SCOPE_INSUFFICIENT".equals(failure.reason())) {
      return new SourceCredentials(
          message + " Give the source credentials the scope " + Scopes.CLOUD_PLATFORM + ".",
          failure,
          cause);
    }
    if (!byPolicy(failure)) {
      return new PermissionDenied(message, List.of(), failure, cause);
    }
    List<RequiredGrant> needed = grants.get();
    String refused = action + " refused: " + describe(failure);
    return new PermissionDenied(refused + PermissionDenied.remedy(needed), needed, failure, cause);
  }

  /** Other refusals, such as by a service perimeter or a proxy, no grant would cure. */
  private static boolean byPolicy(ServiceFailure failure) {
    return "IAM_PERMISSION_DENIED".equals(failure.reason())
        || (failure.reason() == null && failure.message().startsWith("Permission '"));
  }

  private static String describe(ServiceFailure failure) {
    String reason = failure.reason() == null ? "" : ", " + failure.reason();
    String message = failure.message().strip();
    String end = message.endsWith(".") ? "" : ".";
    return "%s (%s%s)%s"
        .formatted(message + end, failure.status(), reason, clock(failure.facts().clockAhead()));
  }

  /** What was done in vain, where somebody counted. */
  private static String effort(CallFacts facts) {
    if (facts.attempts() == 0) {
      return "";
    }
    String pause =
        facts.askedPause().isZero()
            ? ""
            : " The service asked for a pause of %s, for which the total timeout leaves no time."
                .formatted(Spoken.roughly(facts.askedPause()));
    return " Given up after %s in %s.%s"
        .formatted(
            Spoken.count(facts.attempts(), "attempt"), Spoken.seconds(facts.elapsed()), pause);
  }

  /** A clock that is wrong by seconds harms nobody. */
  private static String clock(Duration ahead) {
    if (ahead.abs().compareTo(HARMLESS) < 0) {
      return "";
    }
    return " This machine's clock is %s %s the server's."
        .formatted(Spoken.roughly(ahead), ahead.isNegative() ? "behind" : "ahead of");
  }

  /** The token endpoint's 401, by which it says that a domain does not delegate. */
  static CredentialException notDelegated(Throwable thrown, String action) {
    ServiceFailure failure = ServiceFailure.of(thrown);
    String message = action + " refused: " + describe(failure) + PermissionDenied.DELEGATION;
    return new PermissionDenied(message, List.of(), failure, CallException.unwrapped(thrown));
  }

  /** A success without what was asked for, such as a proxy may send. */
  static CredentialException malformedAnswer(String action) {
    ServiceFailure failure =
        new ServiceFailure(Code.UNKNOWN, null, Map.of(), "the answer lacks what was asked", false);
    return new Unavailable(action + " failed: " + describe(failure), failure, null);
  }

  /** Nothing was issued for a reason of our own; no service is to blame. */
  static CredentialException unserved(String message) {
    return new Unavailable(message, null, null);
  }

  /** As {@link #unserved(String)}, after an earlier failure. */
  static CredentialException unserved(String message, CredentialException earlier) {
    return new Unavailable(message, null, earlier);
  }

  /**
   * An exception of the same type for another caller who met the same failure, with a stack trace
   * of its own and this one as cause.
   */
  abstract CredentialException relayed();

  /** {@return what was asked, what the service answered, and what to do; never null} */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage()) + aftermath;
  }

  /** {@return the service's canonical status; empty if no service was asked} */
  public Optional<Code> status() {
    return Optional.ofNullable(failure).map(ServiceFailure::status);
  }

  final @Nullable ServiceFailure failure() {
    return failure;
  }

  /**
   * {@return the reason of the service's {@code ErrorInfo}, such as {@code IAM_PERMISSION_DENIED},
   * or the OAuth 2.0 error code, such as {@code invalid_grant}; empty if it gave none}
   */
  public Optional<String> reason() {
    return Optional.ofNullable(failure).map(ServiceFailure::reason);
  }

  /** {@return the metadata of the service's {@code ErrorInfo}; empty if it gave none} */
  public Map<String, String> metadata() {
    return failure == null ? Map.of() : failure.metadata();
  }

  /**
   * {@return the host that failed or refused, such as {@code iamcredentials.googleapis.com}; empty
   * if none was asked or the source credentials do not tell theirs}
   */
  public Optional<String> service() {
    return called().map(ServiceMethod::service);
  }

  /**
   * {@return the method that was called, by its name in Google's API reference, such as {@code
   * generateAccessToken}; {@code token} where a source token was to be had; empty as {@link
   * #service()} is}
   */
  public Optional<String> method() {
    return called().map(ServiceMethod::method);
  }

  /** {@return the status of the HTTP answer; empty over gRPC, or if there was no answer} */
  public OptionalInt httpStatus() {
    return facts().httpStatus();
  }

  /**
   * {@return the name by which the service knows the request, from {@code RequestInfo} among the
   * details of its error or the headers of its answer, for asking Google's support; empty if it
   * gave none}
   */
  public Optional<String> requestId() {
    return Optional.ofNullable(facts().requestId());
  }

  /** {@return how many attempts were made; 0 if no service was asked} */
  public int attempts() {
    return facts().attempts();
  }

  /**
   * {@return how long the attempts took, with the delays between them and the fetching of a source
   * token; zero if no service was asked}
   */
  public Duration elapsed() {
    return facts().elapsed();
  }

  private Optional<ServiceMethod> called() {
    return Optional.ofNullable(facts().called());
  }

  private CallFacts facts() {
    return failure == null ? CallFacts.NONE : failure.facts();
  }

  /**
   * The caller lacks a permission. Retrying does not help; a grant does, some minutes after it is
   * made.
   */
  public static final class PermissionDenied extends CredentialException {
    private static final String DELEGATION =
        " An administrator of the user's domain delegates each of the scopes to the client ID of"
            + " the service account, its numeric unique ID: Admin console, Security, API controls,"
            + " Domain-wide delegation.";

    private final ImmutableList<RequiredGrant> grants;

    private PermissionDenied(
        String message,
        List<RequiredGrant> grants,
        @Nullable ServiceFailure failure,
        Throwable cause) {
      super(message, failure, cause);
      this.grants = ImmutableList.copyOf(grants);
    }

    /**
     * {@return the permission that is missing, such as {@code iam.serviceAccounts.getAccessToken}}
     */
    public Optional<String> permission() {
      return Optional.ofNullable(metadata().get("permission"));
    }

    /**
     * {@return the grants that the request needs, of which at least one is missing: Google does not
     * tell which}
     */
    public List<RequiredGrant> requiredGrants() {
      return grants;
    }

    private static String remedy(List<RequiredGrant> grants) {
      if (grants.isEmpty()) {
        return "";
      }
      String commands =
          grants.stream()
              .map(grant -> "\n  " + grant.gcloudCommand().replace(" --", " \\\n      --"))
              .collect(Collectors.joining());
      String many = grants.size() == 1 ? "It needs this grant:" : "It needs each of these grants:";
      return "\n" + many + commands;
    }

    @Override
    PermissionDenied relayed() {
      return new PermissionDenied(getMessage(), grants, failure(), this);
    }
  }

  /** The account does not exist, or its name is misspelled. */
  public static final class NotFound extends CredentialException {
    private NotFound(String message, @Nullable ServiceFailure failure, Throwable cause) {
      super(message, failure, cause);
    }

    @Override
    NotFound relayed() {
      return new NotFound(getMessage(), failure(), this);
    }
  }

  /** The request itself is wrong: found before the network was used, or by the service. */
  public static final class InvalidRequest extends CredentialException {
    /**
     * A request that was refused before the network was used: the message says value, rule and fix.
     */
    public InvalidRequest(String message) {
      super(message, null, null);
    }

    private InvalidRequest(String message, @Nullable ServiceFailure failure, Throwable cause) {
      super(message, failure, cause);
    }

    @Override
    InvalidRequest relayed() {
      return new InvalidRequest(getMessage(), failure(), this);
    }
  }

  /** The API is not enabled in the project that is charged for the call. */
  public static final class ServiceDisabled extends CredentialException {
    private ServiceDisabled(String message, @Nullable ServiceFailure failure, Throwable cause) {
      super(message, failure, cause);
    }

    private static String remedy(ServiceFailure failure) {
      String service = failure.metadata().getOrDefault("service", "SERVICE");
      String project = failure.metadata().getOrDefault("consumer", "projects/PROJECT");
      return "\nEnable it: gcloud services enable %s --project=%s"
          .formatted(service, project.replaceFirst("^projects/", ""));
    }

    @Override
    ServiceDisabled relayed() {
      return new ServiceDisabled(getMessage(), failure(), this);
    }
  }

  /**
   * Someone else changed the same thing at the same time, and kept doing so for as long as we
   * tried.
   */
  public static final class Conflict extends CredentialException {
    private Conflict(String message, @Nullable ServiceFailure failure, Throwable cause) {
      super(message, failure, cause);
    }

    @Override
    Conflict relayed() {
      return new Conflict(getMessage(), failure(), this);
    }
  }

  /** The service could not be reached or did not answer properly, after all repetitions. */
  public static final class Unavailable extends CredentialException {
    private Unavailable(
        String message, @Nullable ServiceFailure failure, @Nullable Throwable cause) {
      super(message, failure, cause);
    }

    @Override
    Unavailable relayed() {
      return new Unavailable(getMessage(), failure(), this);
    }
  }

  /**
   * The source credentials are missing, broken, expired for good, refused by the policy of their
   * configuration, or of a kind that cannot do this.
   */
  public static final class SourceCredentials extends CredentialException {
    SourceCredentials(String message, @Nullable Throwable cause) {
      super(message, null, cause);
    }

    private SourceCredentials(String message, @Nullable ServiceFailure failure, Throwable cause) {
      super(message, failure, cause);
    }

    @Override
    SourceCredentials relayed() {
      return new SourceCredentials(getMessage(), failure(), this);
    }
  }
}
