package io.github.shortlived.testing;

import com.google.protobuf.Message;
import com.google.rpc.Code;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one door to every handler: both transports come through here, with the caller still to be
 * proven.
 */
final class Dispatcher {
  private static final Logger LOGGER = System.getLogger(Dispatcher.class.getName());

  private final BearerTokens bearers;
  private final CallerStates states;
  private final Knobs knobs;
  private final ConsumerProjects consumers;

  Dispatcher(World world) {
    this.bearers = new BearerTokens(world.mint(), world.assertions());
    this.states = new CallerStates(world.accounts());
    this.knobs = world.knobs();
    this.consumers = new ConsumerProjects(world.accounts());
  }

  Message call(RpcMethod<?> method, @Nullable String authorization, RpcRequest request) {
    String name = MethodNames.of(method.descriptor());
    try (CallNotes notes = knobs.calls().open(name, request.target())) {
      return answer(method, authorization, request, notes);
    }
  }

  private Message answer(
      RpcMethod<?> method, @Nullable String authorization, RpcRequest unread, CallNotes notes) {
    try {
      knobs.faults().meet(MethodNames.of(method.descriptor()));
      Message request = read(method, authorization, unread);
      CallTarget target = notes.about(CallTarget.of(request));
      Message answer = method.call(admitted(method, authorization, target), request);
      notes.status(Code.OK);
      return answer;
    } catch (RpcException refusal) {
      notes.refused(refusal);
      throw refusal;
    } catch (ConnectionFault fault) {
      notes.status(Code.UNAVAILABLE);
      throw fault;
    } catch (RuntimeException bug) {
      LOGGER.log(Level.ERROR, "The emulator failed in " + method.descriptor().getFullName(), bug);
      notes.status(Code.INTERNAL);
      throw Refusals.internal();
    }
  }

  /** What cannot be read is refused whoever sent it; the log still tells who that was. */
  private Message read(RpcMethod<?> method, @Nullable String authorization, RpcRequest unread) {
    try {
      return unread.read();
    } catch (RpcException misfit) {
      bearers
          .find(authorization, method.descriptor())
          .map(Caller::principal)
          .ifPresent(CallNotes::caller);
      throw misfit;
    }
  }

  private Caller admitted(RpcMethod<?> method, @Nullable String authorization, CallTarget target) {
    Caller caller = bearers.authenticate(authorization, method.descriptor());
    CallNotes.caller(caller.principal());
    states.requireActive(caller, method.descriptor());
    Optional<String> project = consumers.of(caller.principal(), target.resource());
    project.ifPresent(
        id -> knobs.apis().require(id, RpcService.host(method.descriptor().getService())));
    if (Collections.disjoint(caller.scopes(), method.scopes())) {
      throw Refusals.scopeInsufficient(method.descriptor());
    }
    project.ifPresent(id -> knobs.quotas().spend(id, method.descriptor()));
    return caller;
  }
}
