package io.github.shortlived.model;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.collect.ImmutableList;
import io.github.shortlived.internal.failure.HelpTopic;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.internal.text.ShellCommand;
import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The base type of all failures of this library. Its nine subtypes differ in what the caller can
 * do. A message says which request failed, what the service responded and what to do; it never
 * contains a token, a key or an assertion. A message that quotes a service ends with {@link
 * #help()}.
 *
 * @see <a href="https://cloud.google.com/apis/design/errors">Google's error model</a>
 */
@SuppressWarnings("serial") // Never serialized.
public abstract sealed class CredentialException extends RuntimeException
    permits CredentialException.PermissionDenied,
        CredentialException.NotFound,
        CredentialException.InvalidRequest,
        CredentialException.ServiceDisabled,
        CredentialException.Conflict,
        CredentialException.Unavailable,
        CredentialException.UnmetDependency,
        CredentialException.SourceCredentials,
        CredentialException.VerificationFailed {
  final Details details;
  private final Constructor constructor;

  private CredentialException(Details details, Constructor constructor) {
    super(details.summary() + details.advice(), details.cause());
    this.details = details;
    this.constructor = constructor;
  }

  /** Creates an exception of the same type. */
  private interface Constructor extends Serializable {
    CredentialException create(Details details);
  }

  /**
   * The content of an exception: the two parts of its message, the section of the documentation,
   * the service's response if a service failed, and the redacted cause.
   */
  record Details(
      String summary,
      String advice,
      HelpTopic topic,
      @Nullable ServiceFailure failure,
      @Nullable Throwable cause)
      implements Serializable {
    Details {
      cause = cause == null ? null : SafeText.redact(cause);
    }

    static Details of(String message, HelpTopic topic, @Nullable Throwable cause) {
      return new Details(message, "", topic, null, cause);
    }

    /** Returns the same details with more advice and with another help topic. */
    Details with(String more, HelpTopic section) {
      return new Details(summary, advice + more, section, failure, cause);
    }

    @Override
    public String toString() {
      return summary;
    }
  }

  /** Returns an exception of the same type and suppressed failures with other details. */
  final CredentialException with(Details changed) {
    CredentialException copy = constructor.create(changed);
    Arrays.stream(getSuppressed()).forEach(copy::addSuppressed);
    return copy;
  }

  /** {@return which request failed, what the service responded, and what to do; never null} */
  @Override
  public String getMessage() {
    String message = details.summary() + details.advice();
    if (details.failure() == null) {
      return message; // The library's own messages say what to do.
    }
    return message + (message.contains("\n") ? "\n" : " ") + "See " + help() + ".";
  }

  /**
   * {@return the URL of the section that explains the cause and the fix, such as {@code
   * https://shortlived.github.io/short-lived-credentials/troubleshooting.html#permission-denied}}
   * Sections are stable across versions. The page is also in this library's jar, for machines
   * without Internet access: {@code
   * CredentialException.class.getResource("/META-INF/io.github.shortlived/troubleshooting.md")}.
   */
  public String help() {
    return details.topic().url();
  }

  /** {@return whether the same call may succeed if it is repeated later} */
  public boolean isRetryable() {
    return failure().filter(ServiceFailure::retryable).isPresent();
  }

  /** {@return the canonical status of the service; empty if no service failed} */
  public Optional<Code> status() {
    return failure().map(ServiceFailure::status);
  }

  /**
   * {@return the reason of the service's {@code ErrorInfo}, such as {@code IAM_PERMISSION_DENIED},
   * or the OAuth 2.0 error code, such as {@code invalid_grant}; empty if there is none}
   */
  public Optional<String> reason() {
    return failure().map(ServiceFailure::reason);
  }

  /** {@return the metadata of the service's {@code ErrorInfo}; empty if there is none} */
  public Map<String, String> metadata() {
    return failure().map(ServiceFailure::metadata).orElse(Map.of());
  }

  /**
   * {@return the host that failed, such as {@code iamcredentials.googleapis.com}; empty if it is
   * unknown or no service was called}
   */
  public Optional<String> service() {
    return failure().map(ServiceFailure::service);
  }

  /**
   * {@return the method that failed, as in Google's API reference, such as {@code
   * generateAccessToken}; {@code token} for a token endpoint; empty if {@link #service()} is}
   */
  public Optional<String> method() {
    return failure().map(ServiceFailure::method);
  }

  /** {@return the status of the HTTP response; empty over gRPC, or if there was no response} */
  public OptionalInt httpStatus() {
    return failure().map(failed -> failed.response().httpStatus()).orElse(OptionalInt.empty());
  }

  /**
   * {@return the request ID from {@code RequestInfo} in the error details or from the response
   * headers, for Google's support; empty if there is none}
   */
  public Optional<String> requestId() {
    return failure().map(failed -> failed.response().requestId());
  }

  /** {@return the number of attempts; 0 if no service was called} */
  public int attempts() {
    return failure().map(failed -> failed.attempts().count()).orElse(0);
  }

  /**
   * {@return the duration of all attempts, with the delays between them and the time for a source
   * token; zero if no service was called}
   */
  public Duration elapsed() {
    return failure().map(failed -> failed.attempts().elapsed()).orElse(Duration.ZERO);
  }

  private Optional<ServiceFailure> failure() {
    return Optional.ofNullable(details.failure());
  }

  /** The caller lacks a permission. A retry does not help; a grant helps after some minutes. */
  public static final class PermissionDenied extends CredentialException {
    private final ImmutableList<RequiredGrant> grants;

    PermissionDenied(Details details, List<RequiredGrant> grants) {
      super(details, changed -> new PermissionDenied(changed, grants));
      this.grants = ImmutableList.copyOf(grants);
    }

    /**
     * {@return the missing permission, such as {@code iam.serviceAccounts.getAccessToken}; empty if
     * the service does not name it}
     */
    public Optional<String> permission() {
      return Optional.ofNullable(details.failure()).flatMap(ServiceFailure::permission);
    }

    /**
     * {@return the grants that the request needs} At least one of them is missing; Google does not
     * report which.
     */
    public List<RequiredGrant> requiredGrants() {
      return grants;
    }
  }

  /** The account does not exist, or its name is misspelled. */
  public static final class NotFound extends CredentialException {
    NotFound(Details details) {
      super(details, NotFound::new);
    }
  }

  /** The request is invalid, as found before the network is used or by the service. */
  public static final class InvalidRequest extends CredentialException {
    /** Refuses a request before the network is used: the message has value, rule and fix. */
    InvalidRequest(String message) {
      this(Details.of(message, HelpTopic.INVALID_REQUEST, null));
    }

    InvalidRequest(Details details) {
      super(details, InvalidRequest::new);
    }
  }

  /** The API is not enabled in the project that the call is charged to. */
  public static final class ServiceDisabled extends CredentialException {
    ServiceDisabled(Details details) {
      super(details, ServiceDisabled::new);
    }

    /**
     * {@return the gcloud command that enables the API, for POSIX shells} Replace a word in
     * capitals; the service did not report its value.
     */
    public String gcloudCommand() {
      return ShellCommand.enableService(metadata());
    }
  }

  /**
   * Another writer changed the same resource at the same time, in every attempt, or after a saved
   * plan was made.
   */
  public static final class Conflict extends CredentialException {
    Conflict(Details details) {
      super(details, Conflict::new);
    }
  }

  /**
   * The service could not be reached or did not respond properly, after all retries. Or no usable
   * credential arrived: the wait ended, or the token had already expired by this machine's clock.
   */
  public static final class Unavailable extends CredentialException {
    Unavailable(Details details) {
      super(details, Unavailable::new);
    }
  }

  /**
   * A library that this one needs is missing on the class path, or its version is too old. The
   * application's build has to change; a retry does not help. The message names the libraries, the
   * versions found, the versions needed and the fix.
   */
  public static final class UnmetDependency extends CredentialException {
    UnmetDependency(Details details) {
      super(details, UnmetDependency::new);
    }
  }

  /**
   * The source credentials are missing, malformed, expired, refused by the policy for their
   * configuration, of a type that does not support the request, or not allowed to act as their
   * account. In the last case the message lists the grants that they need.
   */
  public static final class SourceCredentials extends CredentialException {
    SourceCredentials(Details details) {
      super(details, SourceCredentials::new);
    }
  }

  /**
   * A token or signature is refused: it is forged, damaged, expired, or meant for another receiver.
   * A retry does not help. The message quotes neither the token nor the signature.
   */
  public static final class VerificationFailed extends CredentialException {
    private final VerificationCheck check;

    VerificationFailed(Details details, VerificationCheck check) {
      super(details, changed -> new VerificationFailed(changed, check));
      this.check = check;
    }

    /** {@return the first check that failed} */
    public VerificationCheck check() {
      return check;
    }
  }
}
