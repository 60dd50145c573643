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

class UserTokenRequestTest {
  private static final String USER = "user@example.com";
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final ServiceAccount UNIQUE_ID = ServiceAccount.of("123456789012345678901");

  private final UserTokenRequest request = UserTokenRequest.of(TARGET, USER, CLOUD_PLATFORM);

  @Test
  void of_user_hasTheOptions() {
    assertThat(request.target()).isEqualTo(TARGET);
    assertThat(request.user()).isEqualTo(USER);
    assertThat(request.scopes()).containsExactly(CLOUD_PLATFORM);
    assertThat(request.lifetime()).isEqualTo(Duration.ofHours(1));
    assertThat(request)
        .hasToString(
            "UserTokenRequest[target=%s, user=%s, scopes=[%s]]"
                .formatted(TARGET, USER, CLOUD_PLATFORM));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "user",
        "@",
        "@x",
        " @x",
        "x@",
        "x@ ",
        "a@b@x.com",
        "user:sa@p.iam.gserviceaccount.com",
        "sa@p.iam.gserviceaccount.com",
        "sa@p.iam.GServiceAccount.com"
      })
  void of_notAUser_refused(String user) {
    assertThatThrownBy(() -> UserTokenRequest.of(TARGET, user, CLOUD_PLATFORM))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid user '"
                + user
                + "': domain-wide delegation is for the users of a Google Workspace domain."
                + " Pass the user's email address.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u202Eb@x.com", "a\u3164@x.com", "a@x.com\n", "a@\u0000x.com"})
  void of_userWithHiddenCharacter_refusedAndShown(String user) {
    assertThatThrownBy(() -> UserTokenRequest.of(TARGET, user, CLOUD_PLATFORM))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid user '%s': an email address has no invisible characters, shown here as ?."
                + " Type it instead of pasting it.",
            user.replaceAll("[^ -~]", "?"));
  }

  @Test
  void of_targetWithoutEmail_refused() {
    DelegationChain chain = DelegationChain.through(TARGET).to(UNIQUE_ID);
    for (Target target : List.of(UNIQUE_ID, chain)) {
      assertThatThrownBy(() -> UserTokenRequest.of(target, USER, CLOUD_PLATFORM))
          .isInstanceOf(InvalidRequest.class)
          .hasMessage(
              "Invalid target '%s': domain-wide delegation names the service account by its email"
                      .formatted(target)
                  + " address. Name the account by its email address.");
    }
    assertThat(UserTokenRequest.of(Target.self(), USER, CLOUD_PLATFORM).target())
        .isEqualTo(Target.self());
  }

  @Test
  void of_noScope_refused() {
    assertThatThrownBy(() -> UserTokenRequest.of(TARGET, USER)).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void withScopes_scopes_changesOnlyThat() {
    assertThat(request.minimumValidity(Duration.ofMinutes(30)).withScopes(List.of("openid")))
        .isEqualTo(
            UserTokenRequest.of(TARGET, USER, "openid").minimumValidity(Duration.ofMinutes(30)));
  }

  @Test
  void fresh_minimumValidity_changeOnlyTheUseOfTheCache() {
    UserTokenRequest lasting = request.minimumValidity(Duration.ofMinutes(30));

    assertThat(request.fresh().isFresh()).isTrue();
    assertThat(lasting.minimumValidityMillis()).isEqualTo(1_800_000);
    assertThat(request.fresh()).isNotEqualTo(request);
    assertThat(request.fresh().cacheKey()).isEqualTo(request).hasSameHashCodeAs(request);
    assertThat(lasting.cacheKey()).isEqualTo(request);
    assertThat(request.cacheKey()).isSameAs(request);
    assertThat(lasting.toString()).endsWith(", minimumValidity=30 min]");
  }

  @Test
  void minimumValidity_overTwoThirdsOfAnHour_refused() {
    assertThatThrownBy(() -> request.minimumValidity(Duration.ofMinutes(41)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid minimum validity '41 min': it must be at most two thirds of the token's lifetime,"
                + " here 40 min. Request a fresh() token, which has its full lifetime left.");
  }

  @Test
  void equals_otherOptions_differ() {
    assertThat(UserTokenRequest.of(TARGET, USER, CLOUD_PLATFORM)).isEqualTo(request);
    assertThat(UserTokenRequest.of(Target.self(), USER, CLOUD_PLATFORM)).isNotEqualTo(request);
    assertThat(UserTokenRequest.of(TARGET, "me@example.com", CLOUD_PLATFORM)).isNotEqualTo(request);
    assertThat(UserTokenRequest.of(TARGET, USER, "openid")).isNotEqualTo(request);
    assertThat(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM)).isNotEqualTo(request);
  }
}
