package io.github.shortlived;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.testing.http.MockLowLevelHttpRequest;
import com.google.api.client.testing.http.MockLowLevelHttpResponse;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.gson.JsonObject;
import io.github.shortlived.config.CredentialConfigPolicy;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each HTTP transport that the factory creates is shut down, after the last of its users. */
class SourceTransportShutdownTest {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final String KEY = key();

  private final List<Recorded> transports = new CopyOnWriteArrayList<>();

  /** Refuses requests after its shutdown, like a transport with a connection pool. */
  private static final class Recorded extends HttpTransport {
    private volatile boolean shutdown;

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
      if (shutdown) {
        throw new IllegalStateException("Connection pool shut down");
      }
      String json =
          url.endsWith("/token") ? IamJson.oauthToken("source", 1) : IamJson.accessToken("issued");
      return new MockLowLevelHttpRequest(url)
          .setResponse(
              new MockLowLevelHttpResponse().setContentType("application/json").setContent(json));
    }

    @Override
    public void shutdown() {
      shutdown = true;
    }

    @Override
    public boolean isShutdown() {
      return shutdown;
    }
  }

  private HttpTransport create() {
    Recorded created = new Recorded();
    transports.add(created);
    return created;
  }

  static Stream<UnaryOperator<ShortLivedCredentials.Builder>> sources() {
    return Stream.of(
        builder -> builder.keyJson(KEY),
        builder -> builder.configuration(KEY, CredentialConfigPolicy.googleOnly()));
  }

  private ShortLivedCredentials.Builder builder(
      UnaryOperator<ShortLivedCredentials.Builder> source) {
    return source.apply(
        ShortLivedCredentials.builder()
            .httpTransportFactory(this::create)
            .retryPolicy(RetryPolicy.none())
            .endpoints(Endpoints.google().withIam(URI.create("http://127.0.0.1:1"))));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void close_afterManySourceTokens_shutsDownTheirOneTransport(
      UnaryOperator<ShortLivedCredentials.Builder> source) {
    try (ShortLivedCredentials credentials = builder(source).build()) {
      for (int i = 0; i < 5; i++) { // Each needs another source token.
        credentials.issue(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM).fresh());
        credentials.issue(AccessTokenRequest.of(Target.self(), CLOUD_PLATFORM).fresh());
      }
      assertThat(transports).hasSize(2).noneMatch(Recorded::isShutdown); // The source's and IAM's.
    }
    assertThat(transports).hasSize(2).allMatch(Recorded::isShutdown);
  }

  @ParameterizedTest
  @MethodSource("sources")
  void close_grantsStillOpen_shutsDownWithTheGrants(
      UnaryOperator<ShortLivedCredentials.Builder> source) {
    ShortLivedCredentials credentials = builder(source).build();
    Grants grants = Grants.using(credentials);
    fetchSourceToken(grants);
    credentials.close();
    assertThat(transports).hasSize(1).noneMatch(Recorded::isShutdown);
    fetchSourceToken(grants);
    grants.close();
    grants.close();
    assertThat(transports).hasSize(1).allMatch(Recorded::isShutdown);
  }

  @Test
  void close_grantsClosedFirst_leavesTheCredentialsOpen() {
    try (ShortLivedCredentials credentials = builder(b -> b.keyJson(KEY)).build()) {
      Grants grants = Grants.using(credentials);
      fetchSourceToken(grants);
      grants.close();
      grants.close();
      credentials.accessToken(Target.self(), CLOUD_PLATFORM);
      assertThat(transports).noneMatch(Recorded::isShutdown);
    }
    assertThat(transports).hasSize(1).allMatch(Recorded::isShutdown);
  }

  @Test
  void impersonatedCredentials_afterClose_haveTransportsOfTheirOwn() throws Exception {
    ImpersonatedCredentials impersonated;
    try (ShortLivedCredentials credentials = builder(b -> b.keyJson(KEY)).build()) {
      impersonated =
          credentials.impersonatedCredentials(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM));
      impersonated.refresh();
    }
    impersonated.refresh();

    assertThat(impersonated.getAccessToken()).isNotNull();
  }

  @Test
  void build_refused_shutsDownWhatItCreated() {
    Endpoints other = Endpoints.universe("apis.example");

    assertThatThrownBy(() -> builder(b -> b.keyJson(KEY)).endpoints(other).build())
        .isInstanceOf(CredentialException.InvalidRequest.class);
    assertThat(transports).allMatch(Recorded::isShutdown);
  }

  /** The call itself cannot succeed, because nothing listens at its endpoint. */
  private static void fetchSourceToken(Grants grants) {
    assertThatThrownBy(() -> grants.plan(CrossAccountGrant.tokenCreator(TARGET).on(TARGET)))
        .isInstanceOf(CredentialException.class)
        .hasMessageNotContaining("source credentials");
  }

  private static String key() {
    JsonObject key = TestKeys.json();
    key.addProperty("token_uri", "https://oauth2.googleapis.com/token");
    return key.toString();
  }
}
