package io.github.shortlived.testing;

import com.google.protobuf.Message;

/**
 * One method of a service: what a caller asked becomes an answer or an {@link RpcException},
 * whatever the transport.
 */
@FunctionalInterface
interface Handler<Q extends Message> {
  Message handle(Caller caller, Q request);
}
