package io.github.shortlived.testing;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.Status;

/**
 * A refusal as every Google service words it: code, message and typed details, the same on both
 * transports.
 */
final class RpcException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Status status;

  RpcException(Code code, String message, Message... details) {
    super(message);
    Status.Builder builder = Status.newBuilder().setCode(code.getNumber()).setMessage(message);
    for (Message detail : details) {
      builder.addDetails(Any.pack(detail));
    }
    this.status = builder.build();
  }

  Status status() {
    return status;
  }

  Code code() {
    return Code.forNumber(status.getCode());
  }
}
