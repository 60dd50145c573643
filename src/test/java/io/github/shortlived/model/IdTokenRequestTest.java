package io.github.shortlived.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdTokenRequestTest {
  @Test
  void of_audience_hasNoEmail() {
    assertThat(IdTokenRequest.of(Target.self(), "https://orders.example.com"))
        .hasToString(
            "IdTokenRequest[target=self, audience=https://orders.example.com, includeEmail=false]");
  }

  @Test
  void withEmail_request_changesOnlyThat() {
    assertThat(IdTokenRequest.of(Target.self(), "orders").withEmail())
        .hasToString("IdTokenRequest[target=self, audience=orders, includeEmail=true]");
  }

  @Test
  void withOrganizationNumber_request_changesOnlyThat() {
    IdTokenRequest plain = IdTokenRequest.of(Target.self(), "orders");
    IdTokenRequest both = plain.withOrganizationNumber().withEmail();

    assertThat(plain.withOrganizationNumber().includeEmail()).isFalse();
    assertThat(plain.withEmail().organizationNumberIncluded()).isFalse();
    assertThat(both.organizationNumberIncluded()).isTrue();
    assertThat(both.includeEmail()).isTrue();
    assertThat(both)
        .isEqualTo(plain.withEmail().withOrganizationNumber())
        .isNotEqualTo(plain.withEmail())
        .hasToString(
            "IdTokenRequest[target=self, audience=orders, includeEmail=true,"
                + " organizationNumberIncluded=true]");
    assertThat(both.fresh().cacheKey()).isEqualTo(both);
    assertThat(both.withTarget(Target.self())).isEqualTo(both);
  }

  @Test
  void toString_audienceWithHiddenCharacters_inOneLineWithEscapes() {
    assertThat(IdTokenRequest.of(Target.self(), "a\nb\u202Ec"))
        .hasToString("IdTokenRequest[target=self, audience=a b\\u202ec, includeEmail=false]");
  }

  @Test
  void equals_sameOptions_sameHash() {
    IdTokenRequest request = IdTokenRequest.of(Target.self(), "orders");

    assertThat(IdTokenRequest.of(Target.self(), "orders"))
        .isEqualTo(request)
        .hasSameHashCodeAs(request);
    assertThat(request)
        .isNotEqualTo(IdTokenRequest.of(Target.self(), "bills"))
        .isNotEqualTo(request.withEmail())
        .isNotEqualTo(request.fresh());
  }

  @Test
  void of_loneSurrogate_refused() {
    assertThat(IdTokenRequest.of(Target.self(), "\ud83d\ude00").audience()).hasSize(2);
    assertThatThrownBy(() -> IdTokenRequest.of(Target.self(), "https://a\ud800"))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid audience 'https://a?': it has a UTF-16 surrogate without its pair, shown here"
                + " as ?. Correct the program that creates the text.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void of_blankAudience_refused(String audience) {
    assertThatThrownBy(() -> IdTokenRequest.of(Target.self(), audience))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid audience '"
                + audience
                + "': an ID token is issued for one audience. Pass the URL of the receiving "
                + "service, such as https://orders.example.com.");
  }
}
