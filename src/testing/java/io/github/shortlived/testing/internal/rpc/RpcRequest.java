package io.github.shortlived.testing.internal.rpc;

import com.google.protobuf.Message;
import io.github.shortlived.testing.internal.control.CallTarget;
import io.github.shortlived.testing.internal.error.RpcException;

/** A request of a method, before it is read. */
interface RpcRequest {
  /** Returns the target, as far as it is known before the request is read. */
  CallTarget target();

  /**
   * Reads the request.
   *
   * @throws RpcException if it does not fit the method
   */
  Message read();
}
