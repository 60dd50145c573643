package io.github.shortlived.testing.internal.rpc;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import io.github.shortlived.testing.internal.control.CallTarget;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.http.HttpRoute;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
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

  private RestTranscoder() {}

  /**
   * Emulated methods come first: IAM and IAM Credentials share the paths of signJwt and signBlob.
   */
  public static Stream<HttpRoute> routes(List<RpcService> services) {
    return Stream.<Function<RpcService, Collection<RpcMethod<?>>>>of(
            RpcService::methods, RpcService::unserved)
        .flatMap(methods -> services.stream().map(methods))
        .flatMap(Collection::stream)
        .flatMap(method -> rules(method.descriptor()).map(rule -> route(method, rule)));
  }

  private static HttpRoute route(RpcMethod<?> method, HttpRule rule) {
    return route(
        rule,
        (world, call, variables) -> {
          RpcRequest request = new RestRequest(method, rule, call, variables);
          Message response = Dispatcher.call(world, method, call.authorization(), request);
          return HttpReply.json(200, ProtoJson.print(response, wantsEnumsAsInts(call)));
        });
  }

  private record RestRequest(
      RpcMethod<?> method, HttpRule rule, HttpCall call, Map<String, String> variables)
      implements RpcRequest {
    @Override
    public CallTarget target() {
      return CallTarget.of(variables);
    }

    @Override
    public Message read() {
      return request(method, rule, call, variables);
    }
  }

  private static Message request(
      RpcMethod<?> method, HttpRule rule, HttpCall call, Map<String, String> variables) {
    RequestJson tree = body(method.descriptor(), rule, call.body());
    call.query()
        .forEach(
            (name, values) -> {
              if (!isSystemParameter(name)) {
                tree.put(name, values);
              }
            });
    variables.forEach((name, value) -> tree.put(name, List.of(value)));
    return ProtoJson.parse(tree.toString(), method.prototype());
  }

  /** A rule without a body accepts one: getIamPolicy declares none, but Google's page sends one. */
  private static RequestJson body(MethodDescriptor method, HttpRule rule, String text) {
    JsonObject body = ProtoJson.body(text);
    if (rule.getBody().isEmpty() || rule.getBody().equals("*")) {
      return new RequestJson(method.getInputType(), body);
    }
    RequestJson tree = new RequestJson(method.getInputType(), new JsonObject());
    tree.put(rule.getBody(), body);
    return tree;
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
      case PATTERN_NOT_SET -> throw new IllegalArgumentException("A rule without a path: " + rule);
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
