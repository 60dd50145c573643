package io.github.shortlived.testing;

import com.google.protobuf.Message;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * The one door to every handler: both transports come through here, with the caller still to be
 * proven.
 */
final class Dispatcher {
  private static final Logger LOGGER = System.getLogger(Dispatcher.class.getName());

  private final BearerTokens bearers;
  private final CallerStates states;

  Dispatcher(BearerTokens bearers, CallerStates states) {
    this.bearers = bearers;
    this.states = states;
  }

  Message call(RpcMethod<?> method, @Nullable String authorization, Message request) {
    try {
      return method.call(admitted(method, authorization), request);
    } catch (RpcException refusal) {
      throw refusal;
    } catch (RuntimeException bug) {
      LOGGER.log(Level.ERROR, "The emulator failed in " + method.descriptor().getFullName(), bug);
      throw Refusals.internal();
    }
  }

  private Caller admitted(RpcMethod<?> method, @Nullable String authorization) {
    Caller caller =
        states.active(
            bearers.authenticate(authorization, method.descriptor()), method.descriptor());
    if (Collections.disjoint(caller.scopes(), method.scopes())) {
      throw Refusals.scopeInsufficient(method.descriptor());
    }
    return caller;
  }
}
