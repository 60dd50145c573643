package io.github.shortlived.testing;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import java.util.Set;

/**
 * A service's method with its handler; {@code prototype} is the empty request, {@code scopes} the
 * ones of which a caller needs one.
 */
record RpcMethod<Q extends Message>(
    MethodDescriptor descriptor, Q prototype, Set<String> scopes, Handler<Q> handler) {

  @SuppressWarnings("unchecked") // Both transports parse requests from this very prototype.
  Message call(Caller caller, Message request) {
    return handler.handle(caller, (Q) request);
  }
}
