package io.github.shortlived.testing.internal.rpc;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import io.github.shortlived.model.InternalExceptions;
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

/**
 * Calls the handler of a method for both transports, after the checks that Google's front end
 * makes.
 */
final class Dispatcher {
  private Dispatcher() {}

  /**
   * Serves a call: applies the faults, reads the request, checks its caller, calls the handler and
   * records the call.
   *
   * @param world the state that the whole call uses
   * @param target the target as far as it is known before the request is read
   * @param reader reads the request, or throws an {@link RpcException} if it does not fit the
   *     method
   */
  static Message call(
      World world,
      RpcMethod<?> method,
      CallerHeaders headers,
      CallTarget target,
      Supplier<Message> reader) {
    return CallRecorder.serve(
        world.controls(),
        RpcNames.of(method.descriptor()),
        target,
        log -> {
          Message request = read(world, method, headers, reader);
          CallTarget requested = CallTarget.of(request);
          log.setTarget(requested);
          Caller caller = admit(world, method, headers, requested);
          Message response = handle(method, world, caller, request);
          log.setStatus(Code.OK);
          return response;
        });
  }

  /**
   * Calls the handler.
   *
   * @throws RpcException also if a library is missing or too old; the message is the emulator's own
   */
  private static Message handle(RpcMethod<?> method, World world, Caller caller, Message request) {
    try {
      return method.call(world, caller, request);
    } catch (LinkageError e) {
      throw new RpcException(
          Code.FAILED_PRECONDITION, InternalExceptions.describeUnmetDependency(e));
    }
  }

  /**
   * Reads the request. If it is malformed, records the caller, as far as the token identifies one,
   * and throws.
   */
  private static Message read(
      World world, RpcMethod<?> method, CallerHeaders headers, Supplier<Message> reader) {
    try {
      return reader.get();
    } catch (RpcException malformed) {
      BearerAuthenticator.find(world, headers.authorization(), method.descriptor())
          .map(Caller::principal)
          .ifPresent(CallRecorder::setCaller);
      throw malformed;
    }
  }

  /**
   * Returns the caller after the checks of Google's front end, in this order: token, state of the
   * account, quota project, enabled API, scopes, quota.
   */
  private static Caller admit(
      World world, RpcMethod<?> method, CallerHeaders headers, CallTarget target) {
    MethodDescriptor descriptor = method.descriptor();
    Caller caller = BearerAuthenticator.authenticate(world, headers.authorization(), descriptor);
    CallRecorder.setCaller(caller.principal());
    if (!world.accounts().mayCall(caller.principal())) {
      throw GoogleErrors.accountStateInvalid(descriptor, caller.principal().email());
    }
    Optional<String> project =
        headers
            .quotaProject()
            .map(requested -> usable(world, caller, requested, descriptor))
            .or(
                () ->
                    new ConsumerProjects(world.accounts())
                        .of(caller.principal(), target.resource())
                        .map(world::projectId));
    project.ifPresent(id -> world.controls().apis().require(id, RpcNames.host(descriptor)));
    if (Collections.disjoint(caller.scopes(), method.scopes())) {
      throw GoogleErrors.scopeInsufficient(descriptor);
    }
    project.ifPresent(id -> world.controls().quotas().spend(id, descriptor));
    return caller;
  }

  /** Returns the ID of a quota project that the caller may use. */
  private static String usable(
      World world, Caller caller, String idOrNumber, MethodDescriptor method) {
    return world
        .findQuotaProject(idOrNumber, caller.principal())
        .orElseThrow(() -> GoogleErrors.userProjectDenied(method, idOrNumber));
  }
}
