package io.github.shortlived.testing.internal.rpc;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.common.base.Suppliers;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import io.github.shortlived.testing.internal.control.CallTarget;
import io.github.shortlived.testing.internal.http.FormBody;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.http.HttpRoute;
import io.github.shortlived.testing.internal.http.SystemParameters;
import io.github.shortlived.testing.internal.world.World;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Serves the methods of services over REST, by the {@code google.api.http} rules of the protos. */
public final class RestTranscoder {
  private RestTranscoder() {}

  /**
   * Emulated methods come first: IAM and IAM Credentials share the paths of signJwt and signBlob.
   */
  public static Stream<HttpRoute> routes(List<RpcService> services) {
    return Stream.concat(
            services.stream().flatMap(RpcService::methods),
            services.stream().flatMap(RpcService::notEmulated))
        .flatMap(method -> rules(method.descriptor()).map(rule -> route(method, rule)));
  }

  private static HttpRoute route(RpcMethod<?> method, HttpRule rule) {
    return route(
        rule,
        (world, call, variables) -> reply(world, method, rule, FormBody.asQuery(call), variables));
  }

  /** Checks the form of the response first, because a refused call must have no effect. */
  private static HttpReply reply(
      World world,
      RpcMethod<?> method,
      HttpRule rule,
      HttpCall call,
      Map<String, String> variables) {
    Supplier<ResponseFormat> format =
        Suppliers.memoize(() -> ResponseFormat.of(call, method.descriptor().getOutputType()));
    Message response =
        Dispatcher.call(
            world,
            method,
            headers(call),
            CallTarget.of(variables),
            () -> {
              Message request = request(method, rule, call, variables);
              ResponseFormat unused = format.get();
              return request;
            });
    return HttpReply.json(200, format.get().print(response));
  }

  private static CallerHeaders headers(HttpCall call) {
    return new CallerHeaders(
        call.authorization(),
        call.header(CallerHeaders.USER_PROJECT)
            .or(() -> call.parameterIfReadable(SystemParameters.USER_PROJECT))
            .orElse(null));
  }

  private static Message request(
      RpcMethod<?> method, HttpRule rule, HttpCall call, Map<String, String> variables) {
    RequestJson request = RequestJson.of(method.descriptor().getInputType(), rule, call.body());
    call.query()
        .forEach(
            (name, values) -> {
              if (!SystemParameters.contains(name)) {
                request.put(name, values);
              }
            });
    variables.forEach((name, value) -> request.put(name, List.of(value)));
    return request.toMessage(method.prototype());
  }

  private static Stream<HttpRule> rules(MethodDescriptor method) {
    HttpRule rule = method.getOptions().getExtension(AnnotationsProto.http);
    return Stream.concat(Stream.of(rule), rule.getAdditionalBindingsList().stream())
        .filter(binding -> binding.getPatternCase() != HttpRule.PatternCase.PATTERN_NOT_SET);
  }

  private static HttpRoute route(HttpRule rule, HttpRoute.Endpoint endpoint) {
    return switch (rule.getPatternCase()) {
      case GET -> HttpRoute.of("GET", rule.getGet(), endpoint);
      case PUT -> HttpRoute.of("PUT", rule.getPut(), endpoint);
      case POST -> HttpRoute.of("POST", rule.getPost(), endpoint);
      case DELETE -> HttpRoute.of("DELETE", rule.getDelete(), endpoint);
      case PATCH -> HttpRoute.of("PATCH", rule.getPatch(), endpoint);
      case CUSTOM -> HttpRoute.of(rule.getCustom().getKind(), rule.getCustom().getPath(), endpoint);
      case PATTERN_NOT_SET -> throw new IllegalArgumentException("The rule has no path: " + rule);
    };
  }
}
