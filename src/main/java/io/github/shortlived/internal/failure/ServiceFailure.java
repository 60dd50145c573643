package io.github.shortlived.internal.failure;

import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.httpjson.HttpJsonStatusCode;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.auth.Retryable;
import com.google.common.base.Enums;
import com.google.common.base.Strings;
import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.gson.stream.MalformedJsonException;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.shortlived.internal.text.Excerpt;
import io.github.shortlived.internal.text.HiddenCharacters;
import io.github.shortlived.internal.text.Redaction;
import io.grpc.StatusRuntimeException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What a Google client's exception says, whatever the transport: gRPC status, HTTP/JSON error
 * envelope, OAuth 2.0 error body, or a connection fault.
 *
 * @param status the canonical code
 * @param reason the {@code ErrorInfo} reason, or the OAuth 2.0 error code, redacted
 * @param metadata the {@code ErrorInfo} metadata, redacted
 * @param message the service's own words in one line, redacted
 * @param retryable whether the same call may succeed a moment later
 * @param facts what else is known about the call
 */
public record ServiceFailure(
    Code status,
    @Nullable String reason,
    Map<String, String> metadata,
    String message,
    boolean retryable,
    CallDetails facts) {

  private static final Set<Code> RETRYABLE =
      Set.of(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.RESOURCE_EXHAUSTED, Code.INTERNAL);

  // The legacy reasons by which services tell a quota from a permission, both HTTP 403.
  private static final Set<String> QUOTA_REASONS =
      Set.of("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded");
  // google-auth's words for an answer of the Security Token Service, whose cause it drops.
  private static final Pattern OAUTH_ERROR = Pattern.compile("(?s)^Error code ([A-Za-z_]+)(.*)");
  // What is JSON and no error may be anything, such as an echo of the request.
  private static final Pattern JSON = Pattern.compile("^\\s*[\\[{]");
  // Plain IOExceptions of the JDK's and of Apache's HTTP client.
  private static final Pattern BROKEN_OFF =
      Pattern.compile(
          "^Premature (EOF|end of )|^Connection closed prematurely|^Error writing to server"
              + "|failed to respond$");
  // What gRPC says of an answer that is not gRPC.
  private static final String NOT_GRPC = "HTTP status code ";
  private static final Pattern PAGE_STATUS = Pattern.compile(NOT_GRPC + "([1-5][0-9]{2})");
  private static final Set<String> OAUTH_TRANSIENT =
      Set.of(
          "server_error",
          "temporarily_unavailable",
          "internal_failure",
          "backend_error",
          "unavailable",
          "resource_exhausted",
          "quota_exceeded",
          "rate_limit_exceeded",
          "deadline_exceeded",
          "internal");

  // The texts of IAM and of Compute Engine.
  private static final Pattern NAMED_PERMISSION =
      Pattern.compile("^(?:Permission|Required) '([\\w.]+)' (?:denied|permission)");

  /** A failure about whose call nothing else is known. */
  public ServiceFailure(
      Code status,
      @Nullable String reason,
      Map<String, String> metadata,
      String message,
      boolean retryable) {
    this(status, reason, metadata, message, retryable, CallDetails.NONE);
  }

  /** Reads an exception of gax, google-auth or google-http-client, and what led to it. */
  public static ServiceFailure of(Throwable failure) {
    return answered(CallException.unwrapped(failure)).with(CallDetails.of(failure));
  }

  /** {@return the missing permission, from the metadata or else from the message} */
  public Optional<String> permission() {
    return Optional.ofNullable(metadata.get("permission"))
        .or(
            () ->
                NAMED_PERMISSION
                    .matcher(message)
                    .results()
                    .findFirst()
                    .map(named -> named.group(1)));
  }

  private ServiceFailure with(CallDetails known) {
    return new ServiceFailure(status, reason, metadata, message, retryable, known);
  }

  private static ServiceFailure answered(Throwable failure) {
    return inChain(failure, HttpResponseException.class)
        .map(ServiceFailure::ofHttp)
        .or(() -> ofProxy(failure))
        .or(() -> inChain(failure, StatusRuntimeException.class).map(e -> ofGrpc(failure, e)))
        .or(() -> connectionFault(failure))
        .or(() -> inChain(failure, ApiException.class).map(ServiceFailure::ofApi))
        .orElseGet(() -> ofOther(failure));
  }

  private static ServiceFailure ofHttp(HttpResponseException e) {
    HttpErrorBody body = HttpErrorBody.parse(e.getContent());
    Code code =
        Optional.ofNullable(body.status())
            .flatMap(status -> Enums.getIfPresent(Code.class, status).toJavaUtil())
            .filter(status -> status != Code.OK) // Of an error, whatever its body says.
            .orElseGet(() -> codeOf(e.getStatusCode()));
    boolean quota = QUOTA_REASONS.contains(Strings.nullToEmpty(body.reason()));
    ServiceFailure failure =
        failure(
            quota ? Code.RESOURCE_EXHAUSTED : code,
            body.reason(),
            body.metadata(),
            Optional.ofNullable(body.message()).orElseGet(() -> statusLine(e)));
    return failure.retryable || !passes(e.getStatusCode()) ? failure : failure.worthRetrying();
  }

  /** An answer that is not the service's own, such as a proxy's page: its status and beginning. */
  private static String statusLine(HttpResponseException e) {
    String line =
        "HTTP %d %s"
            .formatted(e.getStatusCode(), Strings.nullToEmpty(e.getStatusMessage()))
            .strip();
    String content = Strings.nullToEmpty(e.getContent());
    String excerpt = JSON.matcher(content).find() ? "" : Excerpt.of(content);
    return excerpt.isEmpty() ? line : line + ": " + excerpt;
  }

  /** Whatever the envelope calls it, a fault of the server passes; a method it lacks does not. */
  private static boolean passes(int httpStatus) {
    return httpStatus == 408 || httpStatus == 429 || (httpStatus >= 500 && httpStatus != 501);
  }

  private ServiceFailure worthRetrying() {
    return new ServiceFailure(status, reason, metadata, message, true, facts);
  }

  /** Whatever status it is, it is the proxy's: it tells nothing about permissions. */
  private static Optional<ServiceFailure> ofProxy(Throwable failure) {
    OptionalInt status = ProxyResponse.httpStatus(failure);
    if (status.isEmpty()) {
      return Optional.empty();
    }
    Code code = passes(status.getAsInt()) ? Code.UNAVAILABLE : Code.UNKNOWN;
    return Optional.of(failure(code, null, Map.of(), rootOf(failure)));
  }

  /** As gax has it, but for a request that timed out and a proxy that wants a password. */
  private static Code codeOf(int httpStatus) {
    return switch (httpStatus) {
      case 407 -> Code.UNKNOWN;
      case 408 -> Code.DEADLINE_EXCEEDED;
      default -> HttpJsonStatusCode.of(httpStatus).getCode();
    };
  }

  private static ServiceFailure ofGrpc(Throwable failure, StatusRuntimeException e) {
    OptionalInt page = pageStatus(e);
    Code code =
        page.isPresent()
            ? codeOf(page.getAsInt())
            : GrpcStatusCode.of(e.getStatus().getCode()).getCode();
    if (isLost(e)) {
      return failure(isUntrusted(e) ? Code.UNKNOWN : Code.UNAVAILABLE, null, Map.of(), rootOf(e));
    }
    String message =
        Optional.ofNullable(e.getStatus().getDescription())
            .map(ServiceFailure::withoutHeaders)
            .orElse(code.name());
    Optional<ApiException> api = inChain(failure, ApiException.class);
    String reason = api.map(ApiException::getReason).orElse(null);
    Map<String, String> metadata = api.map(ApiException::getMetadata).orElse(Map.of());
    ServiceFailure told = failure(code, reason, metadata, message);
    return page.isPresent() && passes(page.getAsInt()) ? told.worthRetrying() : told;
  }

  /** The status of an answer that is not gRPC, of which gRPC makes another code than gax does. */
  static OptionalInt pageStatus(StatusRuntimeException e) {
    Matcher words = PAGE_STATUS.matcher(Strings.nullToEmpty(e.getStatus().getDescription()));
    return words.lookingAt()
        ? OptionalInt.of(Integer.parseInt(words.group(1)))
        : OptionalInt.empty();
  }

  /** Whether there was no answer: gRPC calls that UNAVAILABLE, and amid sending UNKNOWN. */
  private static boolean isLost(StatusRuntimeException e) {
    return switch (e.getStatus().getCode()) {
      case UNAVAILABLE -> inChain(e, IOException.class).isPresent();
      case UNKNOWN -> brokeOff(e);
      default -> false;
    };
  }

  /** Of an answer that is not gRPC, such as a proxy's page, it tells all headers, cookies too. */
  private static String withoutHeaders(String description) {
    return description.startsWith(NOT_GRPC)
        ? Excerpt.of(description.replaceFirst("(?s)\nheaders: .*?(?=\nDATA-|$)", ""))
        : description;
  }

  /** A certificate that is not trusted stays so, as does TLS that the two sides do not share. */
  private static boolean isUntrusted(Throwable failure) {
    return inChain(failure, GeneralSecurityException.class).isPresent()
        || (inChain(failure, SSLException.class).isPresent() && !brokeOff(failure));
  }

  private static boolean brokeOff(Throwable failure) {
    return Throwables.getCausalChain(failure).stream().anyMatch(ServiceFailure::breaksConnection);
  }

  private static Optional<ServiceFailure> connectionFault(Throwable failure) {
    if (isUntrusted(failure)) {
      return Optional.empty();
    }
    return Throwables.getCausalChain(failure).stream()
        .filter(ServiceFailure::breaksConnection)
        .findFirst()
        .map(fault -> failure(Code.UNAVAILABLE, null, Map.of(), rootOf(fault)));
  }

  /** What really happened, without the words of those who passed it on. */
  private static String rootOf(Throwable fault) {
    Throwable root = Throwables.getRootCause(fault);
    String message = Strings.nullToEmpty(root.getMessage());
    return (root.getClass().getSimpleName() + ": " + message).replaceFirst(": $", "");
  }

  private static boolean breaksConnection(Throwable fault) {
    return fault instanceof SocketException
        || fault instanceof InterruptedIOException // timeouts, of whichever HTTP client
        || fault instanceof UnknownHostException
        || fault instanceof EOFException
        || fault instanceof ClosedChannelException
        || BROKEN_OFF.matcher(String.valueOf(fault.getMessage())).find()
        || (fault instanceof Retryable retryable && retryable.isRetryable());
  }

  private static ServiceFailure ofApi(ApiException e) {
    Optional<IOException> fault = inChain(e, IOException.class);
    if (fault.filter(InvalidProtocolBufferException.class::isInstance).isPresent()) {
      return notJson();
    } else if (fault.isPresent()) {
      // gax calls every fault of the transport HTTP 400; this one does not pass, such as bad TLS.
      return failure(Code.UNKNOWN, null, Map.of(), rootOf(fault.get()));
    }
    String message = Optional.ofNullable(e.getMessage()).orElse(e.toString());
    return failure(e.getStatusCode().getCode(), e.getReason(), Map.of(), message);
  }

  private static ServiceFailure ofOther(Throwable failure) {
    Optional<MatchResult> oauth = inWords(failure, OAUTH_ERROR);
    if (failure instanceof SourceFailureException && oauth.isPresent()) {
      String reason = oauth.get().group(1);
      Code code = OAUTH_TRANSIENT.contains(reason) ? Code.UNAVAILABLE : Code.UNAUTHENTICATED;
      return failure(code, reason, Map.of(), reason + oauth.get().group(2));
    } else if (failure instanceof SourceFailureException
        && inChain(failure, MalformedJsonException.class).isPresent()) {
      return notJson();
    } else if (inChain(failure, MalformedResponseException.class).isPresent()) {
      return failure(Code.UNAVAILABLE, null, Map.of(), String.valueOf(failure.getMessage()));
    }
    String message = told(failure);
    boolean tellsPage = CallDetails.statusInWords(failure).isPresent();
    return failure(codeOf(failure), null, Map.of(), tellsPage ? Excerpt.of(message) : message);
  }

  /** What nobody meant for a reader, such as a class that is missing, is told with its type. */
  private static String told(Throwable failure) {
    boolean meant =
        failure instanceof IOException
            || failure instanceof TimeoutException
            || failure instanceof IllegalStateException
            || failure instanceof ApiException;
    return meant && failure.getMessage() != null ? failure.getMessage() : failure.toString();
  }

  /** What answers in the service's name for a while, such as a captive portal. */
  private static ServiceFailure notJson() {
    return failure(Code.UNAVAILABLE, null, Map.of(), "The answer was not JSON");
  }

  private static Code codeOf(Throwable failure) {
    if (failure instanceof CancellationException) {
      return Code.CANCELLED;
    } else if (inChain(failure, TimeoutException.class).isPresent()) {
      return Code.DEADLINE_EXCEEDED;
    }
    OptionalInt httpStatus = CallDetails.httpStatus(failure);
    if (httpStatus.isPresent()) {
      return codeOf(httpStatus.getAsInt());
    }
    return failure instanceof SourceFailureException ? Code.UNAUTHENTICATED : Code.UNKNOWN;
  }

  private static ServiceFailure failure(
      Code code, @Nullable String reason, Map<String, String> metadata, String message) {
    return new ServiceFailure(
        code == Code.OK ? Code.UNKNOWN : code, // A success that a client took for a failure.
        reason == null ? null : shown(reason),
        ImmutableMap.copyOf(Maps.transformValues(metadata, ServiceFailure::shown)),
        shown(message),
        RETRYABLE.contains(code));
  }

  /** In one line: nobody else's words are to look like a line of ours, in a log. */
  private static String shown(String foreign) {
    return HiddenCharacters.spelled(Redaction.redact(foreign), hidden -> " ");
  }

  /** What google-auth says somewhere in the chain, where it drops the cause that it says it of. */
  static Optional<MatchResult> inWords(Throwable failure, Pattern words) {
    return Throwables.getCausalChain(failure).stream()
        .map(link -> words.matcher(Strings.nullToEmpty(link.getMessage())))
        .filter(Matcher::find)
        .map(Matcher::toMatchResult)
        .findFirst();
  }

  static <T extends Throwable> Optional<T> inChain(Throwable failure, Class<T> type) {
    return Throwables.getCausalChain(failure).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst();
  }
}
