package io.github.shortlived;

import static io.github.shortlived.AdapterWorld.CALLER;
import static io.github.shortlived.AdapterWorld.CHAIN;
import static io.github.shortlived.AdapterWorld.STRANGER;
import static io.github.shortlived.AdapterWorld.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.Retryable;
import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.rpc.Code;
import io.github.shortlived.CachedGoogleCredentialsTest.MetadataRecorder;
import io.github.shortlived.internal.failure.MalformedResponseException;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks the GoogleCredentials that the library creates for Google's clients. */
class GoogleCredentialsTest {
  private static final String READ_ONLY = "https://www.googleapis.com/auth/compute.readonly";
  private static final String GENERATE = "generateAccessToken";
  private static final URI ANY = URI.create("https://storage.googleapis.com/");
  private static final byte[] BLOB = "version: 42".getBytes(UTF_8);

  private final AdapterWorld world = new AdapterWorld();
  private final GoogleCredentials google = world.caller().googleCredentials(TARGET, CLOUD_PLATFORM);
  private final GoogleCredentials denied =
      world.caller().googleCredentials(STRANGER, CLOUD_PLATFORM);

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void getRequestMetadata_twice_sendsOneTokenOfTheTarget() throws Exception {
    Map<String, List<String>> first = google.getRequestMetadata(ANY);

    assertThat(first).containsOnlyKeys("Authorization");
    assertThat(first.get("Authorization"))
        .singleElement()
        .satisfies(header -> assertThat(header).startsWith("Bearer ya29."));
    assertThat(google.getRequestMetadata(ANY)).isEqualTo(first);
    assertThat(world.calls(GENERATE)).isOne();
  }

  @Test
  void getRequestMetadata_refused_throwsAnIoExceptionThatNamesTheGrant() {
    assertThatThrownBy(() -> denied.getRequestMetadata(ANY))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("add-iam-policy-binding " + STRANGER)
        .hasCauseInstanceOf(PermissionDenied.class)
        .isInstanceOfSatisfying(
            Retryable.class, failure -> assertThat(failure.isRetryable()).isFalse());
  }

  @Test
  void getRequestMetadata_serviceUnavailable_isRetryable() {
    world.emulator().faults().on(GENERATE).fail(Code.UNAVAILABLE);
    try (ShortLivedCredentials once = withoutRetries()) {
      assertThatThrownBy(() -> once.googleCredentials(TARGET, CLOUD_PLATFORM).refresh())
          .hasCauseInstanceOf(Unavailable.class)
          .isInstanceOfSatisfying(
              Retryable.class, failure -> assertThat(failure.isRetryable()).isTrue());
    }
  }

  private ShortLivedCredentials withoutRetries() {
    return ShortLivedCredentials.builder()
        .source(world.emulator().googleCredentials(Member.of(CALLER).id()))
        .endpoints(world.emulator().endpoints())
        .retryPolicy(RetryPolicy.none())
        .build();
  }

  @Test
  void getRequestMetadata_async_respondsOnTheExecutorOrAtOnce() throws Exception {
    LinkedBlockingQueue<Runnable> executor = new LinkedBlockingQueue<>();
    MetadataRecorder recorder = new MetadataRecorder();
    google.getRequestMetadata(ANY, executor::add, recorder);
    Runnable callback = executor.take();

    assertThat(recorder.headers).isEmpty();
    callback.run();
    assertThat(recorder.next()).containsKey("Authorization");

    google.getRequestMetadata(ANY, executor::add, recorder);
    assertThat(recorder.headers).hasSize(1);
    assertThat(executor).isEmpty();
  }

  @Test
  void getRequestMetadata_asyncRefused_failsTheCallback() throws Exception {
    MetadataRecorder recorder = new MetadataRecorder();
    denied.getRequestMetadata(ANY, Runnable::run, recorder);

    assertThat(recorder.failures.take())
        .isInstanceOf(IOException.class)
        .hasCauseInstanceOf(PermissionDenied.class);
    assertThat(recorder.headers).isEmpty();
    assertThat(world.calls(GENERATE)).isOne();
  }

  @Test
  void getRequestMetadata_chainAndLifetime_areSent() throws Exception {
    GoogleCredentials brief =
        world
            .caller()
            .googleCredentials(
                AccessTokenRequest.of(CHAIN, CLOUD_PLATFORM).lifetime(Duration.ofMinutes(10)));
    brief.refresh();

    Instant now = world.emulator().clock().instant();
    assertThat(currentToken(brief).getExpirationTime())
        .isBetween(Date.from(now.plusSeconds(500)), Date.from(now.plusSeconds(601)));
    assertThat(((ServiceAccountSigner) brief).getAccount()).isEqualTo(TARGET.id());
  }

  private static com.google.auth.oauth2.AccessToken currentToken(GoogleCredentials credentials) {
    return Objects.requireNonNull(credentials.getAccessToken());
  }

  @Test
  void createScoped_otherScopes_requestsThem() throws Exception {
    assertThat(google.createScopedRequired()).isFalse();
    assertThat(google.createScoped(CLOUD_PLATFORM)).isSameAs(google);
    assertThat(google.createScoped(List.of())).isSameAs(google);

    GoogleCredentials narrow = google.createScoped(List.of(READ_ONLY), List.of(CLOUD_PLATFORM));
    assertThat(narrow.toString()).contains(READ_ONLY).doesNotContain(CLOUD_PLATFORM);
    try (ShortLivedCredentials asNarrow = with(narrow)) {
      assertThatThrownBy(() -> asNarrow.signBlob(TARGET, BLOB))
          .hasMessageContaining("insufficient authentication scopes");
    }
    assertThatThrownBy(() -> google.createScoped("no scope")).isInstanceOf(InvalidRequest.class);
  }

  private ShortLivedCredentials with(GoogleCredentials source) {
    return ShortLivedCredentials.builder()
        .source(source)
        .endpoints(world.emulator().endpoints())
        .build();
  }

  @Test
  void createWithQuotaProject_sendsItAndIssuesTokens() throws Exception {
    google.refresh();
    GoogleCredentials charged = google.createWithQuotaProject("billing-project");

    assertThat(charged.getRequestMetadata(ANY))
        .containsEntry("x-goog-user-project", List.of("billing-project"))
        .containsKey("Authorization");
    charged.refresh();
    assertThat(world.calls(GENERATE)).isEqualTo(2);
    assertThat(charged).isInstanceOf(ServiceAccountSigner.class).isNotEqualTo(google);
    assertThat(charged.createScoped(READ_ONLY).getQuotaProjectId()).isEqualTo("billing-project");
  }

  @Test
  void quotaProject_ofTheSource_isUsedForSelfOnly() {
    GoogleCredentials source =
        world.caller().context().source().scoped().createScoped(CLOUD_PLATFORM);
    try (ShortLivedCredentials charged =
        with(new SourceWithQuotaProject(source, "billing-project"))) {
      assertThat(charged.googleCredentials(Target.self(), CLOUD_PLATFORM).getQuotaProjectId())
          .isEqualTo("billing-project");
      assertThat(charged.googleCredentials(TARGET, CLOUD_PLATFORM).getQuotaProjectId()).isNull();
    }
  }

  @Test
  void createDelegated_ofTheSource_doesNotChargeItsQuotaProject() {
    String key =
        world
            .emulator()
            .serviceAccountKey(TARGET.id())
            .replaceFirst("\\{", "{\"quota_project_id\":\"billing-project\",");
    try (ShortLivedCredentials charged =
        ShortLivedCredentials.builder()
            .keyJson(key)
            .endpoints(world.emulator().endpoints())
            .build()) {
      GoogleCredentials self = charged.googleCredentials(Target.self(), CLOUD_PLATFORM);
      assertThat(self.getQuotaProjectId()).isEqualTo("billing-project");
      assertThat(self.createDelegated(AdapterWorld.USER).getQuotaProjectId()).isNull();
      assertThat(
              self.createWithQuotaProject("chosen")
                  .createDelegated(AdapterWorld.USER)
                  .getQuotaProjectId())
          .isEqualTo("chosen");
    }
  }

  @SuppressWarnings("serial")
  private static final class SourceWithQuotaProject extends GoogleCredentials {
    private final GoogleCredentials source;

    SourceWithQuotaProject(GoogleCredentials source, String project) {
      super(GoogleCredentials.newBuilder().setQuotaProjectId(project));
      this.source = source;
    }

    @Override
    public com.google.auth.oauth2.AccessToken refreshAccessToken() throws IOException {
      return source.refreshAccessToken();
    }
  }

  @Test
  void getUniverseDomain_equalsTheOneOfTheSource() throws Exception {
    assertThat(google.getUniverseDomain()).isEqualTo("googleapis.com");
    String key =
        world
            .emulator()
            .serviceAccountKey(CALLER.id())
            .replace("\"googleapis.com\"", "\"apis.example.fr\"");
    try (ShortLivedCredentials elsewhere = ShortLivedCredentials.fromKeyJson(key)) {
      GoogleCredentials partner = elsewhere.googleCredentials(TARGET, CLOUD_PLATFORM);
      assertThat(partner.getUniverseDomain()).isEqualTo("apis.example.fr");
      assertThatThrownBy(() -> partner.createDelegated("user@example.com").refresh())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("domain-wide delegation exists only in Google's own universe");
    }
    assertThatThrownBy(() -> google.toBuilder().setUniverseDomain("apis.example.fr").build())
        .isInstanceOf(InvalidRequest.class);
  }

  @Test
  void toBuilder_optionsOfTheCache_refused() throws Exception {
    google.refresh();
    assertThat(google.toBuilder().build()).isEqualTo(google);
    assertThatThrownBy(() -> google.toBuilder().setAccessToken(currentToken(google)).build())
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid access token")
        .hasMessageNotContaining(currentToken(google).getTokenValue());
    for (GoogleCredentials.Builder builder :
        List.of(google.toBuilder(), google.createDelegated(AdapterWorld.USER).toBuilder())) {
      builder.setRefreshMargin(Duration.ofMinutes(10));
      assertThatThrownBy(builder::build).hasMessageContaining("minimumValidity");
    }
    GoogleCredentials.Builder late = google.toBuilder();
    late.setExpirationMargin(Duration.ofMinutes(1));
    assertThatThrownBy(late::build).hasMessageStartingWith("Invalid margin");
  }

  @Test
  void googleCredentials_callerAmongDelegates_refused() {
    AccessTokenRequest circle =
        AccessTokenRequest.of(DelegationChain.through(CALLER).to(TARGET), CLOUD_PLATFORM);
    try (ShortLivedCredentials key =
        ShortLivedCredentials.fromKeyJson(world.emulator().serviceAccountKey(CALLER.id()))) {
      assertThatThrownBy(() -> key.googleCredentials(circle)).isInstanceOf(InvalidRequest.class);
      assertThatThrownBy(() -> key.impersonatedCredentials(circle))
          .isInstanceOf(InvalidRequest.class);
      assertThatThrownBy(() -> key.idTokenCredentials(circle.target(), "orders"))
          .isInstanceOf(InvalidRequest.class);
    }
  }

  @Test
  void googleCredentials_freshRequest_refused() {
    AccessTokenRequest fresh = AccessTokenRequest.of(TARGET, CLOUD_PLATFORM).fresh();
    assertThatThrownBy(() -> world.caller().googleCredentials(fresh))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("refresh of GoogleCredentials");
  }

  @Test
  void googleCredentials_userAsSource_neitherSignNorIssueIdTokens() throws Exception {
    byte[] login = world.emulator().userCredentials(AdapterWorld.USER).getBytes(UTF_8);
    try (ShortLivedCredentials user =
        with(GoogleCredentials.fromStream(new ByteArrayInputStream(login)))) {
      assertThat(user.googleCredentials(Target.self(), CLOUD_PLATFORM))
          .isNotInstanceOf(ServiceAccountSigner.class)
          .isNotInstanceOf(IdTokenProvider.class);
      assertThat(user.googleCredentials(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(ServiceAccountSigner.class);
      assertThatThrownBy(user.idTokenCredentials(Target.self(), "orders")::refresh)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot issue an ID token");
    }
  }

  @Test
  void sign_granted_verifiesWithThePublishedKey() throws Exception {
    byte[] signature = ((ServiceAccountSigner) google).sign(BLOB);

    assertThat(world.signed(TARGET, BLOB, signature)).isTrue();
    assertThat(world.signed(CALLER, BLOB, signature)).isFalse();
    assertThatThrownBy(() -> ((ServiceAccountSigner) denied).sign(BLOB))
        .isInstanceOf(ServiceAccountSigner.SigningException.class)
        .hasCauseInstanceOf(PermissionDenied.class);
  }

  @Test
  void getAccount_withoutEmail_refused() {
    ServiceAccount unique = ServiceAccount.of("123456789012345678901");
    var signer = (ServiceAccountSigner) world.caller().googleCredentials(unique, CLOUD_PLATFORM);
    assertThatThrownBy(signer::getAccount)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("by its email address");
    var self =
        (ServiceAccountSigner) world.caller().googleCredentials(Target.self(), CLOUD_PLATFORM);
    assertThat(self.getAccount()).isEqualTo(CALLER.id());
  }

  @Test
  void idTokenWithAudience_noAudience_throwsAnIoException() throws Exception {
    IdTokenProvider provider = (IdTokenProvider) google;
    assertThat(provider.idTokenWithAudience("orders", List.of()).getTokenValue()).startsWith("ey");
    assertThatThrownBy(() -> provider.idTokenWithAudience(" ", List.of()))
        .isInstanceOf(IOException.class)
        .hasCauseInstanceOf(InvalidRequest.class);
    assertThatThrownBy(
            () ->
                provider.idTokenWithAudience(
                    "orders", List.of(IdTokenProvider.Option.LICENSES_TRUE)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("LICENSES_TRUE");
  }

  @Test
  void idTokenWithAudience_again_isCachedWhileGoogleAuthAcceptsIt() throws Exception {
    IdTokenProvider provider = (IdTokenProvider) google;
    String first = provider.idTokenWithAudience("orders", List.of()).getTokenValue();
    assertThat(provider.idTokenWithAudience("orders", List.of()).getTokenValue()).isEqualTo(first);

    world.emulator().clock().advance(Duration.ofMinutes(57));
    assertThat(provider.idTokenWithAudience("orders", List.of()).getTokenValue())
        .isNotEqualTo(first);
  }

  @Test
  void isRetryable_malformedResponse_false() {
    CredentialException malformed =
        InternalExceptions.translate(MalformedResponseException.incomplete(), "x");
    assertThat(new IssuanceIOException(malformed).isRetryable()).isFalse();
  }

  @Test
  void equals_sameIssuerRequestAndQuotaProject_true() throws Exception {
    GoogleCredentials same = world.caller().googleCredentials(TARGET, CLOUD_PLATFORM);
    google.refresh();

    assertThat(google).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(google).isNotEqualTo(denied).isNotEqualTo(google.createScoped(READ_ONLY));
    try (ShortLivedCredentials other = world.emulator().credentialsFor(CALLER)) {
      assertThat(google).isNotEqualTo(other.googleCredentials(TARGET, CLOUD_PLATFORM));
    }
  }

  @Test
  void writeObject_withToken_writesNoPartOfIt() throws Exception {
    google.refresh();
    String token = currentToken(google).getTokenValue();
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(written)) {
      assertThatThrownBy(() -> out.writeObject(google))
          .isInstanceOf(NotSerializableException.class);
    }

    assertThat(written.toString(UTF_8)).doesNotContain(token);
    assertThat(google.toString()).doesNotContain(token).contains(TARGET.id());
  }

  @Test
  void refresh_issuerClosed_refused() {
    ShortLivedCredentials closed = world.emulator().credentialsFor(CALLER);
    GoogleCredentials orphan = closed.googleCredentials(TARGET, CLOUD_PLATFORM);
    closed.close();
    assertThatThrownBy(orphan::refresh).isInstanceOf(IllegalStateException.class);
  }
}
