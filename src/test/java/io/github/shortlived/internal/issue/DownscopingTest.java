package io.github.shortlived.internal.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.auth.http.HttpTransportFactory;
import com.google.common.base.Splitter;
import io.github.shortlived.FakeHttp;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.StuckHttp;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.http.BoundedTransport;
import io.github.shortlived.model.AccessBoundaryRule;
import io.github.shortlived.model.AccessBoundaryRule.AvailabilityCondition;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.SourceCredentials;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.DownscopedTokenRequest;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.ServiceAccount;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DownscopingTest {
  private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final AccessToken ORIGINAL =
      new AccessToken("ya29.whole", NOW.plus(Duration.ofMinutes(30)));
  private static final AccessBoundaryRule RULE =
      AccessBoundaryRule.onBucket("reports", "roles/storage.objectViewer");

  private static AccessToken exchange(
      HttpTransportFactory http, RetryPolicy policy, AccessBoundaryRule... rules) {
    Retrier retrier =
        Retrier.of(
            policy.initialDelay(),
            policy.maxDelay(),
            policy.totalTimeout(),
            policy.retries(),
            InstantSource.system());
    TokenEndpoint sts =
        new TokenEndpoint(
            Endpoints.google().sts(),
            "/v1/token",
            BoundedTransport.factory(http),
            () -> NOW,
            "The Security Token Service did not respond in time");
    return new Downscoping(sts)
        .exchange(ORIGINAL, DownscopedTokenRequest.of(TARGET, rules), retrier);
  }

  private static AccessToken exchange(FakeHttp http) {
    return exchange(http, RetryPolicy.none(), RULE);
  }

  @Test
  void exchange_rules_areSentAsDocumented() {
    FakeHttp http = new FakeHttp().respond(200, "{\"access_token\":\"ya29.bounded\"}");
    AccessBoundaryRule conditional =
        RULE.onlyIf(new AvailabilityCondition("a title", "", "resource.name == 'a&b'"));
    AccessToken token = exchange(http, RetryPolicy.none(), RULE, conditional);

    assertThat(token).isEqualTo(new AccessToken("ya29.bounded", ORIGINAL.expireTime()));
    assertThat(http.urls()).containsExactly("https://sts.googleapis.com/v1/token");
    assertThat(http.requests().get(0).authorization()).isEmpty();
    assertThat(form(http.requests().get(0).body()))
        .isEqualTo(
            Map.of(
                "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange",
                "requested_token_type", "urn:ietf:params:oauth:token-type:access_token",
                "subject_token_type", "urn:ietf:params:oauth:token-type:access_token",
                "subject_token", "ya29.whole",
                "options",
                    """
                    {"accessBoundary":{"accessBoundaryRules":[\
                    {"availableResource":"//storage.googleapis.com/projects/_/buckets/reports",\
                    "availablePermissions":["inRole:roles/storage.objectViewer"]},\
                    {"availableResource":"//storage.googleapis.com/projects/_/buckets/reports",\
                    "availablePermissions":["inRole:roles/storage.objectViewer"],\
                    "availabilityCondition":{"title":"a title",\
                    "expression":"resource.name == 'a&b'"}}]}}"""));
  }

  private static Map<String, String> form(String body) {
    return Splitter.on('&')
        .splitToStream(body)
        .map(pair -> Splitter.on('=').limit(2).splitToList(pair))
        .collect(
            Collectors.toMap(
                pair -> pair.get(0),
                pair -> URLDecoder.decode(pair.get(1), StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @CsvSource({"600, PT10M", "1800, PT30M", "3600, PT30M"})
  void exchange_lifetimeInTheResponse_isUsedUnlessItIsTooLong(long seconds, Duration expected) {
    String json = "{\"access_token\":\"ya29.bounded\",\"expires_in\":%d}".formatted(seconds);

    assertThat(exchange(new FakeHttp().respond(200, json)).expireTime())
        .isEqualTo(NOW.plus(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"access_token\":{},\"expires_in\":1}",
        "{\"access_token\":1,\"expires_in\":1}",
        "{\"access_token\":\"\",\"expires_in\":1}",
        "{\"access_token\":\"hid\\u00e9den\",\"expires_in\":1}",
        "{\"access_token\":\"hidden\",\"expires_in\":\"soon\"}",
        "{\"access_token\":\"hidden\",\"expires_in\":9223372036854775807}"
      })
  void exchange_responseWithoutToken_isUnavailableWithoutSecrets(String response) {
    assertThatThrownBy(() -> exchange(new FakeHttp().respond(200, response)))
        .isInstanceOf(Unavailable.class)
        .hasMessageNotContaining("hidden")
        .hasMessageNotContaining("ya29")
        .hasMessageStartingWith("Downscoping an access token of " + TARGET + " failed: ");
  }

  @Test
  void exchange_refusal_keepsReasonAndText() {
    String body = "{\"error\":\"%s\",\"error_description\":\"Not so.\"}";
    assertThatThrownBy(() -> exchange(new FakeHttp().respond(400, body.formatted("invalid_grant"))))
        .isInstanceOfSatisfying(
            InvalidRequest.class, e -> assertThat(e.reason()).contains("invalid_grant"))
        .hasMessageContaining("invalid_grant: Not so.");
    assertThatThrownBy(
            () -> exchange(new FakeHttp().respond(401, body.formatted("invalid_client"))))
        .isInstanceOf(SourceCredentials.class)
        .hasMessageContaining("invalid_client: Not so.");
  }

  @Test
  void exchange_redirect_isNotFollowed() {
    FakeHttp http = new FakeHttp().redirect("https://evil.example/v1/token");
    assertThatThrownBy(() -> exchange(http)).isInstanceOf(CredentialException.class);
    assertThat(http.urls()).hasSize(1);
  }

  @Test
  @Timeout(60)
  void exchange_endlessResponse_failsAtTheTimeout() {
    try (StuckHttp http = new StuckHttp()) {
      RetryPolicy brief = RetryPolicy.none().withTotalTimeout(Duration.ofMillis(50));
      Unavailable failure =
          catchThrowableOfType(Unavailable.class, () -> exchange(http, brief, RULE));

      assertThat(failure)
          .hasMessageStartingWith(
              "Downscoping an access token of %s failed: The Security Token Service did not respond"
                      .formatted(TARGET)
                  + " in time. (DEADLINE_EXCEEDED) Given up after 1 attempt in ");
      assertThat(failure.service()).contains("sts.googleapis.com");
      assertThat(failure.method()).contains("token");
    }
  }
}
