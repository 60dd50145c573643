package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;

import com.google.gson.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.function.Supplier;

/** Calls and attribute mappings with and without an expression, for {@link HidingClassLoader}. */
public final class ConditionScenario implements Supplier<String> {
  private static final String CONDITION =
      ",\"condition\":{\"title\":\"always\",\"expression\":\"true\"}";

  private final String condition;

  private ConditionScenario(String condition) {
    this.condition = condition;
  }

  public static Supplier<String> unconditional() {
    return new ConditionScenario("");
  }

  public static Supplier<String> conditional() {
    return new ConditionScenario(CONDITION);
  }

  /** Starts an emulator with the default mapping of a provider's tokens, or another one. */
  public static Supplier<String> defaultMapping() {
    return () -> started(Map.of("google.subject", "assertion.sub"));
  }

  public static Supplier<String> customMapping() {
    return () -> started(Map.of("google.subject", "assertion.email"));
  }

  private static String started(Map<String, String> mapping) {
    EmulatorBuilder world =
        Demo.world()
            .workloadIdentityPool(Demo.PROJECT, "pool", "provider", "https://ci.example.com")
            .attributeMapping(Demo.PROJECT, "pool", "provider", mapping);
    try {
      world.start().close();
      return "started";
    } catch (IllegalArgumentException refusal) {
      return String.valueOf(refusal.getMessage());
    }
  }

  @Override
  public String get() {
    try (IamEmulator emulator = Demo.world().start()) {
      HttpResponse<String> granted =
          Wire.as(emulator, ADMIN).post("/v1/" + name(SA2) + ":setIamPolicy", request());
      return granted.statusCode() == 200
          ? "issued: " + Sa2Policy.tokenStatus(emulator, member(SA1), SA2)
          : refusal(Wire.error(granted));
    }
  }

  private String request() {
    return "{\"policy\":{\"version\":3,\"bindings\":[{\"role\":\"%s\",\"members\":[\"%s\"]%s}]}}"
        .formatted(TOKEN_CREATOR, member(SA1), condition);
  }

  private static String refusal(JsonObject error) {
    return error.get("status").getAsString() + ": " + error.get("message").getAsString();
  }
}
