package io.github.shortlived.model;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.internal.text.Phrases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokenRequestTest {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final AccessTokenRequest REQUEST = AccessTokenRequest.of(TARGET, CLOUD_PLATFORM);
  private static final String CONSTRAINT =
      "constraints/iam.allowServiceAccountCredentialLifetimeExtension";

  @Test
  void of_noLifetime_oneHour() {
    assertThat(REQUEST.lifetime()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void of_scopeTwice_oneScope() {
    assertThat(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM, "openid", CLOUD_PLATFORM).scopes())
        .containsExactly(CLOUD_PLATFORM, "openid");
  }

  @Test
  void of_listChangedLater_keepsItsScopes() {
    List<String> scopes = new ArrayList<>(List.of(CLOUD_PLATFORM));
    AccessTokenRequest request = AccessTokenRequest.of(TARGET, scopes);
    scopes.add("openid");

    assertThat(request.scopes()).containsExactly(CLOUD_PLATFORM);
  }

  @Test
  void scopes_changed_refused() {
    Set<String> scopes = REQUEST.scopes();

    assertThatThrownBy(() -> scopes.add("openid"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CLOUD_PLATFORM,
        "https://mail.google.com/",
        "http://www.google.com/m8/feeds",
        "openid",
        "email",
        "profile"
      })
  void of_documentedScope_accepted(String scope) {
    assertThat(AccessTokenRequest.of(TARGET, scope).scopes()).containsExactly(scope);
  }

  @Test
  void of_noScope_refused() {
    assertThatThrownBy(() -> AccessTokenRequest.of(TARGET))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid scopes 'none': an access token needs at least one OAuth 2.0 scope. Pass"
                + " Scopes.CLOUD_PLATFORM or a narrower one.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cloud-platform",
        "https://www.googleapis.com/auth/compute openid",
        "https://a/\"",
        "OPENID"
      })
  void of_malformedScope_namesIt(String scope) {
    assertThatThrownBy(() -> AccessTokenRequest.of(TARGET, CLOUD_PLATFORM, scope))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid scope '"
                + scope
                + "': a scope must be one URL such as https://www.googleapis.com/auth/cloud-platform, or"
                + " openid, email or profile. Write the full URL, one scope per argument.");
  }

  @Test
  void of_sameScopeAgain_acceptedAndTheMalformedStillRefused() {
    for (int i = 0; i < 2; i++) {
      assertThat(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM)).isEqualTo(REQUEST);
      assertThatThrownBy(() -> AccessTokenRequest.of(TARGET, CLOUD_PLATFORM + " openid"))
          .isInstanceOf(CredentialException.InvalidRequest.class)
          .hasMessageStartingWith("Invalid scope '" + CLOUD_PLATFORM + " openid': ");
    }
  }

  @Test
  @SuppressWarnings("NullAway") // Callers without null checks can pass null.
  void of_nullScopeAfterAValidOne_namesTheArgument() {
    assertThatThrownBy(() -> AccessTokenRequest.of(TARGET, CLOUD_PLATFORM, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("an element of scopes");
  }

  @Test
  @SuppressWarnings("NullAway") // Callers without null checks can pass null.
  void of_invalidScopeAndNoTarget_namesTheScopeFirst() {
    assertThatThrownBy(() -> AccessTokenRequest.of(null, "OPENID"))
        .hasMessageStartingWith("Invalid scope 'OPENID'");
    assertThatThrownBy(() -> AccessTokenRequest.of(null, CLOUD_PLATFORM))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("target");
  }

  @Test
  void of_longScope_acceptedButNotRemembered() {
    String scope = "https://example.com/" + "a".repeat(1_000);

    assertThat(AccessTokenRequest.of(TARGET, scope).scopes()).containsExactly(scope);
    assertThat(Checks.KNOWN_SCOPES).doesNotContain(scope);
  }

  @Test
  void of_moreScopesThanAreRemembered_allAcceptedInBoundedMemory() {
    for (int i = 0; i < 2 * Checks.MAX_KNOWN_SCOPES; i++) {
      String scope = "https://example.com/" + i;
      assertThat(AccessTokenRequest.of(TARGET, scope).scopes()).containsExactly(scope);
    }

    assertThat(Checks.KNOWN_SCOPES).hasSizeLessThanOrEqualTo(Checks.MAX_KNOWN_SCOPES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "PT30M", "PT1H"})
  void lifetime_inRange_accepted(Duration lifetime) {
    assertThat(REQUEST.lifetime(lifetime).lifetime()).isEqualTo(lifetime);
  }

  @Test
  void lifetime_changed_leavesTheOriginalUnchanged() {
    AccessTokenRequest shorter = REQUEST.lifetime(Duration.ofMinutes(5));

    assertThat(REQUEST.lifetime()).isNotEqualTo(shorter.lifetime());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.5S", "PT1.000000001S", "PT1H1S", "PT12H"})
  void lifetime_outOfRange_namesTheExplicitChoice(Duration lifetime) {
    assertThatThrownBy(() -> REQUEST.lifetime(lifetime))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid lifetime '"
                + Phrases.exact(lifetime)
                + "': it must be from 1 second to 1 hour, in whole seconds. "
                + (lifetime.compareTo(Duration.ofHours(1)) > 0
                    ? "For up to 12 hours call lifetimeExtendedByOrgPolicy, which needs "
                        + CONSTRAINT
                        + "."
                    : "Use whole seconds, at least 1."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "PT1H", "PT1H1S", "PT12H"})
  void lifetimeExtendedByOrgPolicy_inRange_accepted(Duration lifetime) {
    assertThat(REQUEST.lifetimeExtendedByOrgPolicy(lifetime).lifetime()).isEqualTo(lifetime);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT12H1S", "PT11H59M59.5S", "PT2562047788015215H"})
  void lifetimeExtendedByOrgPolicy_outOfRange_namesTheOrgPolicy(Duration lifetime) {
    assertThatThrownBy(() -> REQUEST.lifetimeExtendedByOrgPolicy(lifetime))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid lifetime '"
                + Phrases.exact(lifetime)
                + "': it must be from 1 second to 12 hours, in whole seconds, if the organization policy "
                + CONSTRAINT
                + " lists the target. "
                + (lifetime.compareTo(Duration.ofHours(12)) > 0
                    ? "Request a new token when this one expires."
                    : "Use whole seconds, at least 1."));
  }

  @Test
  void lifetime_self_refused() {
    AccessTokenRequest self = AccessTokenRequest.of(Target.self(), CLOUD_PLATFORM);

    assertThatThrownBy(() -> self.lifetime(Duration.ofMinutes(5)))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid lifetime '5 min': Google decides the lifetime of the source's own token, "
                + "about 1 hour. To choose the lifetime, use the source's service account as "
                + "target.");
  }

  @Test
  void lifetimeExtendedByOrgPolicy_self_refused() {
    AccessTokenRequest self = AccessTokenRequest.of(Target.self(), CLOUD_PLATFORM);

    assertThatThrownBy(() -> self.lifetimeExtendedByOrgPolicy(Duration.ofHours(2)))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith("Invalid lifetime '2 h': Google decides the lifetime of");
  }

  @Test
  void equals_scopesInAnotherOrder_same() {
    assertThat(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM, "openid"))
        .isEqualTo(AccessTokenRequest.of(TARGET, "openid", CLOUD_PLATFORM))
        .hasSameHashCodeAs(AccessTokenRequest.of(TARGET, "openid", CLOUD_PLATFORM));
  }

  @Test
  void equals_listOrArguments_same() {
    assertThat(AccessTokenRequest.of(TARGET, List.of(CLOUD_PLATFORM)))
        .isEqualTo(REQUEST)
        .hasSameHashCodeAs(REQUEST);
  }

  @Test
  void equals_otherScopesOrTarget_differs() {
    assertThat(REQUEST)
        .isNotEqualTo(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM, "openid"))
        .isNotEqualTo(AccessTokenRequest.of(TARGET, "openid"))
        .isNotEqualTo(AccessTokenRequest.of(Target.self(), CLOUD_PLATFORM));
  }

  @Test
  void equals_anotherLifetime_differs() {
    assertThat(REQUEST).isNotEqualTo(REQUEST.lifetime(Duration.ofMinutes(5)));
  }

  @Test
  void toString_request_namesTheOptions() {
    assertThat(REQUEST)
        .hasToString(
            "AccessTokenRequest[target=target@p.iam.gserviceaccount.com,"
                + " scopes=[https://www.googleapis.com/auth/cloud-platform], lifetime=1 h]");
  }
}
