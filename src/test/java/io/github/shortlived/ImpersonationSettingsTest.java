package io.github.shortlived;

import static io.github.shortlived.AdapterWorld.CALLER;
import static io.github.shortlived.AdapterWorld.CHAIN;
import static io.github.shortlived.AdapterWorld.DELEGATE;
import static io.github.shortlived.AdapterWorld.PROJECT;
import static io.github.shortlived.AdapterWorld.TARGET;
import static io.github.shortlived.AdapterWorld.TOKEN_CREATOR;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.EmulatorCall;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Moves google-auth's impersonated credentials to this library. */
class ImpersonationSettingsTest {
  private static final String READ_ONLY = "https://www.googleapis.com/auth/devstorage.read_only";

  private final AdapterWorld world = new AdapterWorld();
  private final GoogleCredentials caller =
      world.emulator().googleCredentials(Member.of(CALLER).id());

  @AfterEach
  void close() {
    world.close();
  }

  private ImpersonatedCredentials impersonated(Consumer<ImpersonatedCredentials.Builder> change) {
    ImpersonatedCredentials.Builder settings =
        ImpersonatedCredentials.newBuilder()
            .setSourceCredentials(caller)
            .setTargetPrincipal(TARGET.id())
            .setScopes(List.of(CLOUD_PLATFORM))
            .setHttpTransportFactory(world.emulator().httpTransportFactory());
    change.accept(settings);
    return settings.build();
  }

  private ShortLivedCredentials with(GoogleCredentials source) {
    return ShortLivedCredentials.builder()
        .source(source)
        .endpoints(world.emulator().endpoints())
        .build();
  }

  @Test
  void from_delegatesScopesAndLifetime_areKept() {
    ImpersonationSettings settings =
        ImpersonationSettings.from(
            impersonated(
                builder ->
                    builder
                        .setDelegates(List.of(DELEGATE.resourceName()))
                        .setScopes(List.of(READ_ONLY, CLOUD_PLATFORM))
                        .setLifetime(600)));

    assertThat(settings.source()).isSameAs(caller);
    assertThat(settings.target()).isEqualTo(CHAIN);
    assertThat(settings.request())
        .isEqualTo(
            AccessTokenRequest.of(CHAIN, READ_ONLY, CLOUD_PLATFORM)
                .lifetime(Duration.ofMinutes(10)));
  }

  @Test
  void from_lifetimeOverOneHour_isKept() {
    AccessTokenRequest request =
        ImpersonationSettings.from(impersonated(builder -> builder.setLifetime(43_200))).request();

    assertThat(request.lifetime()).isEqualTo(Duration.ofHours(12));
  }

  @Test
  void from_credentialsOfThisLibrary_areTheirRequest() {
    AccessTokenRequest request =
        AccessTokenRequest.of(CHAIN, READ_ONLY).lifetime(Duration.ofMinutes(5));

    assertThat(
            ImpersonationSettings.from(world.caller().impersonatedCredentials(request)).request())
        .isEqualTo(request);
  }

  @Test
  void request_issued_isForTheSameAccountWithTheSameLifetime() {
    ImpersonationSettings settings =
        ImpersonationSettings.from(
            impersonated(builder -> builder.setDelegates(List.of(DELEGATE.id())).setLifetime(600)));
    Instant now = world.emulator().clock().instant();

    try (ShortLivedCredentials credentials = with(settings.source())) {
      assertThat(credentials.issue(settings.request()).expireTime())
          .isBetween(now.plusSeconds(590), now.plusSeconds(1800)); // Not an hour.
      assertThat(credentials.idToken(settings.target(), "orders").token()).isNotEmpty();
    }
    assertThat(world.emulator().calls())
        .hasSize(2)
        .allSatisfy(call -> assertThat(call.resource()).contains(TARGET.id()))
        .allSatisfy(call -> assertThat(call.delegates()).containsExactly(DELEGATE.resourceName()));
  }

  static List<List<String>> unusualChains() {
    return List.of(
        List.of(TARGET.id()),
        List.of(DELEGATE.id(), DELEGATE.resourceName()),
        List.of(DELEGATE.id(), CALLER.id()));
  }

  @ParameterizedTest
  @MethodSource("unusualChains")
  void from_chainThatBreaksARule_isSentAsItIs(List<String> chain) {
    ImpersonatedCredentials existing =
        impersonated(builder -> builder.setDelegates(chain).setLifetime(600));
    ImpersonationSettings settings = ImpersonationSettings.from(existing);

    assertThat(settings.source()).isEqualTo(existing);
    assertThat(settings.request()).isEqualTo(AccessTokenRequest.of(Target.self(), CLOUD_PLATFORM));
    assertThat(settings.target()).isEqualTo(Target.self());
  }

  @Test
  void from_chainThatBreaksARule_keepsNoEndpoint() {
    ImpersonatedCredentials existing =
        impersonated(
            builder ->
                builder
                    .setDelegates(List.of(TARGET.id()))
                    .setIamEndpointOverride("https://elsewhere.example/v1/token"));

    assertThat(ImpersonationSettings.from(existing).source())
        .isEqualTo(impersonated(builder -> builder.setDelegates(List.of(TARGET.id()))))
        .isNotEqualTo(existing);
  }

  @Test
  void request_chainThatBreaksARule_isDecidedByTheService() {
    List<String> chain = List.of(TARGET.id());
    try (AdapterWorld lenient =
        new AdapterWorld(
            builder -> builder.binding(TARGET.id(), TOKEN_CREATOR, Member.of(TARGET).id()))) {
      ImpersonatedCredentials existing =
          impersonated(
              builder ->
                  builder
                      .setSourceCredentials(
                          lenient.emulator().googleCredentials(Member.of(CALLER).id()))
                      .setHttpTransportFactory(lenient.emulator().httpTransportFactory())
                      .setDelegates(chain)
                      .setLifetime(600));
      ImpersonationSettings settings = ImpersonationSettings.from(existing);
      Instant now = lenient.emulator().clock().instant();
      try (ShortLivedCredentials credentials =
          ShortLivedCredentials.builder()
              .source(settings.source())
              .endpoints(lenient.emulator().endpoints())
              .build()) {
        assertThat(credentials.issue(settings.request()).expireTime())
            .isBefore(now.plusSeconds(1800)); // Not an hour.
        assertThat(credentials.idToken(settings.target(), "orders").token()).isNotEmpty();
      }
      assertThat(lenient.emulator().calls())
          .hasSize(2)
          .extracting(EmulatorCall::delegates)
          .containsOnly(chain);
    }
  }

  @Test
  void from_withoutScopes_hasATargetButNoRequest() {
    ImpersonationSettings settings =
        ImpersonationSettings.from(impersonated(builder -> builder.setScopes(List.of())));

    assertThat(settings.target()).isEqualTo(TARGET);
    assertThatThrownBy(settings::request)
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid scopes 'none': the impersonated credentials have no scope, and an access token"
                + " needs one. Create the request with AccessTokenRequest.of(settings.target(),"
                + " Scopes.CLOUD_PLATFORM).");
    assertThat(settings).asString().endsWith("request=none]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "me@example.com",
        "projects/-/serviceAccounts/me@example.com",
        "projects/" + PROJECT,
        ""
      })
  void from_accountThatIsNone_refused(String account) {
    assertRefused(
        impersonated(builder -> builder.setTargetPrincipal(account)), "Invalid service account '");
    assertRefused(
        impersonated(builder -> builder.setDelegates(List.of(DELEGATE.id(), account))),
        "Invalid service account '");
  }

  @Test
  @SuppressWarnings("NullAway") // google-auth accepts null.
  void from_noAccount_refused() {
    assertRefused(
        impersonated(builder -> builder.setTargetPrincipal(null)),
        "Invalid service account 'null': it must be an email address");
  }

  @Test
  @SuppressWarnings("NullAway") // google-auth accepts null.
  void from_noSourceCredentials_refused() {
    assertRefused(
        impersonated(builder -> builder.setSourceCredentials(null)),
        "Invalid source credentials 'null': ");
  }

  @Test
  void from_accountInUpperCase_isNotCorrected() {
    assertRefused(
        impersonated(builder -> builder.setTargetPrincipal(TARGET.id().toUpperCase(Locale.ROOT))),
        "Invalid service account 'TARGET@");
  }

  @Test
  void from_malformedScope_refused() {
    assertRefused(
        impersonated(builder -> builder.setScopes(List.of("cloud-platform"))),
        "Invalid scope 'cloud-platform': ");
  }

  @Test
  void from_negativeLifetime_refused() {
    assertRefused(impersonated(builder -> builder.setLifetime(-1)), "Invalid lifetime '");
  }

  @Test
  void from_nullDelegate_refused() {
    List<@Nullable String> delegates = Arrays.asList(DELEGATE.id(), null);
    assertRefused(
        impersonated(builder -> builder.setDelegates(delegates)), "Invalid service account 'null'");
  }

  private static void assertRefused(ImpersonatedCredentials credentials, String message) {
    assertThatThrownBy(() -> ImpersonationSettings.from(credentials))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void toString_sourceWithAToken_revealsNoSecret() throws Exception {
    caller.refresh();

    assertThat(ImpersonationSettings.from(impersonated(builder -> {})))
        .hasToString(
            "ImpersonationSettings[source=AttachedAccountCredentials, target=%s,".formatted(TARGET)
                + " request=%s]".formatted(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM)));
  }
}
