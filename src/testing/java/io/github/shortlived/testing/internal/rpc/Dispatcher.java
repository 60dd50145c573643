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
import org.jspecify.annotations.Nullable;

/**
 * The common path of both transports to every handler: reads the request, authenticates the caller
 * and checks what Google's front end checks.
 */
final class Dispatcher {
  private Dispatcher() {}

  /** Calls a method in one world, from the first check to the response. */
  static Message call(
      World world, RpcMethod<?> method, @Nullable String authorization, RpcRequest unread) {
    return CallRecorder.serve(
        world.controls(),
        RpcNames.of(method.descriptor()),
        unread.target(),
        notes -> {
          Message request = read(world, method, authorization, unread);
          CallTarget target = notes.target(CallTarget.of(request));
          Caller caller = admitted(world, method, authorization, target);
          Message response = method.call(world, caller, request);
          notes.status(Code.OK);
          return response;
        });
  }

  /** A malformed request is refused before its caller is authenticated; the log has the caller. */
  private static Message read(
      World world, RpcMethod<?> method, @Nullable String authorization, RpcRequest unread) {
    try {
      return unread.read();
    } catch (RpcException malformed) {
      BearerAuthenticator.find(world, authorization, method.descriptor())
          .map(Caller::principal)
          .ifPresent(CallRecorder::caller);
      throw malformed;
    }
  }

  private static Caller admitted(
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
