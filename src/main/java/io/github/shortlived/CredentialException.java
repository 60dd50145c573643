package io.github.shortlived;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.collect.ImmutableList;
import io.github.shortlived.internal.CallFacts;
import io.github.shortlived.internal.Redaction;
import io.github.shortlived.internal.ServiceFailure;
import io.github.shortlived.internal.ServiceMethod;
import io.github.shortlived.internal.ShellWord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a credential or a grant was not to be had, split by what the caller can do about it. Messages
 * say what was asked, what the service answered and what to do; they never hold a token, key or
 * assertion. Where they repeat a service's words, they end with {@link #help()}.
 *
 * @see <a href="https://cloud.google.com/apis/design/errors">Google's error model</a>
 */
@SuppressWarnings(
    "serial") // Throwables are serializable by inheritance; these are not meant to be.
public abstract sealed class CredentialException extends RuntimeException {
  private final Explanation explanation;
  private final @Nullable ServiceFailure failure;
  private String aftermath = "";

  private CredentialException(
      String message,
      Explanation explanation,
      @Nullable ServiceFailure failure,
      @Nullable Throwable cause) {
    super(message, cause == null ? null : Redaction.redact(cause));
    this.explanation = explanation;
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
    CredentialException translated = FailureTranslation.translate(cause, action, grants);
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
    String message = action + " refused: " + FailureText.answer(failure) + aftermath;
    return new PermissionDenied(message, Explanation.GRANT_NOT_EFFECTIVE, grants, failure, refusal);
  }

  /** The token endpoint's 401, by which it says that a domain does not delegate. */
  static CredentialException notDelegated(Throwable thrown, String action) {
    return FailureTranslation.notDelegated(thrown, action);
  }

  /** Nothing was issued for a reason of our own; no service is to blame. */
  static CredentialException unserved(String message) {
    return new Unavailable(message, Explanation.NOTHING_ISSUED, null, null);
  }

  /** Of a token that is of no use, for it has ended by this machine's clock. */
  static CredentialException endedAtArrival(String message) {
    return new Unavailable(message, Explanation.CLOCK_SKEW, null, null);
  }

  /** As {@link #unserved(String)}, after an earlier failure, which is the one to explain. */
  static CredentialException unserved(String message, CredentialException earlier) {
    return new Unavailable(message, earlier.explanation, null, earlier);
  }

  /**
   * An exception of the same type for another caller who met the same failure, with a stack trace
   * of its own. Its cause is this one's: two that say the same would be printed one below the
   * other.
   */
  abstract CredentialException relayed();

  /** {@return what was asked, what the service answered, and what to do; never null} */
  @Override
  public String getMessage() {
    String told = told();
    // Our own words say what to do themselves.
    if (failure == null) {
      return told;
    }
    return told + (told.contains("\n") ? "\n" : " ") + "See " + help() + ".";
  }

  /** The message without the place that explains it. */
  final String told() {
    return Objects.requireNonNull(super.getMessage()) + aftermath;
  }

  /**
   * {@return where this library's documentation explains the cause and the remedy, such as {@code
   * troubleshooting.md#permission-denied}: page and section, which differ by cause and stay the
   * same from version to version}
   */
  public String help() {
    return explanation.place();
  }

  final Explanation explanation() {
    return explanation;
  }

  /** {@return the service's canonical status; empty if no service failed} */
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
   * if none was asked or the source credentials do not tell theirs, as where an identity provider
   * gave no subject token}
   */
  public Optional<String> service() {
    return called().map(ServiceMethod::service);
  }

  /**
   * {@return the method that was called, by its name in Google's API reference, such as {@code
   * generateAccessToken}; {@code token} where a token endpoint was asked, for a source token or a
   * user's; empty as {@link #service()} is}
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
    private static final Pattern NAMED =
        Pattern.compile("^(?:Permission|Required) '([\\w.]+)' (?:denied|permission)");

    private final ImmutableList<RequiredGrant> grants;

    PermissionDenied(
        String message,
        Explanation explanation,
        List<RequiredGrant> grants,
        @Nullable ServiceFailure failure,
        @Nullable Throwable cause) {
      super(message, explanation, failure, cause);
      this.grants = ImmutableList.copyOf(grants);
    }

    /**
     * {@return the permission that is missing, such as {@code iam.serviceAccounts.getAccessToken};
     * empty if the service does not name it}
     */
    public Optional<String> permission() {
      return Optional.ofNullable(failure()).flatMap(PermissionDenied::permissionOf);
    }

    /** From the details, or where there are none from the service's words. */
    static Optional<String> permissionOf(ServiceFailure failure) {
      return Optional.ofNullable(failure.metadata().get("permission"))
          .or(
              () ->
                  NAMED
                      .matcher(failure.message())
                      .results()
                      .findFirst()
                      .map(named -> named.group(1)));
    }

    /**
     * {@return the grants that the request needs, of which at least one is missing: Google does not
     * tell which}
     */
    public List<RequiredGrant> requiredGrants() {
      return grants;
    }

    @Override
    PermissionDenied relayed() {
      return new PermissionDenied(told(), explanation(), grants, failure(), getCause());
    }
  }

  /** The account does not exist, or its name is misspelled. */
  public static final class NotFound extends CredentialException {
    NotFound(
        String message,
        Explanation explanation,
        @Nullable ServiceFailure failure,
        @Nullable Throwable cause) {
      super(message, explanation, failure, cause);
    }

    @Override
    NotFound relayed() {
      return new NotFound(told(), explanation(), failure(), getCause());
    }
  }

  /** The request itself is wrong: found before the network was used, or by the service. */
  public static final class InvalidRequest extends CredentialException {
    /**
     * A request that was refused before the network was used: the message says value, rule and fix.
     */
    public InvalidRequest(String message) {
      super(message, Explanation.INVALID_REQUEST, null, null);
    }

    InvalidRequest(
        String message,
        Explanation explanation,
        @Nullable ServiceFailure failure,
        @Nullable Throwable cause) {
      super(message, explanation, failure, cause);
    }

    @Override
    InvalidRequest relayed() {
      return new InvalidRequest(told(), explanation(), failure(), getCause());
    }
  }

  /** The API is not enabled in the project that is charged for the call. */
  public static final class ServiceDisabled extends CredentialException {
    ServiceDisabled(
        String message,
        Explanation explanation,
        @Nullable ServiceFailure failure,
        @Nullable Throwable cause) {
      super(message, explanation, failure, cause);
    }

    /**
     * {@return the gcloud command that enables the API, for POSIX shells; a word in capitals is to
     * be filled in where the service did not tell it}
     */
    public String gcloudCommand() {
      return gcloudCommand(metadata());
    }

    /** What an answer tells is quoted, for it may be anybody's. */
    static String gcloudCommand(Map<String, String> metadata) {
      String project = metadata.getOrDefault("consumer", "projects/PROJECT");
      return "gcloud services enable %s --project=%s"
          .formatted(
              ShellWord.of(metadata.getOrDefault("service", "SERVICE")),
              ShellWord.of(project.replaceFirst("^projects/", "")));
    }

    @Override
    ServiceDisabled relayed() {
      return new ServiceDisabled(told(), explanation(), failure(), getCause());
    }
  }

  /**
   * Someone else changed the same thing at the same time, and kept doing so for as long as we
   * tried.
   */
  public static final class Conflict extends CredentialException {
    Conflict(
        String message,
        Explanation explanation,
        @Nullable ServiceFailure failure,
        @Nullable Throwable cause) {
      super(message, explanation, failure, cause);
    }

    @Override
    Conflict relayed() {
      return new Conflict(told(), explanation(), failure(), getCause());
    }
  }

  /**
   * The service could not be reached or did not answer properly, after all repetitions. Or nothing
   * usable came: the waiting ended, or the token had expired by this machine's clock.
   */
  public static final class Unavailable extends CredentialException {
    Unavailable(
        String message,
        Explanation explanation,
        @Nullable ServiceFailure failure,
        @Nullable Throwable cause) {
      super(message, explanation, failure, cause);
    }

    @Override
    Unavailable relayed() {
      return new Unavailable(told(), explanation(), failure(), getCause());
    }
  }

  /**
   * The source credentials are missing, broken, expired for good, refused by the policy of their
   * configuration, of a kind that cannot do this, or not allowed to act as the account that they
   * name: then the message has the grants that they need themselves.
   */
  public static final class SourceCredentials extends CredentialException {
    SourceCredentials(String message, @Nullable Throwable cause) {
      super(message, Explanation.SOURCE_UNUSABLE, null, cause);
    }

    SourceCredentials(
        String message,
        Explanation explanation,
        @Nullable ServiceFailure failure,
        @Nullable Throwable cause) {
      super(message, explanation, failure, cause);
    }

    @Override
    SourceCredentials relayed() {
      return new SourceCredentials(told(), explanation(), failure(), getCause());
    }
  }
}
