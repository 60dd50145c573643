package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.email;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** New accounts that policies and calls for credentials do not know yet. */
class AccountPropagationTest {
  private static final String NEW = email("deployer");
  private static final String ACCOUNTS = "/v1/projects/" + PROJECT + "/serviceAccounts";
  private static final String GRANT_TO_NEW =
      "{\"policy\":{\"bindings\":[{\"role\":\""
          + TOKEN_CREATOR
          + "\",\"members\":[\""
          + member(NEW)
          + "\"]}]}}";

  private final IamEmulator emulator =
      Demo.world()
          .clock(InstantSource.fixed(Instant.now()))
          .projectBinding(PROJECT, TOKEN_CREATOR, ADMIN)
          .start();
  private final EmulatorControls controls = emulator.controls();
  private final Wire admin = Wire.as(emulator, ADMIN);

  @AfterEach
  void stop() {
    emulator.close();
  }

  private void create() {
    assertThat(admin.post(ACCOUNTS, "{\"accountId\":\"deployer\"}").statusCode()).isEqualTo(200);
  }

  private void createWithDelay() {
    controls.accountPropagation(Duration.ofMinutes(1));
    create();
  }

  private void pass(Duration time) {
    emulator.clock().advance(time);
  }

  private int policy(String name) {
    return admin.post("/v1/" + name + ":getIamPolicy", "{}").statusCode();
  }

  private HttpResponse<String> grantToNew() {
    return admin.post("/v1/" + name(SA1) + ":setIamPolicy", GRANT_TO_NEW);
  }

  private HttpResponse<String> token(String delegates) {
    String body = "{\"scope\":[\"" + CLOUD_PLATFORM + "\"]" + delegates + "}";
    String target = delegates.isEmpty() ? NEW : SA2;
    return admin.post("/v1/" + name(target) + ":generateAccessToken", body);
  }

  private HttpResponse<String> heldPermissions() {
    return admin.post(
        ACCOUNTS + "/" + NEW + ":testIamPermissions",
        "{\"permissions\":[\"iam.serviceAccounts.get\"]}");
  }

  private GoogleCredentials withItsKey() throws IOException {
    return ServiceAccountCredentials.fromStream(
            new ByteArrayInputStream(emulator.serviceAccountKey(NEW).getBytes(UTF_8)))
        .createScoped(CLOUD_PLATFORM);
  }

  @Test
  void newAccount_beforeTheDelay_canBeReadAndListed() {
    createWithDelay();
    assertThat(admin.get(ACCOUNTS + "/" + NEW).statusCode()).isEqualTo(200);
    assertThat(admin.get(ACCOUNTS).body()).contains(NEW);
  }

  @Test
  void newAccount_itsPolicy_isUnknownUntilTheDelay() {
    createWithDelay();
    assertThat(policy("projects/" + PROJECT + "/serviceAccounts/" + NEW)).isEqualTo(404);
    assertThat(policy(name(NEW))).isEqualTo(403);
    assertThat(Wire.json(heldPermissions()).size()).isZero();
    pass(Duration.ofSeconds(59));
    assertThat(policy(name(NEW))).isEqualTo(403);
    pass(Duration.ofSeconds(1));
    assertThat(policy(name(NEW))).isEqualTo(200);
    assertThat(heldPermissions().body()).contains("iam.serviceAccounts.get");
  }

  @Test
  void newAccount_asMemberOfAPolicy_doesNotExistUntilTheDelay() {
    createWithDelay();
    assertThat(grantToNew().statusCode()).isEqualTo(400);
    assertThat(Wire.error(grantToNew()).get("message").getAsString())
        .isEqualTo("Service account " + NEW + " does not exist.");
    pass(Duration.ofMinutes(1));
    assertThat(grantToNew().statusCode()).isEqualTo(200);
  }

  @Test
  void newAccount_asTargetOrDelegate_isNotFoundUntilTheDelay() {
    createWithDelay();
    String delegates = ",\"delegates\":[\"" + name(NEW) + "\"]";
    for (String each : new String[] {"", delegates}) {
      assertThat(token(each).statusCode()).isEqualTo(404);
      assertThat(Wire.error(token(each)).get("message").getAsString())
          .isEqualTo("Not found; Gaia id not found for email " + NEW);
    }
    pass(Duration.ofMinutes(1));
    assertThat(token("").statusCode()).isEqualTo(200);
    assertThat(token(delegates).statusCode()).isEqualTo(403); // The delegate has no grant.
  }

  @Test
  void newAccount_itsKey_getsNoTokenUntilTheDelay() throws IOException {
    createWithDelay();
    assertThatThrownBy(() -> withItsKey().refreshAccessToken())
        .hasMessageContaining("account not found");
    pass(Duration.ofMinutes(1));
    assertThat(withItsKey().refreshAccessToken().getTokenValue()).isNotEmpty();
  }

  @Test
  void declaredAndEarlierAccounts_areKnown() {
    create();
    controls.accountPropagation(Duration.ofMinutes(1));
    assertThat(policy(name(NEW))).isEqualTo(200);
    assertThat(policy(name(SA2))).isEqualTo(200);
  }

  @Test
  void accountPropagation_zeroAgain_appliesToLaterAccounts() {
    controls.accountPropagation(Duration.ofMinutes(1));
    controls.accountPropagation(Duration.ZERO);
    create();
    assertThat(token("").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-0.001S", "PT8760H0.001S"})
  void accountPropagation_outOfRange_isRefused(Duration delay) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> controls.accountPropagation(delay))
        .withMessageEndingWith(" is out of range: use zero to 365 days");
  }
}
