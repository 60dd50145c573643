package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.name;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.BaseEncoding;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of pages: each list accepts its own only. */
class PageTokenTest {
  private static final String ACCOUNTS = "/v1/projects/" + PROJECT + "/serviceAccounts?pageSize=1";
  private static final String ROLES = "/v1/roles?pageSize=1";
  private static final String CUSTOM_ROLES = "/v1/projects/" + PROJECT + "/roles?pageSize=1";
  private static final String COMPUTE = "/compute/v1/projects/" + PROJECT;
  private static final String INSTANCES = COMPUTE + "/zones/" + ZONE + "/instances?maxResults=1";
  private static final String AGGREGATED = COMPUTE + "/aggregated/instances?maxResults=1";
  private static final List<String> ALL =
      List.of(ACCOUNTS, ROLES, CUSTOM_ROLES, INSTANCES, AGGREGATED);

  private final IamEmulator emulator =
      Demo.world()
          .customRole(PROJECT, "minter", "iam.serviceAccounts.signJwt")
          .customRole(PROJECT, "signer", "iam.serviceAccounts.signBlob")
          .instance(PROJECT, ZONE, "vm-1")
          .instance(PROJECT, ZONE, "vm-2")
          .start();
  private final Wire admin = Wire.as(emulator, ADMIN);

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {ACCOUNTS, ROLES, CUSTOM_ROLES, INSTANCES, AGGREGATED})
  void token_ofThisList_isServed_andAnyOtherIsInvalid(String list) {
    String own = nextToken(list);
    HttpResponse<String> second = admin.get(list + "&pageToken=" + own);
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(second.body()).isNotEqualTo(admin.get(list).body());
    String key = BaseEncoding.base64Url().omitPadding().encode(SA1.getBytes(UTF_8));
    String changed = (own.startsWith("A") ? "B" : "A") + own.substring(1);
    for (String wrong : List.of("%21", "zzzz", key, changed, own + "AA", own + "%3D")) {
      assertInvalid(list, wrong);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ACCOUNTS, ROLES, CUSTOM_ROLES, INSTANCES, AGGREGATED})
  void token_ofAnotherList_isInvalid(String list) {
    Set<String> others =
        ALL.stream()
            .filter(other -> !other.equals(list))
            .map(this::nextToken)
            .collect(Collectors.toSet());
    assertThat(others).hasSize(4);
    others.forEach(token -> assertInvalid(list, token));
  }

  @Test
  void error_ofIam_isGooglesWholeError() {
    assertThat(Wire.error(admin.get(ACCOUNTS + "&pageToken=zzzz")).toString())
        .isEqualTo(
            "{\"code\":400,\"message\":\"Request contains an invalid argument.\",\"status\":\"INVALID_ARGUMENT\"}");
  }

  @Test
  void error_ofCompute_namesTheField() {
    assertThat(Wire.error(admin.get(INSTANCES + "&pageToken=zzzz")).toString())
        .isEqualTo(
            "{\"code\":400,\"message\":\"%1$s\",\"errors\":[{\"message\":\"%1$s\",\"domain\":\"global\",\"reason\":\"invalid\"}]}"
                .formatted("Invalid value for field 'pageToken': 'zzzz'."));
  }

  @Test
  void token_afterTheLastItemOfThePageIsDeleted_isServed() {
    String token = nextToken(ACCOUNTS);
    admin.send("DELETE", "/v1/" + name(SA1), BodyPublishers.noBody(), "text/plain");
    assertThat(admin.get(ACCOUNTS + "&pageToken=" + token).body())
        .contains(SA2)
        .doesNotContain(SA1, SA3);
  }

  private String nextToken(String list) {
    return Wire.json(admin.get(list)).get("nextPageToken").getAsString();
  }

  private void assertInvalid(String list, String token) {
    HttpResponse<String> response = admin.get(list + "&pageToken=" + token);
    assertThat(response.statusCode()).as(token).isEqualTo(400);
  }
}
