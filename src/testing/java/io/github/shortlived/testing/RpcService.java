package io.github.shortlived.testing;

import com.google.api.ClientProto;
import com.google.common.base.Suppliers;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A service as its proto describes it, and the handlers of those methods that are emulated. */
final class RpcService {
  private final ServiceDescriptor descriptor;
  private final Set<String> scopes;
  private final Map<String, RpcMethod<?>> methods = new LinkedHashMap<>();
  private final Supplier<Map<String, RpcMethod<?>>> unserved = Suppliers.memoize(this::refusing);

  RpcService(ServiceDescriptor descriptor, Set<String> scopes) {
    this.descriptor = descriptor;
    this.scopes = Set.copyOf(scopes);
  }

  <Q extends Message> RpcService on(String name, Q prototype, Handler<Q> handler) {
    @Nullable MethodDescriptor method = descriptor.findMethodByName(name);
    if (method == null || !method.getInputType().equals(prototype.getDescriptorForType())) {
      throw new IllegalArgumentException(descriptor.getFullName() + " has no such " + name);
    }
    methods.put(name, new RpcMethod<>(method, prototype, scopes, handler));
    return this;
  }

  ServiceDescriptor descriptor() {
    return descriptor;
  }

  /** The methods that are emulated. */
  Collection<RpcMethod<?>> methods() {
    return methods.values();
  }

  /** The others, which say that they are not. */
  Collection<RpcMethod<?>> unserved() {
    return unserved.get().values();
  }

  Optional<RpcMethod<?>> method(MethodDescriptor method) {
    return Optional.<RpcMethod<?>>ofNullable(methods.get(method.getName()))
        .or(() -> Optional.ofNullable(unserved.get().get(method.getName())));
  }

  private Map<String, RpcMethod<?>> refusing() {
    Map<String, RpcMethod<?>> refusing = new LinkedHashMap<>();
    descriptor.getMethods().stream()
        .filter(method -> !methods.containsKey(method.getName()))
        .forEach(method -> refusing.put(method.getName(), refusing(method)));
    return refusing;
  }

  private RpcMethod<?> refusing(MethodDescriptor method) {
    return new RpcMethod<>(
        method,
        DynamicMessage.getDefaultInstance(method.getInputType()),
        scopes,
        (caller, request) -> {
          throw Refusals.notEmulated(method.getFullName());
        });
  }

  static String host(ServiceDescriptor service) {
    return service.getOptions().getExtension(ClientProto.defaultHost);
  }
}
