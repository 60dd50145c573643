package io.github.shortlived.testing.internal.rpc;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.world.World;
import java.util.Set;

/**
 * A method of a service and its handler. {@code prototype} is the empty request; a caller needs one
 * of the OAuth {@code scopes}.
 */
public record RpcMethod<Q extends Message>(
    MethodDescriptor descriptor, Q prototype, Set<String> scopes, Handler<Q> handler) {

  /** Returns the response to a request, or throws an {@link RpcException}, on either transport. */
  @FunctionalInterface
  public interface Handler<Q extends Message> {
    Message handle(World world, Caller caller, Q request);
  }

  @SuppressWarnings("unchecked") // Both transports parse requests by this prototype.
  Message call(World world, Caller caller, Message request) {
    return handler.handle(world, caller, (Q) request);
  }
}
