package io.github.shortlived.testing;

import com.google.protobuf.Message;

/** A request of a method, before it is read. */
interface RpcRequest {
  /** What it is about as far as that can be told beforehand. */
  CallTarget target();

  /**
   * Reads it.
   *
   * @throws RpcException if it does not fit the method
   */
  Message read();
}
