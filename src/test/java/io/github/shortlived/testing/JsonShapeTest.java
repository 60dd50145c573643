package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON values of another type than the field has. */
class JsonShapeTest {
  private static final String SA2_PATH = "/v1/" + name(SA2);

  private final IamEmulator emulator =
      Demo.world().binding(SA2, TOKEN_CREATOR, member(SA1)).start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void arrayWithOneItem_inPlaceOfAValue_isGooglesWholeError() {
    String request = "{\"scope\":[\"" + CLOUD_PLATFORM + "\"],\"lifetime\":%s}";
    assertThat(call("generateAccessToken", request.formatted("\"600s\"")).statusCode())
        .isEqualTo(200);
    HttpResponse<String> refused = call("generateAccessToken", request.formatted("[\"600s\"]"));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body())
        .isEqualTo(
            "{\"error\":{\"code\":400,\"message\":\"%1$s\",\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.BadRequest\",\"fieldViolations\":[{\"description\":\"%1$s\"}]}]}}"
                .formatted(
                    "Invalid JSON payload received. Unknown name \\\"lifetime\\\": Proto field is not repeating, cannot start list."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "generateAccessToken | {'scope':[['a']]} | scope |",
        "generateIdToken | {'audience':['a']} | audience |",
        "generateIdToken | {'audience':[]} | audience |",
        "generateIdToken | {'audience':'a','includeEmail':[true]} | includeEmail |",
        "generateIdToken | {'audience':'a','include_email':['true']} | includeEmail |",
        "generateIdToken | {'audience':'a','useEmailAzp':[true]} | useEmailAzp |",
        "signBlob | {'payload':['YQ==']} | payload |",
        "signJwt | {'payload':['{}']} | payload |",
        "getIamPolicy | {'options':[{'requestedPolicyVersion':3}]} | options |",
        "getIamPolicy | {'options':{'requestedPolicyVersion':[3]}} | requestedPolicyVersion | options",
        "setIamPolicy | {'policy':{},'updateMask':['bindings']} | updateMask |",
        "setIamPolicy | {'policy':{'etag':['AA==']}} | etag | policy",
        "setIamPolicy | {'policy':{'bindings':[[]]}} | bindings | policy",
        "setIamPolicy | {'policy':{'bindings':[{'role':['roles/viewer']}]}} | role | policy.bindings[0]",
        "setIamPolicy | {'policy':{'bindings':[{},{'condition':[{}]}]}} | condition | policy.bindings[1]"
      })
  void array_inPlaceOfAValue_isRefused(String method, String body, String name, String parent) {
    String at = parent == null ? "" : " at '" + parent + "'";
    assertThat(refusal(call(method, body)))
        .isEqualTo(
            "Invalid JSON payload received. Unknown name \"%s\"%s: Proto field is not repeating, cannot start list."
                .formatted(name, at));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "generateIdToken | {'audience':5} | audience | TYPE_STRING",
        "generateIdToken | {'audience':true} | audience | TYPE_STRING",
        "generateAccessToken | {'scope':['a'],'delegates':['a',5]} | delegates[1] | TYPE_STRING",
        "generateAccessToken | {'scope':['a'],'lifetime':600} | lifetime | type.googleapis.com/google.protobuf.Duration",
        "signBlob | {'payload':1234} | payload | TYPE_BYTES",
        "setIamPolicy | {'policy':{'bindings':[{'members':[7]}]}} | policy.bindings[0].members[0] | TYPE_STRING",
        "setIamPolicy | {'policy':{},'updateMask':1} | update_mask | type.googleapis.com/google.protobuf.FieldMask",
        "setIamPolicy | {'policy':'none'} | policy | type.googleapis.com/google.iam.v1.Policy"
      })
  void value_ofAnotherType_isRefused(String method, String body, String field, String type) {
    assertThat(refusal(call(method, body)))
        .isEqualTo("Invalid value at '%s' (%s)".formatted(field, type));
  }

  /** The path names the account, and would otherwise fill the object. */
  @Test
  void value_inPlaceOfThePatchedAccount_isRefused() {
    for (String account : new String[] {"5", "[]", "\"two\""}) {
      HttpResponse<String> response =
          Wire.as(emulator, ADMIN)
              .send(
                  "PATCH",
                  SA2_PATH,
                  BodyPublishers.ofString(
                      "{\"serviceAccount\":" + account + ",\"updateMask\":\"displayName\"}"),
                  "application/json");
      assertThat(refusal(response)).containsIgnoringCase("account");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "generateIdToken | {'audience':'a','includeEmail':null,'delegates':[]}",
        "generateIdToken | {'audience':'a','includeEmail':'true'}",
        "getIamPolicy | {'options':{'requestedPolicyVersion':'3'}}",
        "getIamPolicy | {'options':{'requested_policy_version':3.0}}"
      })
  void value_inAnotherFormOfJson_isAccepted(String method, String body) {
    assertThat(call(method, body).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> call(String method, String body) {
    String caller = method.endsWith("Policy") ? ADMIN : member(SA1);
    return Wire.as(emulator, caller).post(SA2_PATH + ":" + method, body.replace('\'', '"'));
  }

  private static String refusal(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    return Wire.error(response).get("message").getAsString();
  }
}
