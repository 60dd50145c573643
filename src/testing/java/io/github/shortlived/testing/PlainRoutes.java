package io.github.shortlived.testing;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.rpc.Code;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Puts faults and the log of calls before routes that serve no method of a proto. */
final class PlainRoutes {
  private final Knobs knobs;

  PlainRoutes(Knobs knobs) {
    this.knobs = knobs;
  }

  /** Routes of an API, whose errors come in Google's envelope. */
  Stream<HttpRoute> api(String name, Stream<HttpRoute> routes) {
    return routes.map(route -> watched(name, route, Envelope::of));
  }

  /** Routes of OAuth 2.0, whose errors are {@code error} and {@code error_description}. */
  Stream<HttpRoute> oauth(String name, Stream<HttpRoute> routes) {
    return routes.map(route -> watched(name, route, PlainRoutes::oauthError));
  }

  /** Routes of the metadata server, whose errors are plain text. */
  Stream<HttpRoute> text(String name, Stream<HttpRoute> routes) {
    return routes.map(route -> watched(name, route, PlainRoutes::textError));
  }

  private HttpRoute watched(
      String name, HttpRoute route, Function<RpcException, HttpReply> errorForm) {
    return new HttpRoute(
        route.method(),
        route.path(),
        (call, variables) -> {
          try (CallNotes notes = knobs.calls().open(name, CallTarget.of(call))) {
            return answered(name, route, call, variables, errorForm, notes);
          }
        });
  }

  private HttpReply answered(
      String name,
      HttpRoute route,
      HttpCall call,
      Map<String, String> variables,
      Function<RpcException, HttpReply> errorForm,
      CallNotes notes) {
    try {
      knobs.faults().meet(name);
      requireReadable(call);
      return noted(notes, route.endpoint().serve(call, variables));
    } catch (RpcException refusal) {
      notes.refused(refusal);
      return errorForm.apply(refusal);
    } catch (ConnectionFault fault) {
      notes.status(Code.UNAVAILABLE);
      throw fault;
    } catch (RuntimeException bug) {
      notes.status(Code.INTERNAL);
      throw bug;
    }
  }

  private static void requireReadable(HttpCall call) {
    call.body();
    call.query();
  }

  private static HttpReply noted(CallNotes notes, HttpReply reply) {
    notes.status(code(reply.status()));
    if (reply.status() >= 400) {
      CallNotes.why(reply.isJson() ? problem(Json.object(reply.body())) : reply.body().strip());
    }
    return reply;
  }

  private static String problem(JsonObject body) {
    JsonElement error = body.get("error");
    JsonElement description = body.get("error_description");
    return description == null
        ? String.valueOf(error)
        : error.getAsString() + ": " + description.getAsString();
  }

  private static HttpReply textError(RpcException refusal) {
    HttpReply envelope = Envelope.of(refusal);
    HttpReply text = HttpReply.text(envelope.status(), refusal.status().getMessage() + "\n");
    return text.with(MetadataServer.FLAVOR, MetadataServer.GOOGLE);
  }

  /** How the token endpoint words a failure of its own is unverified. */
  private static HttpReply oauthError(RpcException refusal) {
    JsonObject body = new JsonObject();
    body.addProperty("error", oauthError(refusal.code()));
    body.addProperty("error_description", refusal.status().getMessage());
    HttpReply envelope = Envelope.of(refusal);
    return new HttpReply(envelope.status(), envelope.headers(), body.toString());
  }

  private static String oauthError(Code code) {
    return switch (code) {
      case INVALID_ARGUMENT, UNIMPLEMENTED -> "invalid_request";
      default -> code.name().toLowerCase(Locale.ROOT);
    };
  }

  private static Code code(int httpStatus) {
    if (httpStatus < 400) {
      return Code.OK;
    }
    return switch (httpStatus) {
      case 401 -> Code.UNAUTHENTICATED;
      case 403 -> Code.PERMISSION_DENIED;
      case 404 -> Code.NOT_FOUND;
      default -> httpStatus < 500 ? Code.INVALID_ARGUMENT : Code.INTERNAL;
    };
  }
}
