package io.github.shortlived.testing.internal.rpc;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A service as its proto describes it, with the handlers of the emulated methods. */
public final class RpcService {
  private final ServiceDescriptor descriptor;
  private final Set<String> scopes;
  private final Map<MethodDescriptor, RpcMethod<?>> methods = new LinkedHashMap<>();

  public RpcService(ServiceDescriptor descriptor, Set<String> scopes) {
    this.descriptor = descriptor;
    this.scopes = Set.copyOf(scopes);
  }

  /** Adds the handler of the one method that takes this type of request. */
  public <Q extends Message> RpcService on(Q prototype, RpcMethod.Handler<Q> handler) {
    MethodDescriptor method =
        descriptor.getMethods().stream()
            .filter(each -> each.getInputType().equals(prototype.getDescriptorForType()))
            .findFirst()
            .orElseThrow();
    methods.put(method, new RpcMethod<>(method, prototype, scopes, handler));
    return this;
  }

  public ServiceDescriptor descriptor() {
    return descriptor;
  }

  /** Returns the emulated methods. */
  Stream<RpcMethod<?>> methods() {
    return methods.values().stream();
  }

  /** Returns handlers that refuse the methods that are not emulated. */
  Stream<RpcMethod<?>> notEmulated() {
    return descriptor.getMethods().stream()
        .filter(method -> !methods.containsKey(method))
        .map(this::refusing);
  }

  private RpcMethod<?> refusing(MethodDescriptor method) {
    return new RpcMethod<>(
        method,
        DynamicMessage.getDefaultInstance(method.getInputType()),
        scopes,
        (world, caller, request) -> {
          throw GoogleErrors.notEmulated(method.getFullName());
        });
  }
}
