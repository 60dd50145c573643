package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.AnnotationsProto;
import com.google.api.ClientProto;
import com.google.api.HttpRule;
import com.google.cloud.compute.v1.Compute;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Empty;
import io.github.shortlived.testing.internal.compute.ComputeService;
import io.github.shortlived.testing.internal.error.RpcNames;
import io.github.shortlived.testing.internal.http.HttpRoute;
import io.github.shortlived.testing.internal.rpc.RestTranscoder;
import io.github.shortlived.testing.internal.rpc.RpcService;
import io.github.shortlived.testing.internal.server.Services;
import io.github.shortlived.testing.internal.world.World;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of the emulator's page list what the emulator serves: all of it and no more. */
class EmulatedMethodsTest {
  private static final Path PAGE = Path.of("src/site/markdown/emulator.md");
  private static final Pattern PATH = Pattern.compile("`(GET|POST) (/[^`]*)`");
  private static final String REFUSAL = " is not emulated.";

  private final IamEmulator emulator = Demo.world().start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  static List<ServiceDescriptor> grpcServices() {
    return Services.rpcServices(URI.create("http://127.0.0.1")).stream()
        .map(RpcService::descriptor)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("grpcServices")
  void page_listsTheMethodsOf(ServiceDescriptor service) throws IOException {
    Predicate<MethodDescriptor> isServed = this::isServedOverGrpc;
    assertThat(page())
        .contains(row(service, names(service, isServed), names(service, isServed.negate())));
  }

  /** Compute Engine has REST only. */
  @Test
  void page_listsTheMethodsOfCompute() throws IOException {
    ServiceDescriptor instances = Compute.getDescriptor().findServiceByName("Instances");
    assertThat(page())
        .contains(row(instances, names(instances, this::isServedOverRest), "all others"));
  }

  static List<MatchResult> paths() throws IOException {
    String page = page();
    int start = page.indexOf("<!-- EmulatedMethodsTest: paths -->");
    return PATH.matcher(page.substring(start, page.indexOf("\n\n", start))).results().toList();
  }

  @ParameterizedTest
  @MethodSource("paths")
  void page_path_isServed(MatchResult path) {
    assertThat(isServed(path.group(1), path.group(2))).isTrue();
  }

  /** Returns the routes besides those of the APIs whose methods the page lists by name. */
  static List<HttpRoute> otherRoutes() {
    URI server = URI.create("http://127.0.0.1");
    List<RpcService> grpc = Services.rpcServices(server);
    Set<String> ofApis =
        Stream.of(grpc, List.of(ComputeService.service()))
            .flatMap(RestTranscoder::routes)
            .map(HttpRoute::toString)
            .collect(Collectors.toSet());
    Supplier<World> none =
        () -> {
          throw new AssertionError("No route is called");
        };
    return Services.router(none, grpc, server, server)
        .routes()
        .filter(route -> !ofApis.contains(route.toString()))
        .toList();
  }

  @Test
  void page_otherRoutes_areListed() throws IOException {
    List<MatchResult> listed = paths();
    assertThat(otherRoutes())
        .hasSizeGreaterThan(30)
        .allMatch(
            route ->
                listed.stream()
                    .anyMatch(
                        path ->
                            path.group(1).equals(route.method())
                                && route.path().match(path.group(2)).isPresent()));
  }

  private static String page() throws IOException {
    return Files.readString(PAGE);
  }

  private static String row(ServiceDescriptor service, String emulated, String others) {
    String host = service.getOptions().getExtension(ClientProto.defaultHost);
    return "\n| `%s` | %s | %s".formatted(host, emulated, others);
  }

  private static String names(ServiceDescriptor service, Predicate<MethodDescriptor> filter) {
    return service.getMethods().stream()
        .filter(filter)
        .map(RpcNames::of)
        .sorted()
        .map(name -> "`" + name + "`")
        .collect(Collectors.joining(", "));
  }

  private boolean isServedOverGrpc(MethodDescriptor method) {
    try {
      Empty unused =
          GrpcCalls.as(emulator, ADMIN)
              .call(
                  method.getService().getFullName() + "/" + method.getName(),
                  Empty.getDefaultInstance());
      return true;
    } catch (StatusRuntimeException refusal) {
      return !String.valueOf(refusal.getMessage()).endsWith(REFUSAL);
    }
  }

  private boolean isServedOverRest(MethodDescriptor method) {
    HttpRule rule = method.getOptions().getExtension(AnnotationsProto.http);
    return Stream.of(
            Map.entry("GET", rule.getGet()),
            Map.entry("POST", rule.getPost()),
            Map.entry("PUT", rule.getPut()),
            Map.entry("PATCH", rule.getPatch()),
            Map.entry("DELETE", rule.getDelete()))
        .filter(call -> !call.getValue().isEmpty())
        .allMatch(call -> isServed(call.getKey(), call.getValue().replaceAll("\\{\\w+}", "x")));
  }

  private boolean isServed(String method, String path) {
    return !Wire.as(emulator, ADMIN)
        .send(method, path, BodyPublishers.noBody(), "application/json")
        .body()
        .contains(REFUSAL);
  }
}
