package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.io.BaseEncoding;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every REST method of Google accepts besides its own fields. */
class RestParametersTest {
  private static final String ACCOUNTS = "/v1/projects/" + PROJECT + "/serviceAccounts";
  private static final String SA2_PATH = "/v1/" + name(SA2);
  private static final String ID_TOKEN = SA2_PATH + ":generateIdToken";
  private static final String FORM = "application/x-www-form-urlencoded";

  private final IamEmulator emulator =
      Demo.world().binding(SA2, TOKEN_CREATOR, member(SA1)).instance(PROJECT, ZONE, "vm-1").start();
  private final Wire anonymous = Wire.anonymous(emulator);
  private final Wire admin = Wire.as(emulator, ADMIN);
  private final Wire sa1 = Wire.as(emulator, member(SA1));

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void post_overriddenByPatch_changesTheAccount() {
    HttpResponse<String> response =
        admin
            .header("X-HTTP-Method-Override", "PATCH")
            .post(
                SA2_PATH,
                "{\"serviceAccount\":{\"displayName\":\"two\"},\"updateMask\":\"displayName\"}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(sa2("\"displayName\":\"two\","));
    assertThat(admin.get(SA2_PATH).body()).isEqualTo(response.body());
  }

  @Test
  void post_overriddenByGet_readsTheQueryFromTheForm() {
    HttpResponse<String> response =
        admin
            .header("X-HTTP-Method-Override", "GET")
            .form(ACCOUNTS, Map.of("pageSize", "1", "fields", "accounts(email),nextPageToken"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .matches(
            "\\{\"accounts\":\\[\\{\"email\":\"%s\"}],\"nextPageToken\":\"[\\w-]+\"}"
                .formatted(Pattern.quote(SA1)));
  }

  @Test
  void get_overriddenByDelete_staysAGet() {
    HttpResponse<String> response = admin.header("X-HTTP-Method-Override", "DELETE").get(SA2_PATH);
    assertThat(response.body()).isEqualTo(sa2(""));
    assertThat(admin.get(SA2_PATH).statusCode()).isEqualTo(200);
  }

  @Test
  void body_form_isReadAsParameters() {
    HttpResponse<String> response =
        sa1.form(ID_TOKEN, Map.of("audience", "https://a.example.com", "includeEmail", "True"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).matches("\\{\"token\":\"[\\w-]+\\.[\\w-]+\\.[\\w-]+\"}");
    String payload = Splitter.on('.').splitToList(response.body()).get(1);
    assertThat(new String(BaseEncoding.base64Url().decode(payload), UTF_8))
        .contains("\"email\":\"" + SA2 + "\"", "\"aud\":\"https://a.example.com\"");
  }

  /** curl sends JSON as a form, unless it is told otherwise; Google quotes it, the emulator not. */
  @Test
  void body_jsonAsForm_isRefusedWithoutItsContent() {
    HttpResponse<String> response =
        sa1.send("POST", ID_TOKEN, BodyPublishers.ofString("{\"audience\":\"s3cret\"}"), FORM);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Wire.error(response).get("message").getAsString())
        .isEqualTo(
            "Invalid JSON payload received. Unknown name \"…\": Cannot bind query parameter. Field"
                + " '…' could not be found in request message.");
    assertThat(response.body()).doesNotContain("s3cret");
    assertThat(emulator.calls().toString()).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"access_token", "oauth_token"})
  void token_inTheQuery_authenticates(String parameter) throws IOException {
    String token = Wire.token(emulator, ADMIN);
    String path = SA2_PATH + "?" + parameter + "=";
    assertThat(rawGet(path + token)).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n" + sa2(""));
    assertThat(rawGet(path + "invented")).startsWith("HTTP/1.1 401 ");
    assertThat(admin.get(path + "invented").statusCode()).as("header first").isEqualTo(200);
    assertThat(rawGet(SA2_PATH + "?fields=%ff&" + parameter + "=" + token))
        .startsWith("HTTP/1.1 400 ");
    assertThat(emulator.calls().toString()).doesNotContain(token, "invented");
  }

  @Test
  void token_inTheQueryOfCompute_authenticates() throws IOException {
    String instances = "/compute/v1/projects/" + PROJECT + "/zones/" + ZONE + "/instances";
    assertThat(anonymous.get(instances).statusCode()).isEqualTo(401);
    assertThat(
            rawGet(instances + "?fields=items(name)&access_token=" + Wire.token(emulator, ADMIN)))
        .endsWith("\r\n\r\n{\"items\":[{\"name\":\"vm-1\"}]}");
  }

  /** Calls without the JDK's client, which logs the URL of a request and the token in it. */
  private String rawGet(String path) throws IOException {
    try (RawSocket socket = RawSocket.to(emulator.httpEndpoint())) {
      return socket.send("GET " + path + " HTTP/1.1\r\n\r\n").endOutput().readToEnd();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"alt=json", "$alt=json", "key=AIza1", "quotaUser=u", "prettyPrint=false", "alt="})
  void parameter_withoutEffect_isAccepted(String parameter) {
    assertThat(admin.get(SA2_PATH + "?" + parameter).body()).isEqualTo(sa2(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"prettyPrint=true", "$prettyPrint=true"})
  void prettyPrint_true_indentsByTwo(String parameter) {
    assertThat(admin.get(ACCOUNTS + "?fields=accounts.email&pageSize=1&" + parameter).body())
        .isEqualTo(
            """
            {
              "accounts": [
                {
                  "email": "%s"
                }
              ]
            }
            """
                .formatted(SA1));
  }

  @Test
  void prettyPrint_ofAnError_indentsIt() {
    assertThat(admin.get("/v1/projects/demo-project/roles/nope?prettyPrint=true").body())
        .isEqualTo(
            """
            {
              "error": {
                "code": 404,
                "message": "The role named projects/demo-project/roles/nope was not found.",
                "status": "NOT_FOUND"
              }
            }
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "alt=proto, A response other than JSON (the query parameter alt)",
    "alt=media, A response other than JSON (the query parameter alt)",
    "$alt=proto, A response other than JSON (the query parameter alt)",
    "callback=f, JSONP (the query parameter callback)"
  })
  void otherFormat_isRefusedWithoutEffect(String parameter, String what) {
    HttpResponse<String> response =
        admin.send("DELETE", SA2_PATH + "?" + parameter, BodyPublishers.noBody(), "text/plain");
    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.body())
        .isEqualTo(
            "{\"error\":{\"code\":422,\"message\":\"%s is not emulated.\",\"status\":\"UNIMPLEMENTED\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"NOT_EMULATED\",\"domain\":\"iam-emulator\"}]}}"
                .formatted(what));
    assertThat(admin.get(SA2_PATH).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "email | {\"email\":\"E\"}",
        "email,projectId | {\"projectId\":\"demo-project\",\"email\":\"E\"}",
        "project_id | {\"projectId\":\"demo-project\"}",
        "* | ALL",
        "email,* | ALL",
        "description | {}"
      })
  void fields_ofAnObject_selectsThem(String fields, String expected) {
    String body = expected.strip().replace("ALL", sa2("")).replace("\"E\"", "\"" + SA2 + "\"");
    for (String parameter : List.of("fields", "$fields", "%24fields")) {
      assertThat(admin.get(SA2_PATH + "?" + parameter + "=" + encoded(fields)).body())
          .isEqualTo(body);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"accounts(email)", "accounts/email", "accounts.email", "accounts(email,email)"})
  void fields_ofAList_selectsThemInEachItem(String fields) {
    assertThat(admin.get(ACCOUNTS + "?pageSize=2&fields=" + encoded(fields)).body())
        .isEqualTo("{\"accounts\":[{\"email\":\"%s\"},{\"email\":\"%s\"}]}".formatted(SA1, SA2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"items/*/instances(name)", "items(*(instances/name))", "items/*/*/name"})
  void fields_ofAMap_selectsThemBelowAnyKey(String fields) {
    String path = "/compute/v1/projects/" + PROJECT + "/aggregated/instances?fields=";
    assertThat(admin.get(path + encoded(fields)).body())
        .isEqualTo("{\"items\":{\"zones/us-west1-a\":{\"instances\":[{\"name\":\"vm-1\"}]}}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bogus | bogus",
        "accounts(email,bogus) | accounts.bogus",
        "accounts/email/bogus | accounts.email.bogus",
        "accounts( | accounts(",
        "accounts) | accounts)",
        "accounts(email)) | accounts(email))",
        "accounts, | accounts,",
        "a//b | a//b"
      })
  void fields_unknown_areNamed(String fields, String path) {
    HttpResponse<String> response = admin.get(ACCOUNTS + "?fields=" + encoded(fields.strip()));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .isEqualTo(
            "{\"error\":{\"code\":400,\"message\":\"Request contains an invalid argument.\",\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.BadRequest\",\"fieldViolations\":[{\"field\":\"%1$s\",\"description\":\"Error expanding 'fields' parameter. Cannot find matching fields for path '%1$s'.\"}]}]}}"
                .formatted(path.strip()));
  }

  @Test
  void fields_deeplyNested_areRefused() {
    for (String deep : List.of("a(".repeat(1500), "a/".repeat(1500), "a,".repeat(100_000))) {
      assertThat(
              admin
                  .header("X-HTTP-Method-Override", "GET")
                  .form(ACCOUNTS, Map.of("fields", deep))
                  .statusCode())
          .isEqualTo(400);
    }
  }

  private static String sa2(String displayName) {
    return ("{\"name\":\"projects/demo-project/serviceAccounts/%1$s\",\"projectId\":\"demo-project\","
            + "\"uniqueId\":\"100000000000000000002\",\"email\":\"%1$s\",%2$s"
            + "\"etag\":\"MDEwMjE5MjA=\",\"oauth2ClientId\":\"100000000000000000002\"}")
        .formatted(SA2, displayName);
  }

  private static String encoded(String fields) {
    return URLEncoder.encode(fields, UTF_8);
  }
}
