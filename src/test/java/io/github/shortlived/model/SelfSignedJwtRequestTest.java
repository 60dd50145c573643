package io.github.shortlived.model;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.model.CredentialException.InvalidRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelfSignedJwtRequestTest {
  private static final String PUBSUB = "https://pubsub.googleapis.com/";
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");

  private final SelfSignedJwtRequest request = SelfSignedJwtRequest.forAudience(TARGET, PUBSUB);

  @Test
  void forAudience_hasNoScopes() {
    assertThat(request.target()).isEqualTo(TARGET);
    assertThat(request.audience()).contains(PUBSUB);
    assertThat(request.scopes()).isEmpty();
    assertThat(request.lifetime()).isEqualTo(Duration.ofHours(1));
    assertThat(request)
        .hasToString("SelfSignedJwtRequest[target=%s, audience=%s]".formatted(TARGET, PUBSUB));
  }

  @Test
  void forScopes_hasNoAudience() {
    SelfSignedJwtRequest scoped = SelfSignedJwtRequest.forScopes(TARGET, "openid", CLOUD_PLATFORM);

    assertThat(scoped.audience()).isEmpty();
    assertThat(scoped.scopes()).containsExactly("openid", CLOUD_PLATFORM);
    assertThat(scoped)
        .hasToString(
            "SelfSignedJwtRequest[target=%s, scopes=[openid, %s]]"
                .formatted(TARGET, CLOUD_PLATFORM))
        .isEqualTo(SelfSignedJwtRequest.forScopes(TARGET, List.of("openid", CLOUD_PLATFORM)))
        .isEqualTo(request.withScopes(List.of("openid", CLOUD_PLATFORM)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://pubsub.googleapis.com/google.pubsub.v1.Publisher",
        "https://service.example.com:8443/",
        "https://app.example.com/*"
      })
  void forAudience_urlWithPath_accepted(String audience) {
    assertThat(SelfSignedJwtRequest.forAudience(Target.self(), audience).audience())
        .contains(audience);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pubsub",
        "pubsub.googleapis.com",
        "https://pubsub.googleapis.com",
        "http://pubsub.googleapis.com/",
        "https://me@pubsub.googleapis.com/",
        "https://pubsub.googleapis.com/?a=b",
        "https://pubsub.googleapis.com/#a",
        "https:pubsub",
        "https:///",
        "https://pub sub/"
      })
  void forAudience_noUrlWithPath_refused(String audience) {
    assertThatThrownBy(() -> SelfSignedJwtRequest.forAudience(TARGET, audience))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid audience '")
        .hasMessageEndingWith(
            "': a self-signed JWT names the service by its https URL, which ends with a slash or a"
                + " path. Write it as https://SERVICE.googleapis.com/.");
  }

  @Test
  void forScopes_noScope_refused() {
    assertThatThrownBy(() -> SelfSignedJwtRequest.forScopes(TARGET))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid scopes 'none'");
  }

  @Test
  void of_targetWithoutEmail_refused() {
    ServiceAccount uniqueId = ServiceAccount.of("123456789012345678901");
    String message =
        "Invalid target '123456789012345678901': a self-signed JWT names the service account by its"
            + " email address. Name the account by its email address.";

    assertThatThrownBy(() -> SelfSignedJwtRequest.forAudience(uniqueId, PUBSUB))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(message);
    assertThatThrownBy(() -> SelfSignedJwtRequest.forScopes(uniqueId, CLOUD_PLATFORM))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(message);
  }

  @Test
  void fresh_minimumValidity_changeOnlyTheUseOfTheCache() {
    SelfSignedJwtRequest lasting = request.minimumValidity(Duration.ofMinutes(30));

    assertThat(request.fresh().isFresh()).isTrue();
    assertThat(request.fresh().cacheKey()).isEqualTo(request).hasSameHashCodeAs(request);
    assertThat(lasting.cacheKey()).isEqualTo(request);
    assertThat(lasting)
        .isNotEqualTo(request)
        .hasToString(
            "SelfSignedJwtRequest[target=%s, audience=%s, minimumValidity=30 min]"
                .formatted(TARGET, PUBSUB));
    assertThatThrownBy(() -> request.minimumValidity(Duration.ofMinutes(41)))
        .isInstanceOf(InvalidRequest.class);
  }

  @Test
  void equals_otherOptions_differ() {
    assertThat(SelfSignedJwtRequest.forAudience(TARGET, PUBSUB)).isEqualTo(request);
    assertThat(SelfSignedJwtRequest.forAudience(Target.self(), PUBSUB)).isNotEqualTo(request);
    assertThat(SelfSignedJwtRequest.forAudience(TARGET, PUBSUB + "a")).isNotEqualTo(request);
    assertThat(SelfSignedJwtRequest.forScopes(TARGET, CLOUD_PLATFORM)).isNotEqualTo(request);
    assertThat(IdTokenRequest.of(TARGET, PUBSUB)).isNotEqualTo(request);
  }
}
