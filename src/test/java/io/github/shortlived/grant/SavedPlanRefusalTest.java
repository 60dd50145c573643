package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import io.github.shortlived.internal.policy.ForeignPolicy;
import io.github.shortlived.model.CredentialException.Conflict;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Saved plans that were changed or damaged: each is refused before a policy is read. */
class SavedPlanRefusalTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final String PLAN =
      """
      {
        "formatVersion": 1,
        "policies": [
          {
            "resource": "projects/-/serviceAccounts/target@demo-project.iam.gserviceaccount.com",
            "etag": "MQ==",
            "bindingDeltas": [
              {
                "action": "ADD",
                "role": "roles/iam.serviceAccountTokenCreator",
                "member": "user:me@example.com",
                "condition": {
                  "title": "short-lived until 2026-11-22T12:00:01Z",
                  "description": "",
                  "expression": "request.time < timestamp(\\"2026-11-22T12:00:01Z\\")"
                }
              }
            ]
          }
        ]
      }
      """;

  private final MemoryPolicies policies =
      new MemoryPolicies(Policy.newBuilder().setEtag(ByteString.copyFromUtf8("1")).build());
  private final Grants grants = policies.grants(NOW);

  @Test
  void planFromJson_unchanged_isApplied() {
    GrantPlan plan = grants.planFromJson(PLAN);
    assertThat(plan.toJson()).isEqualTo(PLAN);
    assertThat(plan.apply()).isEqualTo(plan.changes());
    assertThat(policies.writes).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "formatVersion": 1 | "formatVersion": 2 | Invalid saved plan at $.formatVersion '2': this version of the library reads format version 1. Save the plan again with toJson().
          "formatVersion": 1 | "formatVersion": 1.0 | Invalid saved plan at $.formatVersion '1.0': this version of the
          "formatVersion": 1 | "formatVersion": "1" | Invalid saved plan at $.formatVersion '1': this version of the
          "formatVersion": 1, | `` | Invalid saved plan at $ '{"policies":
          "formatVersion": 1 | "formatVersion": 1, "signature": "" | Invalid field of the saved plan at $ 'signature': the fields there are formatVersion, policies. Save
          "formatVersion" | "policies": [], "formatVersion" | Invalid saved plan '$.policies': it has a field twice. Save
          "etag": "MQ==" | "etag": null | Invalid saved plan at $.policies[0].etag 'null': it must be a string. Save
          "etag": "MQ==" | "etag": "" | Invalid saved plan at $.policies[0].etag '': it must be a text in base64.
          "etag": "MQ==" | "etag": "M?==" | Invalid saved plan at $.policies[0].etag 'M?==': it must be a text in base64.
          "etag": "MQ==" | "etag": ["MQ=="] | Invalid saved plan at $.policies[0].etag '["MQ=="]': it must be a string.
          "etag": "MQ==", | `` | Invalid saved plan at $.policies[0] '{"resource":
          "etag" | "etag": "MQ==", "etag" | Invalid saved plan '$.policies[0].etag': it has a field twice.
          "etag" | "Etag" | Invalid field of the saved plan at $.policies[0] 'Etag': the fields there are resource, etag, bindingDeltas.
          projects/-/ | projects/demo-project/ | Invalid saved plan at $.policies[0].resource 'projects/demo-project/serviceAccounts/target@demo-project.iam.gserviceaccount.com': it must be projects/-/serviceAccounts/EMAIL_OR_UNIQUE_ID.
          projects/-/serviceAccounts/ | projects/-/topics/ | Invalid saved plan at $.policies[0].resource: Invalid service account 'projects/-/topics/target@
          "action": "ADD" | "action": "add" | Invalid saved plan at $.policies[0].bindingDeltas[0].action 'add': it must be one of ADD, REMOVE, UNCHANGED.
          "action": "ADD" | "action": true | Invalid saved plan at $.policies[0].bindingDeltas[0].action 'true': it must be a string.
          "action": "ADD", | `` | Invalid saved plan at $.policies[0].bindingDeltas[0] '{"role":
          roles/iam.serviceAccountTokenCreator | roles/owner | Invalid saved plan at $.policies[0].bindingDeltas[0]: Invalid role 'roles/owner': basic roles support no condition
          roles/iam.serviceAccountTokenCreator | owner | Invalid saved plan at $.policies[0].bindingDeltas[0]: Invalid role 'owner': a role is
          roles/iam.serviceAccountTokenCreator | roles/x_withcond_0123456789abcdef0123 | Invalid saved plan at $.policies[0].bindingDeltas[0]: Invalid role 'roles/x_withcond_
          user:me@example.com | allUsers | Invalid saved plan at $.policies[0].bindingDeltas[0].member: Invalid member 'allUsers': it stands for everyone.
          user:me@example.com | deleted:user:me@example.com?uid=1 | Invalid saved plan at $.policies[0].bindingDeltas[0].member: Invalid member 'deleted:
          user:me@example.com | user:m\\u200be@example.com | Invalid saved plan at $.policies[0].bindingDeltas[0].member: Invalid member 'user:m?e@example.com': a member is written without
          user:me@example.com | user:m\\ud800e@example.com | Invalid saved plan at $.policies[0].bindingDeltas[0].member 'user:m?e@example.com': it must have no UTF-16 surrogate
          "user:me@example.com" | {"id": "user:me@example.com"} | Invalid saved plan at $.policies[0].bindingDeltas[0].member '{"id":
          "description": "", | `` | Invalid saved plan at $.policies[0].bindingDeltas[0].condition '{"title":
          "description": "" | "description": "", "location": "" | Invalid field of the saved plan at $.policies[0].bindingDeltas[0].condition 'location': the fields
          2026-11-22T12:00:01Z | 2026-11-22T12:00:00Z | Invalid saved plan at $.policies[0].bindingDeltas[0]: Invalid expiry '2026-11-22T12:00:00Z': it must be after now
          "expression": "request | "expression": "(request | Invalid saved plan at $.policies[0].bindingDeltas[0]: Invalid condition expression
          { | [ | Invalid saved plan '$': it is not a JSON object.
          """)
  void planFromJson_changed_isRefusedWithThePath(String text, String changed, String message) {
    String json = PLAN.replace(text, changed == null ? "" : changed);
    assertThat(json).isNotEqualTo(PLAN);
    assertRefused(json, message);
  }

  private void assertRefused(String json, String message) {
    assertThatThrownBy(() -> grants.planFromJson(json))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void planFromJson_resourceTwice_isRefused() {
    String policy = PLAN.substring(PLAN.indexOf('[') + 1, PLAN.lastIndexOf(']'));
    String json = "{\"formatVersion\": 1, \"policies\": [%s, %s]}".formatted(policy, policy);
    assertRefused(
        json, "Invalid saved plan at $.policies[1].resource 'projects/-/serviceAccounts/");
  }

  @Test
  void planFromJson_policyWithoutDeltas_isRefused() {
    String json = PLAN.substring(0, PLAN.indexOf("[", PLAN.indexOf("bindingDeltas"))) + "[]}]}";
    assertRefused(
        json, "Invalid saved plan at $.policies[0].bindingDeltas '[]': it must have at least");
  }

  @Test
  void planFromJson_invisibleCharacterInTheFile_isRefused() {
    assertRefused(
        PLAN.replace("\"description\": \"\"", "\"description\": \"\u202e\""),
        "Invalid saved plan at $ '{\"formatVersion\":1");
    assertRefused("\ufeff" + PLAN, "Invalid saved plan at $ '{\"formatVersion\":1");
  }

  @Test
  void planFromJson_tooLarge_isRefused() {
    assertRefused(
        PLAN + " ".repeat(16 << 20), "Invalid saved plan '$': it is larger than 16 MiB. Save");
  }

  @Test
  void planFromJson_tooDeep_isRefused() {
    assertRefused(
        PLAN.replace("\"ADD\"", "[[[[]]]]"), "Invalid saved plan '$': it is nested deeper than 6");
  }

  @Test
  void planFromJson_secretInAField_isNotShown() {
    assertThatThrownBy(
            () -> grants.planFromJson(PLAN.replace("\"ADD\"", "\"ya29.c.b0C4n4ryC4n4ry\"")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("[redacted]")
        .hasMessageNotContaining("C4n4ry");
  }

  @Test
  void apply_otherEtag_isAConflict() {
    GrantPlan plan = grants.planFromJson(PLAN.replace("MQ==", "Mg=="));
    assertThatThrownBy(plan::apply)
        .isInstanceOf(Conflict.class)
        .hasMessageEndingWith("\n%s: etag Mg== then, MQ== now".formatted(TARGET));
    assertThat(policies.writes).isZero();
  }

  @Test
  void apply_removalOfWhatIsNotThere_isAConflict() {
    GrantPlan plan = grants.planFromJson(PLAN.replace("ADD", "REMOVE"));
    assertThatThrownBy(plan::apply)
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("\n  planned - ")
        .hasMessageContaining("\n  now     = ");
    assertThat(policies.writes).isZero();
  }

  @Test
  void apply_unchangedBindingThatIsMissing_isAConflict() {
    GrantPlan plan = grants.planFromJson(PLAN.replace("ADD", "UNCHANGED"));
    assertThatThrownBy(plan::apply).isInstanceOf(Conflict.class);
    assertThat(policies.writes).isZero();
  }

  @Test
  void apply_policyThatLostItsConditions_isRefused() {
    policies.policy =
        policies.policy.toBuilder()
            .addBindings(
                ForeignPolicy.binding("roles/x_withcond_0123456789abcdef0123", "user:a@b.com"))
            .build();
    GrantPlan plan = grants.planFromJson(PLAN);
    assertThatThrownBy(plan::apply)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("The policy of " + TARGET + " is not edited");
    assertThat(policies.writes).isZero();
  }

  @Test
  void apply_moreThanTheLimitOfPrincipals_isRefused() {
    com.google.iam.v1.Binding.Builder many =
        com.google.iam.v1.Binding.newBuilder().setRole("roles/x");
    for (int i = 0; i < 1_500; i++) {
      many.addMembers("user:u%d@example.com".formatted(i));
    }
    policies.policy = policies.policy.toBuilder().addBindings(many).build();
    GrantPlan plan = grants.planFromJson(PLAN);
    assertThatThrownBy(plan::apply)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("1501 principals");
    assertThat(policies.writes).isZero();
  }
}
