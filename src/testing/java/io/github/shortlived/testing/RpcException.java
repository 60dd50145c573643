package io.github.shortlived.testing;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A refusal as every Google service words it: code, message and typed details, the same on both
 * transports.
 */
final class RpcException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Status status;
  private final transient Optional<String> retryAfter;
  private final transient OptionalInt httpStatus;

  RpcException(Code code, String message, Message... details) {
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
  }

  /** For what only HTTP knows, such as 405 and 413. */
  static RpcException http(int httpStatus, Code code, String message) {
    return new RpcException(OptionalInt.of(httpStatus), code, message);
  }

  /** The HTTP status, if it is another than its code's. */
  OptionalInt httpStatus() {
    return httpStatus;
  }

  Status status() {
    return status;
  }

  /** The whole seconds after which its details say to try again. */
  Optional<String> retryAfter() {
    return retryAfter;
  }

  Code code() {
    return Code.forNumber(status.getCode());
  }

  private static Stream<String> seconds(Message detail) {
    return detail instanceof RetryInfo retry
        ? Stream.of(Long.toString(roundedUp(retry.getRetryDelay())))
        : Stream.empty();
  }

  private static long roundedUp(Duration delay) {
    return delay.getSeconds() + (delay.getNanos() > 0 ? 1 : 0);
  }
}
