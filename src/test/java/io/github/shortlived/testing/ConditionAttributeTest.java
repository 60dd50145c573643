package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static io.github.shortlived.testing.Sa2Policy.tokenStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The attributes of conditions that few calls have, and those of other services. */
class ConditionAttributeTest {
  private static final String PROJECT_ADMIN = "roles/resourcemanager.projectIamAdmin";
  private static final String LIMITED =
      "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', [])"
          + ".hasOnly(['roles/viewer', 'roles/iam.serviceAccountUser'])";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/viewer']) | 200",
        "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []) == ['roles/viewer'] | 403",
        "api.getAttribute('storage.googleapis.com/objectListPrefix', 'none') == 'none' | 200",
        "api.getAttribute('storage.googleapis.com/objectListPrefix', '').startsWith('a') | 403",
        "!compute.isForwardingRuleCreationOperation() | 200",
        "compute.isForwardingRuleCreationOperation() | 403",
        "compute.matchLoadBalancingSchemes(['INTERNAL']) | 200",
        "!compute.matchLoadBalancingSchemes(['INTERNAL']) | 403",
        "request.time < date('2999-01-01') | 200",
        "request.time < date('2001-01-01') | 403",
        "request.time < date('tomorrow') | 403"
      })
  void attribute_ofOtherCalls_hasItsDefault(String condition, int status) {
    try (IamEmulator emulator =
        Demo.world().binding(SA2, TOKEN_CREATOR, member(SA1), condition).start()) {
      assertThat(tokenStatus(emulator, member(SA1), SA2)).isEqualTo(status);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "resource.matchTag('123/env', 'prod') | resource.matchTag",
        "!resource.matchTagId('tagKeys/1', 'tagValues/2') | resource.matchTagId",
        "resource.hasTagKey('123/env') | resource.hasTagKey",
        "resource.hasTagKeyId('tagKeys/1') | resource.hasTagKeyId",
        "destination.ip == '10.0.0.1' | destination.ip",
        "destination.port < 3001 | destination.port",
        "request.path.startsWith('/admin') | request.path",
        "request.host.endsWith('.example.com') | request.host",
        "'accessPolicies/1/accessLevels/a' in request.auth.access_levels | request.auth",
        "!(true && destination.port == 22) | destination.port",
        "request.time < timestamp('2999-01-01T00:00:00Z') && request.host == 'a' | request.host"
      })
  void attribute_notEmulated_isNamed(String condition, String attribute) {
    String message = "The condition attribute " + attribute + " is not emulated.";
    try (IamEmulator emulator = Demo.world().start()) {
      HttpResponse<String> refused =
          Wire.as(emulator, ADMIN)
              .post(
                  "/v1/" + name(SA2) + ":setIamPolicy",
                  policy(TOKEN_CREATOR, ADMIN, condition).toString());
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
      assertThat(Wire.error(refused).get("message").getAsString()).isEqualTo(message);
      assertThat(refused.body()).contains("\"reason\":\"NOT_EMULATED\"");
    }
    EmulatorBuilder world = Demo.world().binding(SA2, TOKEN_CREATOR, member(SA1), condition);
    assertThatIllegalArgumentException().isThrownBy(world::start).withMessage(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "destination.host == 'a'",
        "resource.matchTag('123/env')",
        "api.getAttribute('a')",
        "destination.port == '22'",
        "['a'].all(x, x == 'a')",
        "principal.type == 'a'"
      })
  void attribute_unknownOrOfAnotherType_isInvalid(String condition) {
    EmulatorBuilder world = Demo.world().binding(SA2, TOKEN_CREATOR, member(SA1), condition);
    assertThatIllegalArgumentException()
        .isThrownBy(world::start)
        .withMessageStartingWith("The condition's expression is invalid: ");
  }

  /** An administrator who may grant and revoke two roles only, as Google's guide sets it up. */
  @Test
  void limitedAdmin_changesOnlyTheRolesOfItsCondition() {
    try (IamEmulator emulator =
        Demo.world().projectBinding(PROJECT, PROJECT_ADMIN, member(SA1), LIMITED).start()) {
      Wire sa1 = Wire.as(emulator, member(SA1));
      assertThat(set(sa1, with(get(sa1), "roles/viewer", member(SA2)))).isEqualTo(200);
      assertThat(set(sa1, with(get(sa1), "roles/iam.serviceAccountUser", ADMIN))).isEqualTo(200);
      assertThat(set(sa1, get(sa1))).isEqualTo(200);
      assertThat(set(sa1, with(get(sa1), "roles/editor", member(SA1)))).isEqualTo(403);
      assertThat(set(sa1, without(get(sa1), "roles/owner"))).isEqualTo(403);
      assertThat(set(sa1, without(get(sa1), "roles/viewer"))).isEqualTo(200);
      assertThat(set(sa1, with(get(sa1), PROJECT_ADMIN, member(SA1)))).isEqualTo(403);
    }
  }

  /** The condition on the project also limits the policies of its accounts. */
  @Test
  void limitedAdmin_ofAccounts_changesOnlyTheRolesOfItsCondition() {
    try (IamEmulator emulator =
        Demo.world()
            .projectBinding(PROJECT, "roles/iam.serviceAccountAdmin", member(SA1), LIMITED)
            .start()) {
      Wire sa1 = Wire.as(emulator, member(SA1));
      String path = "/v1/" + name(SA2) + ":setIamPolicy";
      String body = "{\"policy\":{\"bindings\":[{\"role\":\"%s\",\"members\":[\"%s\"]}]}}";
      assertThat(sa1.post(path, body.formatted(TOKEN_CREATOR, ADMIN)).statusCode()).isEqualTo(403);
      assertThat(sa1.post(path, body.formatted("roles/iam.serviceAccountUser", ADMIN)).statusCode())
          .isEqualTo(200);
      assertThat(
              sa1.post(path, "{\"policy\":{\"bindings\":[]},\"updateMask\":\"auditConfigs\"}")
                  .statusCode())
          .isEqualTo(200);
    }
  }

  private static JsonObject get(Wire caller) {
    return Wire.json(
        caller.post(
            "/v1/projects/" + PROJECT + ":getIamPolicy",
            "{\"options\":{\"requestedPolicyVersion\":3}}"));
  }

  private static int set(Wire caller, JsonObject policy) {
    JsonObject request = new JsonObject();
    request.add("policy", policy);
    return caller
        .post("/v1/projects/" + PROJECT + ":setIamPolicy", request.toString())
        .statusCode();
  }

  private static JsonObject with(JsonObject policy, String role, String member) {
    policy.getAsJsonArray("bindings").add(binding(role, member));
    return policy;
  }

  private static JsonObject without(JsonObject policy, String role) {
    JsonArray kept = new JsonArray();
    policy.getAsJsonArray("bindings").asList().stream()
        .filter(each -> !each.getAsJsonObject().get("role").getAsString().equals(role))
        .forEach(kept::add);
    policy.add("bindings", kept);
    return policy;
  }

  private static JsonObject policy(String role, String member, String expression) {
    JsonObject condition = new JsonObject();
    condition.addProperty("title", "t");
    condition.addProperty("expression", expression);
    JsonObject binding = binding(role, member);
    binding.add("condition", condition);
    JsonArray bindings = new JsonArray();
    bindings.add(binding);
    JsonObject policy = new JsonObject();
    policy.addProperty("version", 3);
    policy.add("bindings", bindings);
    JsonObject request = new JsonObject();
    request.add("policy", policy);
    return request;
  }

  private static JsonObject binding(String role, String member) {
    JsonArray members = new JsonArray();
    members.add(member);
    JsonObject binding = new JsonObject();
    binding.addProperty("role", role);
    binding.add("members", members);
    return binding;
  }
}
