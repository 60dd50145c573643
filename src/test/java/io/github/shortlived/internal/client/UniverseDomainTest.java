package io.github.shortlived.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import io.github.shortlived.FakeHttp;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.TestKeys;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.Scopes;
import java.net.URI;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints of another universe than the source's are refused before any call. */
class UniverseDomainTest {
  private static final String OTHER = "apis.example";

  private final FakeHttp network = new FakeHttp();

  static Stream<Function<Endpoints, Endpoints>> changes() {
    URI google = URI.create("https://psc1.p.googleapis.com");
    return Stream.of(
        of -> of.withIamCredentials(google),
        of -> of.withIamCredentialsGrpc(google),
        of -> of.withIam(google),
        of -> of.withCompute(google),
        of -> of.withOauth2(google),
        of -> of.withSts(google));
  }

  @Test
  void build_endpointsOfAnotherUniverse_namesBoth() {
    assertThatThrownBy(() -> build(key("googleapis.com"), Endpoints.universe(OTHER)))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid endpoint 'https://iamcredentials.apis.example': it belongs to the universe"
                + " apis.example, but the source credentials to googleapis.com. Use"
                + " Endpoints.universe(\"googleapis.com\"), or source credentials of"
                + " apis.example.");
  }

  static Stream<Endpoints> ofAnotherUniverse() {
    Endpoints other = Endpoints.universe(OTHER);
    return Stream.of(
        other.withIamCredentials(URI.create("https://IAMCredentials.APIs.example")),
        other.withIamCredentials(URI.create("https://iamcredentials.apis.example.")),
        other.withIam(URI.create("https://iam.apis.example:443")));
  }

  @ParameterizedTest
  @MethodSource("ofAnotherUniverse")
  void build_endpointsOfAnotherUniverseInAnotherSpelling_refused(Endpoints endpoints) {
    assertThatThrownBy(() -> build(key("googleapis.com"), endpoints))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageContaining(
            "it belongs to the universe apis.example, but the source credentials to"
                + " googleapis.com");
  }

  @Test
  void build_hostOfGoogleInAnotherSpelling_refusedForAnotherUniverse() {
    Endpoints mixed = Endpoints.universe(OTHER).withIam(URI.create("https://IAM.GoogleAPIs.com."));

    assertThatThrownBy(() -> build(key(OTHER), mixed))
        .hasMessageContaining("it belongs to the universe googleapis.com");
  }

  @ParameterizedTest
  @MethodSource("changes")
  void build_oneEndpointOfGoogle_refusedForAnotherUniverse(Function<Endpoints, Endpoints> change) {
    Endpoints mixed = change.apply(Endpoints.universe(OTHER));

    assertThatThrownBy(() -> build(key(OTHER), mixed))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageContaining(
            "it belongs to the universe googleapis.com, but the source credentials to "
                + OTHER
                + ". Use Endpoints.universe(\"apis.example\"), ");
    assertThat(network.requests()).isEmpty();
  }

  @Test
  void build_impersonatingSource_hasTheUniverseInside() throws Exception {
    GoogleCredentials impersonated =
        ImpersonatedCredentials.newBuilder()
            .setSourceCredentials(key(OTHER))
            .setTargetPrincipal("a@p.iam.gserviceaccount.com")
            .setScopes(List.of(Scopes.CLOUD_PLATFORM))
            .build();

    build(impersonated, Endpoints.universe(OTHER));
    assertThatThrownBy(() -> build(impersonated, Endpoints.google()))
        .hasMessageContaining("universe googleapis.com, but the source credentials to " + OTHER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://iamcredentials.googleapis.com",
        "https://iamcredentials.us-east1.rep.googleapis.com",
        "https://iamcredentials-psc1.p.googleapis.com",
        "https://iamcredentials.googleapis.com.",
        "https://IAMCredentials.GoogleAPIs.com:443",
        "https://iam.corp.example",
        "https://iamcredentials.corp.example",
        "https://proxy.example:8443",
        "http://127.0.0.1:8080"
      })
  void build_endpointThatNamesNoOtherUniverse_accepted(String endpoint) {
    Endpoints endpoints = Endpoints.google().withIamCredentials(URI.create(endpoint));

    build(key("googleapis.com"), endpoints);
  }

  @Test
  void build_onComputeEngine_acceptsAllWithoutACall() {
    GoogleCredentials engine =
        ComputeEngineCredentials.newBuilder().setHttpTransportFactory(network).build();

    build(engine, Endpoints.universe(OTHER));
    assertThat(network.requests()).isEmpty();
  }

  private GoogleCredentials key(String universe) {
    return TestKeys.unnamed(network).setUniverseDomain(universe).build();
  }

  private static void build(GoogleCredentials source, Endpoints endpoints) {
    ShortLivedCredentials.builder().source(source).endpoints(endpoints).build().close();
  }
}
