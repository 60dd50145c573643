package io.github.shortlived.testing.internal.error;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** An error of a Google service: a code, a message and typed details for both transports. */
public final class RpcException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Status status;
  private final transient Optional<String> retryAfter;
  private final transient OptionalInt httpStatus;
  private final transient Optional<String> reason;

  public RpcException(Code code, String message, Message... details) {
    this(OptionalInt.empty(), code, message, details);
  }

  private RpcException(OptionalInt httpStatus, Code code, String message, Message... details) {
    super(message);
    this.httpStatus = httpStatus;
    Status.Builder builder = Status.newBuilder().setCode(code.getNumber()).setMessage(message);
    for (Message detail : details) {
      builder.addDetails(Any.pack(detail));
    }
    this.status = builder.build();
    this.retryAfter = Arrays.stream(details).flatMap(RpcException::seconds).findFirst();
    this.reason = Arrays.stream(details).flatMap(RpcException::reason).findFirst();
  }

  /** Creates an error with a status that only HTTP has, such as 405 and 413. */
  public static RpcException http(int httpStatus, Code code, String message, Message... details) {
    return new RpcException(OptionalInt.of(httpStatus), code, message, details);
  }

  /** Returns the HTTP status, if it differs from that of the code. */
  public OptionalInt httpStatus() {
    return httpStatus;
  }

  public Status status() {
    return status;
  }

  /** Returns the retry delay of the details, in whole seconds. */
  public Optional<String> retryAfter() {
    return retryAfter;
  }

  /** Returns the reason of the {@link ErrorInfo} in the details, such as SERVICE_DISABLED. */
  public Optional<String> reason() {
    return reason;
  }

  public Code code() {
    return Code.forNumber(status.getCode());
  }

  private static Stream<String> seconds(Message detail) {
    return detail instanceof RetryInfo retry
        ? Stream.of(Long.toString(roundedUp(retry.getRetryDelay())))
        : Stream.empty();
  }

  private static Stream<String> reason(Message detail) {
    return detail instanceof ErrorInfo info ? Stream.of(info.getReason()) : Stream.empty();
  }

  private static long roundedUp(Duration delay) {
    return delay.getSeconds() + (delay.getNanos() > 0 ? 1 : 0);
  }
}
