package io.github.shortlived.testing.internal.rpc;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.control.CallTarget;
import io.github.shortlived.testing.internal.control.ConsumerProjects;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.error.RpcNames;
import io.github.shortlived.testing.internal.world.World;
import java.util.Collections;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The common path of both transports to the handler of a method, as Google's front end is. */
final class Dispatcher {
  private Dispatcher() {}

  /**
   * Serves a call in one world: applies the faults, reads the request, checks its caller, calls the
   * handler and records the call.
   *
   * @param target the target as far as it is known before the request is read
   * @param reader reads the request, or throws an {@link RpcException} if it does not fit the
   *     method
   */
  static Message call(
      World world,
      RpcMethod<?> method,
      @Nullable String authorization,
      CallTarget target,
      Supplier<Message> reader) {
    return CallRecorder.serve(
        world.controls(),
        RpcNames.of(method.descriptor()),
        target,
        log -> {
          Message request = read(world, method, authorization, reader);
          Caller caller = admit(world, method, authorization, log.target(CallTarget.of(request)));
          Message response = method.call(world, caller, request);
          log.status(Code.OK);
          return response;
        });
  }

  /** Refuses a malformed request before its caller is authenticated, but records the caller. */
  private static Message read(
      World world, RpcMethod<?> method, @Nullable String authorization, Supplier<Message> reader) {
    try {
      return reader.get();
    } catch (RpcException malformed) {
      BearerAuthenticator.find(world, authorization, method.descriptor())
          .map(Caller::principal)
          .ifPresent(CallRecorder::caller);
      throw malformed;
    }
  }

  /**
   * Returns the caller after the checks of Google's front end, in this order: token, state of the
   * account, enabled API, scopes, quota.
   */
  private static Caller admit(
      World world, RpcMethod<?> method, @Nullable String authorization, CallTarget target) {
    MethodDescriptor descriptor = method.descriptor();
    Caller caller = BearerAuthenticator.authenticate(world, authorization, descriptor);
    CallRecorder.caller(caller.principal());
    if (!world.accounts().mayCall(caller.principal())) {
      throw GoogleErrors.accountStateInvalid(descriptor, caller.principal().email());
    }
    Optional<String> project =
        new ConsumerProjects(world.accounts()).of(caller.principal(), target.resource());
    project.ifPresent(id -> world.controls().apis().require(id, RpcNames.host(descriptor)));
    if (Collections.disjoint(caller.scopes(), method.scopes())) {
      throw GoogleErrors.scopeInsufficient(descriptor);
    }
    project.ifPresent(id -> world.controls().quotas().spend(id, descriptor));
    return caller;
  }
}
