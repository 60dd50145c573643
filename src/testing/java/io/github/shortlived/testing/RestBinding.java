package io.github.shortlived.testing;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Serves the methods of a service over REST, as the {@code google.api.http} options of its proto
 * say.
 */
final class RestBinding {
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

  private final RpcService service;
  private final LiveBackend backend;

  /**
   * What is emulated comes first: IAM and IAM Credentials share the paths of signJwt and signBlob.
   */
  static List<HttpRoute> routes(List<RpcService> services, LiveBackend backend) {
    List<RestBinding> bindings =
        services.stream().map(service -> new RestBinding(service, backend)).toList();
    return Stream.concat(
            bindings.stream().flatMap(binding -> binding.routes(binding.service.methods())),
            bindings.stream().flatMap(binding -> binding.routes(binding.service.unserved())))
        .toList();
  }

  private RestBinding(RpcService service, LiveBackend backend) {
    this.service = service;
    this.backend = backend;
  }

  private Stream<HttpRoute> routes(Collection<RpcMethod<?>> methods) {
    return methods.stream()
        .flatMap(method -> rules(method.descriptor()).map(rule -> route(method, rule)));
  }

  private HttpRoute route(RpcMethod<?> method, HttpRule rule) {
    return route(
        rule,
        (call, variables) -> {
          RpcRequest request = new RestRequest(method, rule, call, variables);
          Message answer = backend.call(method, call.authorization(), request);
          return HttpReply.json(200, ProtoJson.print(answer, wantsEnumsAsInts(call)));
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
    RequestTree tree = body(method.descriptor(), rule, call.body());
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

  /**
   * A rule without a body still takes one: getIamPolicy declares none, and Google's own page posts
   * one.
   */
  private static RequestTree body(MethodDescriptor method, HttpRule rule, String text) {
    JsonObject body = ProtoJson.body(text);
    if (rule.getBody().isEmpty() || rule.getBody().equals("*")) {
      return new RequestTree(method.getInputType(), body);
    }
    RequestTree tree = new RequestTree(method.getInputType(), new JsonObject());
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
