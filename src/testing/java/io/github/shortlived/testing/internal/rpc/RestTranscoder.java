package io.github.shortlived.testing.internal.rpc;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.github.shortlived.testing.internal.control.CallTarget;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.http.HttpRoute;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Serves the methods of services over REST, by the {@code google.api.http} rules of the protos. */
public final class RestTranscoder {
  private static final Set<String> SYSTEM_PARAMETERS =
      Set.of(
          "access_token",
          "alt",
          "callback",
          "fields",
          "key",
          "oauth_token",
          "prettyPrint",
          "quotaUser",
          "uploadType",
          "upload_protocol",
          "userIp");

  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();

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
        (world, call, variables) ->
            HttpReply.json(
                200,
                print(
                    Dispatcher.call(
                        world,
                        method,
                        headers(call),
                        CallTarget.of(variables),
                        () -> request(method, rule, call, variables)),
                    wantsEnumsAsInts(call))));
  }

  private static CallerHeaders headers(HttpCall call) {
    return new CallerHeaders(
        call.authorization(), call.header(CallerHeaders.USER_PROJECT).orElse(null));
  }

  private static Message request(
      RpcMethod<?> method, HttpRule rule, HttpCall call, Map<String, String> variables) {
    RequestJson request = RequestJson.of(method.descriptor().getInputType(), rule, call.body());
    call.query()
        .forEach(
            (name, values) -> {
              if (!isSystemParameter(name)) {
                request.put(name, values);
              }
            });
    variables.forEach((name, value) -> request.put(name, List.of(value)));
    return request.toMessage(method.prototype());
  }

  private static String print(Message response, boolean enumsAsInts) {
    try {
      return (enumsAsInts ? PRINTER.printingEnumsAsInts() : PRINTER).print(response);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("JSON cannot represent the response", e);
    }
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

  private static boolean isSystemParameter(String name) {
    return name.startsWith("$") || SYSTEM_PARAMETERS.contains(name);
  }

  private static boolean wantsEnumsAsInts(HttpCall call) {
    return call.query().getOrDefault("$alt", List.of()).stream()
        .anyMatch(alt -> alt.endsWith("enum-encoding=int"));
  }
}
