package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdentityPoolCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A CI system whose tokens name a repository and groups: the repository octo/app may impersonate
 * sa-1, the group admins sa-2, and the mapped subject octo sa-3.
 */
class AttributeMappingTest {
  private static final String POOL =
      "iam.googleapis.com/projects/"
          + IamEmulator.projectNumber(PROJECT)
          + "/locations/global/workloadIdentityPools/ci-pool";
  private static final String USER = "roles/iam.workloadIdentityUser";
  private static final Map<String, String> MAPPING =
      Map.of(
          "google.subject", "assertion.sub.split(':')[1]",
          "google.groups", "has(assertion.groups) ? assertion.groups : []",
          "attribute.repository", "assertion.repository",
          "attribute.owner", "assertion.repository.extract('{owner}/')");
  private static final Map<String, ?> CLAIMS =
      Map.of("repository", "octo/app", "ref", "refs/heads/main", "run", 7);

  private static EmulatorBuilder unmapped() {
    return Demo.world()
        .workloadIdentityPool(PROJECT, "ci-pool", "ci-provider", "https://ci.example.com")
        .binding(SA1, USER, "principalSet://" + POOL + "/attribute.repository/octo/app")
        .binding(SA2, USER, "principalSet://" + POOL + "/group/admins")
        .binding(SA3, USER, "principal://" + POOL + "/subject/octo");
  }

  private static EmulatorBuilder world() {
    return unmapped().attributeMapping(PROJECT, "ci-pool", "ci-provider", MAPPING);
  }

  private static EmulatorBuilder when(String condition) {
    return world().attributeCondition(PROJECT, "ci-pool", "ci-provider", condition);
  }

  @Test
  void googleAuth_bindingOfAnAttribute_impersonatesTheAccount(@TempDir Path dir)
      throws IOException {
    try (IamEmulator emulator = world().start()) {
      WorkloadIdentityProvider ci = provider(emulator);
      Path token = dir.resolve("token");
      Files.writeString(token, ci.subjectToken("ci:main", CLAIMS));
      assertThat(Clients.accessToken(actingAsSa1(emulator, token))).startsWith("ya29.c.");
      Files.writeString(token, ci.subjectToken("ci:main", with("repository", "octo/other")));
      assertThatThrownBy(() -> actingAsSa1(emulator, token).refresh())
          .hasStackTraceContaining("iam.serviceAccounts.getAccessToken");
    }
  }

  @Test
  void mappedAttributes_eachMatchItsBindingOnly() {
    try (IamEmulator emulator = world().start()) {
      assertThat(mayActAs(emulator, "ci:main", CLAIMS)).containsExactly(SA1);
      assertThat(mayActAs(emulator, "ci:main", with("groups", List.of("users", "admins"))))
          .containsExactly(SA1, SA2);
      assertThat(mayActAs(emulator, "ci:octo", with("repository", "octo/application")))
          .containsExactly(SA3);
      assertThat(mayActAs(emulator, "octo:ci", with("groups", List.of("admin"))))
          .containsExactly(SA1);
    }
  }

  @Test
  void withoutMapping_onlySubjectsMatch() {
    try (IamEmulator emulator = unmapped().start()) {
      Map<String, ?> claims = with("groups", List.of("admins"));
      assertThat(mayActAs(emulator, "ci:octo", claims)).isEmpty();
      assertThat(mayActAs(emulator, "octo", claims)).containsExactly(SA3);
    }
  }

  @Test
  void wholePool_matchesWithAndWithoutAttributes() {
    EmulatorBuilder all = world().binding(SA3, USER, "principalSet://" + POOL + "/*");
    try (IamEmulator emulator = all.start()) {
      assertThat(mayActAs(emulator, "ci:nobody", CLAIMS)).containsExactly(SA1, SA3);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "assertion.ref == 'refs/heads/main'",
        "attribute.owner == 'octo'",
        "google.subject.startsWith('ma')",
        "assertion.run == 7",
        "assertion.aud.startsWith('https://')",
        "assertion.run > 6 && !has(assertion.actor)"
      })
  void condition_true_acceptsTheToken(String condition) {
    try (IamEmulator emulator = when(condition).start()) {
      assertThat(exchange(emulator, "ci:main", CLAIMS).statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "assertion.ref == 'refs/heads/other'",
        "attribute.owner == 'cat'",
        "'admins' in google.groups",
        "assertion.actor == 'octo'",
        "assertion.ref"
      })
  void condition_falseOrFailing_rejectsTheToken(String condition) {
    try (IamEmulator emulator = when(condition).start()) {
      assertThat(OAuthError.of(exchange(emulator, "ci:main", CLAIMS)))
          .isEqualTo(
              new OAuthError(
                  400,
                  "unauthorized_client",
                  "The given credential is rejected by the attribute condition."));
    }
  }

  @Test
  void mapping_ofAMissingOrWronglyTypedClaim_isInvalidGrant() {
    try (IamEmulator emulator = world().start()) {
      assertThat(exchange(emulator, "ci:main", CLAIMS).statusCode()).isEqualTo(200);
      assertThat(OAuthError.of(exchange(emulator, "ci:main", Map.of())))
          .isEqualTo(OAuthError.invalidGrant("The attribute attribute.owner could not be mapped."));
      for (Map<String, ?> claims :
          List.of(with("repository", 7), with("groups", "admins"), with("groups", List.of(7)))) {
        assertThat(OAuthError.of(exchange(emulator, "ci:main", claims)).error())
            .isEqualTo("invalid_grant");
      }
      assertThat(OAuthError.of(exchange(emulator, "ci", CLAIMS)).description())
          .contains("google.subject");
    }
  }

  @Test
  void subject_longerThan127Bytes_isRefused_andShortened_isAccepted() {
    try (IamEmulator emulator = world().start()) {
      String longest = "ci:" + "x".repeat(127);
      assertThat(exchange(emulator, longest, CLAIMS).statusCode()).isEqualTo(200);
      assertThat(exchange(emulator, longest + ":" + longest, CLAIMS).statusCode()).isEqualTo(200);
      OAuthError refusal = OAuthError.of(exchange(emulator, longest + "x", CLAIMS));
      assertThat(refusal.error()).isEqualTo("invalid_request");
      assertThat(refusal.description()).contains("exceeds the 127 bytes limit");
    }
  }

  @Test
  void worldJson_mappingAndCondition_areTheSame() {
    String json =
        """
        {
          "projects": [
            {
              "projectId": "demo-project",
              "workloadIdentityPools": [
                {
                  "poolId": "ci-pool",
                  "providerId": "ci-provider",
                  "issuer": "https://ci.example.com",
                  "attributeMapping": {
                    "google.subject": "assertion.sub",
                    "attribute.repository": "assertion.repository"
                  },
                  "attributeCondition": "assertion.ref == 'refs/heads/main'"
                }
              ]
            }
          ]
        }
        """;
    EmulatorBuilder world =
        Demo.world()
            .worldJson(json)
            .binding(SA1, USER, "principalSet://" + POOL + "/attribute.repository/octo/app");
    try (IamEmulator emulator = world.start()) {
      assertThat(mayActAs(emulator, "main", CLAIMS)).containsExactly(SA1);
      assertThat(exchange(emulator, "main", with("ref", "refs/heads/x")).statusCode())
          .isEqualTo(400);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "subject | assertion.sub | \"subject\" is not an attribute: use google.subject",
        "attribute.Owner | assertion.sub | \"attribute.Owner\" is not an attribute",
        "attribute.owner | assertion.sub | [attribute.owner] does not map google.subject: add",
        "google.subject | '' | An expression has 0 characters: use 1 to 2048"
      })
  void attributeMapping_invalid_isRefusedImmediately(
      String attribute, String expression, String says) {
    EmulatorBuilder world = unmapped();
    Map<String, String> mapping = Map.of(attribute, expression);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.attributeMapping(PROJECT, "ci-pool", "ci-provider", mapping))
        .withMessageContaining(says);
  }

  @Test
  void start_invalidExpressionOrUnknownProvider_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(when("maybe")::start)
        .withMessageContainingAll("\"maybe\" is not an expression", "undeclared reference");
    EmulatorBuilder other = Demo.world().attributeMapping(PROJECT, "ci-pool", "none", MAPPING);
    assertThatIllegalArgumentException()
        .isThrownBy(other::start)
        .withMessageContainingAll("none", "workloadIdentityPool(..)");
    unmapped().attributeMapping(PROJECT, "ci-pool", "ci-provider", MAPPING).start().close();
  }

  private static Map<String, ?> with(String claim, Object value) {
    Map<String, Object> claims = new HashMap<>(CLAIMS);
    claims.put(claim, value);
    return claims;
  }

  private static WorkloadIdentityProvider provider(IamEmulator emulator) {
    return emulator.workloadIdentityProvider(PROJECT, "ci-pool", "ci-provider");
  }

  private static GoogleCredentials actingAsSa1(IamEmulator emulator, Path token)
      throws IOException {
    byte[] file = provider(emulator).externalAccount(token, SA1).getBytes(StandardCharsets.UTF_8);
    return IdentityPoolCredentials.fromStream(
        new ByteArrayInputStream(file), emulator.httpTransportFactory());
  }

  private static List<String> mayActAs(
      IamEmulator emulator, String subject, Map<String, ?> claims) {
    HttpResponse<String> exchanged = exchange(emulator, subject, claims);
    Wire workload =
        Wire.anonymous(emulator).with(Wire.json(exchanged).get("access_token").getAsString());
    return List.of(SA1, SA2, SA3).stream()
        .filter(account -> Sa2Policy.tokenStatus(workload, account) == 200)
        .toList();
  }

  private static HttpResponse<String> exchange(
      IamEmulator emulator, String subject, Map<String, ?> claims) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    form.put("audience", provider(emulator).audience());
    form.put("scope", CLOUD_PLATFORM);
    form.put("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
    form.put("subject_token", provider(emulator).subjectToken(subject, claims));
    return Wire.anonymous(emulator).form("/v1/token", form);
  }
}
