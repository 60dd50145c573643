package io.github.shortlived;

import static io.github.shortlived.AdapterWorld.CALLER;
import static io.github.shortlived.AdapterWorld.CHAIN;
import static io.github.shortlived.AdapterWorld.DELEGATE;
import static io.github.shortlived.AdapterWorld.STRANGER;
import static io.github.shortlived.AdapterWorld.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks google-auth's ImpersonatedCredentials as this library configures them. */
class ImpersonatedCredentialsTest {
  private static final byte[] BLOB = "version: 42".getBytes(UTF_8);

  private final AdapterWorld world = new AdapterWorld();
  // The requested paths, in order.
  private final List<String> paths = new CopyOnWriteArrayList<>();
  private final ShortLivedCredentials key =
      ShortLivedCredentials.builder()
          .keyJson(world.emulator().serviceAccountKey(CALLER.id()))
          .endpoints(world.emulator().endpoints())
          .httpTransportFactory(() -> RecordingHttp.into(paths))
          .build();

  @AfterEach
  void close() {
    key.close();
    world.close();
  }

  private ImpersonatedCredentials impersonated(Target target) {
    return key.impersonatedCredentials(AccessTokenRequest.of(target, CLOUD_PLATFORM));
  }

  @Test
  void refresh_directAndChained_actsAsTheTarget() throws Exception {
    impersonated(CHAIN).refresh();
    assertThat(world.emulator().calls()).last().asString().contains(DELEGATE.id());
    impersonated(TARGET).refresh();
    assertThatThrownBy(() -> impersonated(STRANGER).refresh()).isInstanceOf(IOException.class);
  }

  @Test
  void refresh_manyTargets_fetchesOneSourceToken() throws Exception {
    for (Target target : List.of(TARGET, DELEGATE, CHAIN)) {
      impersonated(target).refresh();
    }
    key.accessToken(TARGET, CLOUD_PLATFORM);
    assertThat(paths).filteredOn("/token"::equals).hasSize(1);
    assertThat(paths).hasSize(5);
  }

  @Test
  void refresh_lifetimeAndQuotaProject_areSent() throws Exception {
    AccessTokenRequest brief =
        AccessTokenRequest.of(TARGET, CLOUD_PLATFORM).lifetime(Duration.ofMinutes(10));
    ImpersonatedCredentials credentials =
        key.impersonatedCredentials(brief).toBuilder().setQuotaProjectId("billing").build();

    assertThat(credentials.getRequestMetadata())
        .containsEntry("x-goog-user-project", List.of("billing"));
    Instant now = world.emulator().clock().instant();
    assertThat(Objects.requireNonNull(credentials.getAccessToken()).getExpirationTime())
        .isBetween(Date.from(now.plusSeconds(500)), Date.from(now.plusSeconds(601)));
  }

  @Test
  void sign_transportToTheEmulator_isSignedByTheTarget() throws Exception {
    try (ShortLivedCredentials led =
        ShortLivedCredentials.builder()
            .source(world.emulator().googleCredentials(Member.of(CALLER).id()))
            .endpoints(world.emulator().endpoints())
            .httpTransportFactory(world.emulator().httpTransportFactory())
            .build()) {
      byte[] signature =
          led.impersonatedCredentials(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM)).sign(BLOB);
      assertThat(world.signed(TARGET, BLOB, signature)).isTrue();
    }
  }

  @Test
  void impersonatedCredentials_self_refused() {
    assertThatThrownBy(() -> impersonated(Target.self()))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("only another service account can be impersonated");
  }

  @Test
  void refresh_keyOfAnotherUniverse_callsNoTokenEndpoint() {
    String elsewhere =
        world
            .emulator()
            .serviceAccountKey(CALLER.id())
            .replace("\"googleapis.com\"", "\"apis.example.fr\"");
    try (ShortLivedCredentials partner =
        ShortLivedCredentials.builder()
            .keyJson(elsewhere)
            .endpoints(world.emulator().endpoints())
            .httpTransportFactory(() -> RecordingHttp.into(paths))
            .build()) {
      ImpersonatedCredentials credentials =
          partner.impersonatedCredentials(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM));
      try {
        credentials.refresh();
      } catch (IOException e) {
        // The emulator may reject such a JWT; this test does not depend on it.
      }
      assertThat(paths).isNotEmpty();
      assertThat(paths.get(0)).endsWith(":generateAccessToken");
    }
  }

  @Test
  void sourceCredentials_ofImpersonation_haveTheSharedTokenAndCannotDelegate() throws Exception {
    GoogleCredentials shared = impersonated(TARGET).getSourceCredentials();
    shared.refresh();

    assertThat(shared.getAccessToken())
        .isNotNull()
        .isEqualTo(key.context().source().scoped().getAccessToken());
    assertThatThrownBy(() -> shared.createDelegated("user@example.com"))
        .isInstanceOf(InvalidRequest.class);
  }

  @Test
  void impersonatedCredentials_withToken_revealNoSecret() throws Exception {
    ImpersonatedCredentials credentials = impersonated(TARGET);
    credentials.refresh();
    String shown = credentials.toString();

    assertThat(shown).doesNotContain("ya29.").contains("SharedSourceCredentials[ServiceAccount");
    assertThat(credentials).isEqualTo(impersonated(TARGET)).isNotEqualTo(impersonated(DELEGATE));
    try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      assertThatThrownBy(() -> out.writeObject(credentials))
          .isInstanceOf(NotSerializableException.class);
    }
  }
}
