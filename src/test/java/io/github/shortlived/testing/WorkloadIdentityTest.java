package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdentityPoolCredentials;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.gson.JsonObject;
import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import com.google.iam.v1.SetIamPolicyRequest;
import io.github.shortlived.testing.internal.key.Jwts;
import io.github.shortlived.testing.internal.oauth.PublishedKeysTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A CI system outside Google: its main branch may impersonate sa-1, every branch sa-2. */
class WorkloadIdentityTest {
  private static final String POOL =
      "iam.googleapis.com/projects/"
          + IamEmulator.projectNumber(PROJECT)
          + "/locations/global/workloadIdentityPools/ci-pool";
  private static final String USER = "roles/iam.workloadIdentityUser";
  private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

  private final TestClock clock = TestClock.startingAt("2026-05-04T10:00:00Z");
  private final IamEmulator emulator = world().clock(clock).start();
  private final WorkloadIdentityProvider ci =
      emulator.workloadIdentityProvider(PROJECT, "ci-pool", "ci-provider");

  @AfterEach
  void stop() {
    emulator.close();
  }

  private static EmulatorBuilder world() {
    return Demo.world()
        .workloadIdentityPool(PROJECT, "ci-pool", "ci-provider", "https://ci.example.com")
        .binding(SA1, USER, "principal://" + POOL + "/subject/main")
        .binding(SA2, USER, "principalSet://" + POOL + "/*");
  }

  @Test
  void googleAuth_bindingOfThePrincipal_impersonatesTheAccount(@TempDir Path dir)
      throws IOException {
    try (IamEmulator now = world().start()) {
      WorkloadIdentityProvider provider =
          now.workloadIdentityProvider(PROJECT, "ci-pool", "ci-provider");
      Path token = dir.resolve("token");
      Files.writeString(token, provider.subjectToken("main"));
      assertThat(Clients.accessToken(externalAccount(now, provider, token, SA1)))
          .startsWith("ya29.c.");
      Files.writeString(token, provider.subjectToken("branch"));
      assertThat(Clients.accessToken(externalAccount(now, provider, token, SA2)))
          .startsWith("ya29.c.");
      assertThatThrownBy(() -> externalAccount(now, provider, token, SA1).refresh())
          .isInstanceOf(IOException.class)
          .hasStackTraceContaining("iam.serviceAccounts.getAccessToken");
    }
  }

  @Test
  void federatedToken_calls_asThePrincipal() {
    assertThat(generate(federated("main"), SA1).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = generate(federated("branch"), SA1);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("iam.serviceAccounts.getAccessToken");
  }

  @Test
  void federatedPrincipal_isNotAmongAuthenticatedUsers() throws IOException {
    String other = Demo.email("sa-3");
    try (IAMClient admin = Clients.admin(emulator)) {
      allow(admin, other, "allAuthenticatedUsers");
      assertThat(generate(federated("main"), other).statusCode()).isEqualTo(403);
      allow(admin, other, ci.principal("main"));
      assertThat(generate(federated("main"), other).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void googleCredentials_ofAPrincipal_callLikeItsToken() {
    String token = Wire.token(emulator, ci.principal("main"));
    assertThat(generate(token, SA1).statusCode()).isEqualTo(200);
    assertThat(ci.principalSet()).isEqualTo("principalSet://" + POOL + "/*");
  }

  @Test
  void response_hasTheFieldsOfRfc8693() {
    JsonObject response = Wire.json(exchange(form(ci.subjectToken("main"))));
    assertThat(response.keySet())
        .containsExactlyInAnyOrder("access_token", "issued_token_type", "token_type", "expires_in");
    assertThat(response.get("issued_token_type").getAsString())
        .isEqualTo("urn:ietf:params:oauth:token-type:access_token");
  }

  @Test
  void exchange_asJson_isServed() {
    JsonObject request = new JsonObject();
    request.addProperty("grantType", EXCHANGE);
    request.addProperty("audience", ci.audience());
    request.addProperty("scope", CLOUD_PLATFORM);
    request.addProperty("subjectTokenType", JWT);
    request.addProperty("subjectToken", ci.subjectToken("main"));
    Wire wire = Wire.anonymous(emulator);
    assertThat(wire.post("/v1/token", request.toString()).statusCode()).isEqualTo(200);
    request.addProperty("subjectToken", 1);
    assertThat(OAuthError.of(wire.post("/v1/token", request.toString())).error())
        .isEqualTo("invalid_request");
    assertThat(OAuthError.of(wire.post("/v1/token", "[]")).error()).isEqualTo("invalid_request");
  }

  @Test
  void subjectToken_expired_isInvalidGrant() {
    String token = ci.subjectToken("main");
    clock.advance(Duration.ofMinutes(59));
    assertThat(exchange(form(token)).statusCode()).isEqualTo(200);
    clock.advance(Duration.ofMinutes(1));
    assertThat(OAuthError.of(exchange(form(token))))
        .isEqualTo(OAuthError.invalidGrant("ID Token is stale to sign-in."));
  }

  @Test
  void subjectToken_ofAnother_isInvalidGrant() {
    JsonObject claims = claims();
    assertThat(exchange(form(ci.sign(claims))).statusCode()).isEqualTo(200);
    for (String claim : new String[] {"iss", "aud", "sub", "exp", "iat"}) {
      JsonObject without = claims.deepCopy();
      without.remove(claim);
      assertThat(error(ci.sign(without))).as(claim).isEqualTo("invalid_grant");
    }
    HandSigned other = HandSigned.by(emulator, SA1, clock.instant().getEpochSecond());
    claims.asMap().forEach(other.claims::add);
    assertThat(error(other.rs256())).isEqualTo("invalid_grant");
    assertThat(error("garbage")).isEqualTo("invalid_request");
  }

  @Test
  void request_withInvalidParameters_isRefused() {
    assertThat(refusal("audience", "//iam.googleapis.com/x").error()).isEqualTo("invalid_target");
    assertThat(refusal("grant_type", "password").error()).isEqualTo("unsupported_grant_type");
    assertThat(refusal("scope", "no scope").error()).isEqualTo("invalid_scope");
    assertThat(refusal("scope", "")).isEqualTo(OAuthError.invalidRequest(MISSING_SCOPE));
    assertThat(refusal("requested_token_type", JWT).error()).isEqualTo("invalid_request");
    assertThat(
            refusal("subject_token_type", "urn:ietf:params:aws:token-type:aws4_request")
                .description())
        .contains("aws4_request is not emulated");
  }

  private static final String MISSING_SCOPE = "Required parameter is missing: scope";

  @Test
  void keys_arePublished_andVerifySubjectTokens() throws Exception {
    var jwt = Jwts.parse(ci.subjectToken("main")).orElseThrow();
    assertThat(
            jwt.verifySignature(
                PublishedKeysTest.find(emulator, ci.jwksPath(), jwt.getHeader().getKeyId())))
        .isTrue();
  }

  @Test
  void ownAudience_replacesTheProvidersName() {
    try (IamEmulator other =
        Demo.world()
            .clock(clock)
            .workloadIdentityPool(PROJECT, "ci-pool", "ci-provider", "https://x.example", "mine")
            .start()) {
      WorkloadIdentityProvider provider =
          other.workloadIdentityProvider(PROJECT, "ci-pool", "ci-provider");
      var claims = Jwts.parse(provider.subjectToken("main")).orElseThrow().getPayload();
      assertThat(claims.getAudience()).isEqualTo("mine");
      assertThat(
              Wire.anonymous(other)
                  .form("/v1/token", form(provider.subjectToken("main")))
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void declaration_malformed_isRefused() {
    EmulatorBuilder builder = IamEmulator.builder();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.workloadIdentityPool(PROJECT, "P", "prov", "https://a.example"))
        .withMessageContaining("pool id");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.workloadIdentityPool(PROJECT, "pool", "prov", "https:// a"))
        .withMessageContaining("https");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> emulator.workloadIdentityProvider(PROJECT, "ci-pool", "other"))
        .withMessageContaining("workloadIdentityPool(..)");
    assertThatIllegalArgumentException().isThrownBy(() -> ci.subjectToken(" "));
  }

  private static GoogleCredentials externalAccount(
      IamEmulator emulator, WorkloadIdentityProvider provider, Path token, String account)
      throws IOException {
    byte[] file = provider.externalAccount(token, account).getBytes(UTF_8);
    return IdentityPoolCredentials.fromStream(
        new ByteArrayInputStream(file), emulator.httpTransportFactory());
  }

  private static void allow(IAMClient admin, String account, String member) {
    Binding binding = Binding.newBuilder().setRole(TOKEN_CREATOR).addMembers(member).build();
    admin.setIamPolicy(
        SetIamPolicyRequest.newBuilder()
            .setResource(Demo.name(account))
            .setPolicy(Policy.newBuilder().addBindings(binding))
            .build());
  }

  private HttpResponse<String> generate(String token, String account) {
    return Wire.anonymous(emulator)
        .with(token)
        .post(
            "/v1/" + Demo.name(account) + ":generateAccessToken",
            "{\"scope\":[\"" + CLOUD_PLATFORM + "\"]}");
  }

  private JsonObject claims() {
    long now = clock.instant().getEpochSecond();
    JsonObject claims = new JsonObject();
    claims.addProperty("iss", "https://ci.example.com");
    claims.addProperty("aud", "https:" + ci.audience());
    claims.addProperty("sub", "main");
    claims.addProperty("iat", now);
    claims.addProperty("exp", now + 60);
    return claims;
  }

  private String federated(String subject) {
    return Wire.json(exchange(form(ci.subjectToken(subject)))).get("access_token").getAsString();
  }

  private String error(String subjectToken) {
    return OAuthError.of(exchange(form(subjectToken))).error();
  }

  private OAuthError refusal(String parameter, String value) {
    Map<String, String> form = form(ci.subjectToken("main"));
    form.put(parameter, value);
    return OAuthError.of(exchange(form));
  }

  private Map<String, String> form(String subjectToken) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", EXCHANGE);
    form.put("audience", ci.audience());
    form.put("scope", CLOUD_PLATFORM);
    form.put("subject_token_type", JWT);
    form.put("subject_token", subjectToken);
    return form;
  }

  private HttpResponse<String> exchange(Map<String, String> form) {
    return Wire.anonymous(emulator).form("/v1/token", form);
  }
}
