package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonObject;
import io.github.shortlived.model.MemberExamples;
import io.github.shortlived.testing.internal.json.Json;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies accept the members that the library accepts, and besides them deleted ones. */
class MemberFormsInPoliciesTest {
  private static final String POOLS = "iam.googleapis.com/projects/1/locations/global/";

  private static IamEmulator emulator;

  @BeforeAll
  static void start() {
    emulator = Demo.world().start();
  }

  @AfterAll
  static void stop() {
    emulator.close();
  }

  static Stream<String> accepted() {
    return MemberExamples.documented();
  }

  static Stream<String> refused() {
    return MemberExamples.meaningless().filter(member -> !member.startsWith("deleted:"));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void setIamPolicy_documentedForm_isStored(String member) {
    HttpResponse<String> response = bind(member);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(members(response)).containsExactly(member);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "allUsers",
        "allAuthenticatedUsers",
        "deleted:user:alex@example.com?uid=1",
        "deleted:group:my-group@example.com?uid=1",
        "deleted:serviceAccount:a@p.iam.gserviceaccount.com?uid=1",
        "deleted:serviceAccount:1-compute@developer.gserviceaccount.com?uid=1",
        "deleted:principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/subject/a b"
      })
  void setIamPolicy_everyoneAndDeleted_areStored(String member) {
    assertThat(members(bind(member))).containsExactly(member);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void setIamPolicy_whatMeansNothing_isInvalid(String member) {
    HttpResponse<String> response = bind(member);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Wire.error(response).get("status").getAsString()).isEqualTo("INVALID_ARGUMENT");
    assertThat(Wire.error(response).get("message").getAsString()).contains(email(member));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deleted:user:alex@example.com",
        "deleted:user:alex?uid=1",
        "deleted:domain:example.com?uid=1",
        "deleted:principal://iam.googleapis.com/pool/subject/a",
        "deleted:deleted:user:alex@example.com?uid=1?uid=1"
      })
  void setIamPolicy_deletedInAnotherForm_isInvalid(String member) {
    assertThat(bind(member).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "alex@example.com | The member alex@example.com is of an unknown type. Please set a valid type prefix for the member.",
        "principalSet://iam.googleapis.com/p/attribute.a/b | The member principalSet://iam.googleapis.com/p/attribute.a/b is of an unknown type. Please set a valid type prefix for the member.",
        "principalSet://"
            + POOLS
            + "workloadIdentityPools/p/subject/s | Invalid principalSet member (principalSet://"
            + POOLS
            + "workloadIdentityPools/p/subject/s).",
        "user:a@p.IAM.gserviceaccount.com | Principal a@p.IAM.gserviceaccount.com is of type \"serviceAccount\". The principal should appear as \"serviceAccount:a@p.IAM.gserviceaccount.com\"."
      })
  void setIamPolicy_refusal_hasGooglesText(String member, String text) {
    assertThat(Wire.error(bind(member)).get("message").getAsString()).isEqualTo(text);
  }

  @Test
  void declaration_ofWhatMeansNothing_isRefused() {
    String noNumber = "principalSet://iam.googleapis.com/pool/attribute.repository/octo/app";
    EmulatorBuilder world = Demo.world();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.binding(SA2, TOKEN_CREATOR, noNumber))
        .withMessageStartingWith("\"" + noNumber + "\" is not a policy member");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.group("team@example.com", "user:alex"))
        .withMessageStartingWith("\"user:alex\" cannot be in a group");
  }

  private static HttpResponse<String> bind(String member) {
    Map<String, Object> binding = Map.of("role", TOKEN_CREATOR, "members", List.of(member));
    JsonObject request =
        Json.tree(Map.of("policy", Map.of("bindings", List.of(binding)))).getAsJsonObject();
    return Wire.as(emulator, ADMIN).post("/v1/" + name(SA2) + ":setIamPolicy", request.toString());
  }

  private static List<String> members(HttpResponse<String> policy) {
    return Wire.json(policy)
        .getAsJsonArray("bindings")
        .get(0)
        .getAsJsonObject()
        .getAsJsonArray("members")
        .asList()
        .stream()
        .map(member -> member.getAsString())
        .toList();
  }

  /** Returns the part that every refusal quotes. */
  private static String email(String member) {
    return member.substring(member.indexOf(':') + 1);
  }
}
