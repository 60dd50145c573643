package io.github.shortlived.testing;

import com.google.api.ClientProto;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Message;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A service as its proto describes it, and the handlers of those methods that are emulated. */
final class RpcService {
  private final ServiceDescriptor descriptor;
  private final Set<String> scopes;
  private final Map<String, RpcMethod<?>> methods = new LinkedHashMap<>();

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

  Collection<RpcMethod<?>> methods() {
    return methods.values();
  }

  Optional<RpcMethod<?>> method(MethodDescriptor method) {
    return Optional.ofNullable(methods.get(method.getName()));
  }

  static String host(ServiceDescriptor service) {
    return service.getOptions().getExtension(ClientProto.defaultHost);
  }
}
