package io.github.shortlived.model;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.model.CredentialException.InvalidRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownscopedTokenRequestTest {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final AccessBoundaryRule RULE =
      AccessBoundaryRule.onBucket("reports", "roles/storage.objectViewer");
  private static final AccessTokenRequest ACCESS_TOKEN =
      AccessTokenRequest.of(TARGET, CLOUD_PLATFORM);

  private final DownscopedTokenRequest request = DownscopedTokenRequest.of(TARGET, RULE);

  @Test
  void of_target_hasTheDefaults() {
    assertThat(request.target()).isEqualTo(TARGET);
    assertThat(request.accessToken()).isEqualTo(ACCESS_TOKEN);
    assertThat(request.rules()).containsExactly(RULE);
    assertThat(request.lifetime()).isEqualTo(Duration.ofHours(1));
    assertThat(request)
        .hasToString(
            "DownscopedTokenRequest[target=%s, scopes=[%s], lifetime=1 h, rules=[%s]]"
                .formatted(TARGET, CLOUD_PLATFORM, RULE));
  }

  @Test
  void of_accessTokenRequest_keepsItsOptions() {
    AccessTokenRequest brief =
        ACCESS_TOKEN.lifetime(Duration.ofMinutes(15)).minimumValidity(Duration.ofMinutes(5));
    DownscopedTokenRequest downscoped = DownscopedTokenRequest.of(brief, List.of(RULE));

    assertThat(downscoped.lifetime()).isEqualTo(Duration.ofMinutes(15));
    assertThat(downscoped.minimumValidityMillis()).isEqualTo(300_000);
    assertThat(downscoped.accessToken()).isEqualTo(brief.cacheKey());
    assertThat(DownscopedTokenRequest.of(ACCESS_TOKEN.fresh(), RULE)).isEqualTo(request.fresh());
    assertThatThrownBy(() -> downscoped.minimumValidity(Duration.ofMinutes(11)))
        .isInstanceOf(InvalidRequest.class);
  }

  @Test
  void of_tenRules_accepted_andMoreOrNone_refused() {
    assertThat(DownscopedTokenRequest.of(ACCESS_TOKEN, Collections.nCopies(10, RULE)).rules())
        .hasSize(10);
    assertThatThrownBy(() -> DownscopedTokenRequest.of(ACCESS_TOKEN, Collections.nCopies(11, RULE)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid rules '11 rules': a credential access boundary has 1 to 10 rules. Request"
                + " several tokens.");
    assertThatThrownBy(() -> DownscopedTokenRequest.of(TARGET))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid rules 'none': a credential access boundary has 1 to 10 rules. Add a rule for a"
                + " bucket.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"openid", CLOUD_PLATFORM})
  void withScopes_scopes_changesOnlyThat(String scope) {
    assertThat(request.minimumValidity(Duration.ofMinutes(30)).withScopes(List.of(scope)))
        .isEqualTo(
            DownscopedTokenRequest.of(AccessTokenRequest.of(TARGET, scope), RULE)
                .minimumValidity(Duration.ofMinutes(30)));
  }

  @Test
  void fresh_changesOnlyTheUseOfTheCache() {
    assertThat(request.fresh().isFresh()).isTrue();
    assertThat(request.fresh()).isNotEqualTo(request);
    assertThat(request.fresh().cacheKey()).isEqualTo(request).hasSameHashCodeAs(request);
    assertThat(request.fresh().toString()).endsWith(", fresh]");
  }

  @Test
  void equals_otherOptions_differ() {
    assertThat(DownscopedTokenRequest.of(TARGET, RULE)).isEqualTo(request);
    assertThat(DownscopedTokenRequest.of(Target.self(), RULE)).isNotEqualTo(request);
    assertThat(DownscopedTokenRequest.of(TARGET, RULE.onlyIf("true"))).isNotEqualTo(request);
    assertThat(request.withScopes(List.of("openid"))).isNotEqualTo(request);
    assertThat(ACCESS_TOKEN).isNotEqualTo(request);
  }
}
