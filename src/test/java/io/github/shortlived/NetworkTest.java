package io.github.shortlived;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.LoopbackNetwork.Proxy;
import io.github.shortlived.LoopbackNetwork.Service;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.internal.client.UserAgent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Checks proxies, trust, endpoints and headers, over real connections on this machine. */
@Isolated("System properties decide for the whole JVM which proxy is used")
class NetworkTest {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final String PRIVATE_ENDPOINT = "iamcredentials-psc1.p.googleapis.com";

  private final LoopbackNetwork network = new LoopbackNetwork();
  private final Path folder;

  NetworkTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void close() throws Exception {
    network.close();
  }

  @Test
  void trust_unknownCertificate_refusedWithoutRetry() throws Exception {
    Service service =
        network.https(
            IamJson.accessToken("issued"), LoopbackNetwork.certificate(folder, "ip:127.0.0.1"));

    try (ShortLivedCredentials credentials =
        builder(service.address()).retryPolicy(RetryPolicy.standard()).build()) {
      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.Unavailable.class)
          .hasMessageContaining("unable to find valid certification path");
    }
    assertThat(service.received()).isEmpty();
  }

  @Test
  void trust_unknownCertificateOverGrpc_refusedWithoutRetry() throws Exception {
    Service service =
        network.https(
            IamJson.accessToken("issued"), LoopbackNetwork.certificate(folder, "ip:127.0.0.1"));

    try (ShortLivedCredentials credentials =
        builder(service.address()).grpc().retryPolicy(RetryPolicy.standard()).build()) {
      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.Unavailable.class)
          .hasMessageContaining("unable to find valid certification path")
          .hasMessageContaining("Given up after 1 attempt");
    }
  }

  @Test
  void trust_certificateInTheTransportsTrustStore_accepted() throws Exception {
    KeyStore certificate = LoopbackNetwork.certificate(folder, "ip:127.0.0.1");
    Service service = network.https(IamJson.accessToken("issued"), certificate);

    try (ShortLivedCredentials credentials =
        builder(service.address())
            .httpTransportFactory(
                transport(new NetHttpTransport.Builder().trustCertificates(certificate)))
            .build()) {
      assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM).token()).isEqualTo("issued");
    }
  }

  @Test
  void proxy_ofTheTransport_connectsToThePrivateEndpoint() throws Exception {
    KeyStore certificate = LoopbackNetwork.certificate(folder, "dns:" + PRIVATE_ENDPOINT);
    Service service = network.https(IamJson.accessToken("issued"), certificate);
    Proxy proxy = network.proxyTo(service);

    try (ShortLivedCredentials credentials =
        builder(PRIVATE_ENDPOINT)
            .httpTransportFactory(
                transport(
                    new NetHttpTransport.Builder()
                        .trustCertificates(certificate)
                        .setProxy(new java.net.Proxy(java.net.Proxy.Type.HTTP, proxy.address()))))
            .build()) {
      assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM).token()).isEqualTo("issued");
    }

    assertThat(proxy.connectLines())
        .containsExactly("CONNECT " + PRIVATE_ENDPOINT + ":443 HTTP/1.1");
    assertThat(service.received()).hasSize(1);
    assertThat(service.received().get(0).host()).isEqualTo(PRIVATE_ENDPOINT);
  }

  @Test
  void proxy_ofSystemProperties_isUsedForHttpJson() throws Exception {
    KeyStore certificate = LoopbackNetwork.certificate(folder, "dns:" + PRIVATE_ENDPOINT);
    Proxy proxy = network.proxyTo(network.https(IamJson.accessToken("issued"), certificate));

    withSystemProxy(
        proxy,
        () -> {
          try (ShortLivedCredentials credentials =
              builder(PRIVATE_ENDPOINT)
                  .httpTransportFactory(
                      transport(new NetHttpTransport.Builder().trustCertificates(certificate)))
                  .build()) {
            assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM).token()).isEqualTo("issued");
          }
        });

    assertThat(proxy.connectLines())
        .containsExactly("CONNECT " + PRIVATE_ENDPOINT + ":443 HTTP/1.1");
  }

  @Test
  void proxy_ofSystemProperties_isUsedForGrpc() throws Exception {
    Proxy proxy = network.proxyToNowhere();

    withSystemProxy(
        proxy,
        () -> {
          try (ShortLivedCredentials credentials = builder(PRIVATE_ENDPOINT).grpc().build()) {
            assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
                .isInstanceOf(CredentialException.Unavailable.class);
          }
        });

    assertThat(proxy.connectLines()).contains("CONNECT " + PRIVATE_ENDPOINT + ":443 HTTP/1.1");
  }

  @Test
  void proxyAndTrust_ofSystemProperties_areUsedForGrpc() throws Exception {
    KeyStore certificate = LoopbackNetwork.certificate(folder, "dns:" + PRIVATE_ENDPOINT);
    try (GrpcRecorder recorder = GrpcRecorder.start(LoopbackNetwork.keys(certificate))) {
      Proxy proxy = network.proxyTo(recorder.port());
      withSystemProxy(
          proxy,
          () ->
              withProperties(
                  LoopbackNetwork.trustStore(folder),
                  () -> {
                    try (ShortLivedCredentials credentials =
                        builder(PRIVATE_ENDPOINT).grpc().build()) {
                      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
                          .isInstanceOf(CredentialException.InvalidRequest.class)
                          .hasMessageContaining("UNIMPLEMENTED"); // The server has no methods.
                    }
                  }));
      assertThat(proxy.connectLines())
          .containsExactly("CONNECT " + PRIVATE_ENDPOINT + ":443 HTTP/1.1");
      assertThat(recorder.calls()).hasSize(1);
    }
  }

  @Test
  void proxy_passwordRequired_isReportedWithoutRetry() throws Exception {
    for (boolean grpc : new boolean[] {false, true}) {
      Proxy proxy = network.proxyRefusing("407 Proxy Authentication Required");
      withSystemProxy(
          proxy,
          () -> {
            ShortLivedCredentials.Builder builder =
                builder(PRIVATE_ENDPOINT).retryPolicy(RetryPolicy.standard());
            try (ShortLivedCredentials credentials = (grpc ? builder.grpc() : builder).build()) {
              assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
                  .isInstanceOfSatisfying(
                      CredentialException.Unavailable.class,
                      failure -> assertThat(failure.httpStatus()).hasValue(407))
                  .hasMessageContaining("407 Proxy Authentication Required");
            }
          });
      assertThat(proxy.connectLines()).hasSize(1);
    }
  }

  @Test
  void proxy_ofSystemProperties_isUsedForPolicies() throws Exception {
    Proxy proxy = network.proxyToNowhere();

    withSystemProxy(
        proxy,
        () -> {
          try (ShortLivedCredentials credentials = builder(PRIVATE_ENDPOINT).build();
              AccessAudit audit = AccessAudit.using(credentials)) {
            assertThatThrownBy(() -> audit.audit(TARGET))
                .isInstanceOf(CredentialException.Unavailable.class);
          }
        });

    assertThat(proxy.connectLines()).contains("CONNECT iam.googleapis.com:443 HTTP/1.1");
  }

  @Test
  void headers_overHttpJson_nameTheLibraryAndTheQuotaProject() throws Exception {
    Service service = network.http(IamJson.accessToken("issued"));

    try (ShortLivedCredentials credentials = plain(service.port()).build()) {
      credentials.accessToken(TARGET, CLOUD_PLATFORM);
    }

    assertThat(service.received()).hasSize(1);
    assertNamed(service.received().get(0).headers().get("User-Agent"));
    assertThat(service.received().get(0).headers().get("X-Goog-User-Project"))
        .containsExactly("quota-project");
    assertThat(service.received().get(0).headers().getFirst("X-Goog-Api-Client"))
        .contains("cred-type/imp");
  }

  @Test
  void headers_overGrpc_nameTheLibraryAndTheQuotaProject() throws Exception {
    try (GrpcRecorder recorder = GrpcRecorder.start()) {
      try (ShortLivedCredentials credentials = plain(recorder.port()).grpc().build()) {
        assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
            .isInstanceOf(CredentialException.class);
      }

      assertRecorded(recorder, "google.iam.credentials.v1.IAMCredentials/GenerateAccessToken");
    }
  }

  @Test
  void headers_ofPolicies_nameTheLibraryAndTheQuotaProject() throws Exception {
    try (GrpcRecorder recorder = GrpcRecorder.start()) {
      try (ShortLivedCredentials credentials = plain(recorder.port()).build();
          Grants grants = Grants.using(credentials)) {
        assertThatThrownBy(
                () ->
                    grants.plan(
                        CrossAccountGrant.tokenCreator(Member.of("user:a@example.com")).on(TARGET)))
            .isInstanceOf(CredentialException.class);
      }

      assertRecorded(recorder, "google.iam.admin.v1.IAM/GetIamPolicy");
    }
  }

  @Test
  void headers_ofInstances_nameTheLibraryAndForSelfTheQuotaProject() throws Exception {
    Service service = network.http("{}");

    try (ShortLivedCredentials credentials = plain(service.port()).build();
        ComputeInstances compute = ComputeInstances.using(credentials, Target.self())) {
      assertThat(compute.list("project", "zone")).isEmpty();
    }

    assertNamed(service.received().get(0).headers().get("User-Agent"));
    assertThat(service.received().get(0).headers().get("X-Goog-User-Project"))
        .containsExactly("quota-project");
  }

  @Test
  void headers_ofDomainWideDelegation_nameTheLibrary() throws Exception {
    Service service =
        network.http(
            "{\"keyId\":\"1\",\"signedJwt\":\"a.b.c\",\"access_token\":\"issued\",\"expires_in\":3599}");

    try (ShortLivedCredentials credentials = plain(service.port()).build()) {
      GoogleCredentials delegated =
          credentials.googleCredentials(TARGET, CLOUD_PLATFORM).createDelegated("a@example.com");
      assertThat(delegated.refreshAccessToken().getTokenValue()).isEqualTo("issued");
    }

    assertThat(service.received())
        .extracting(LoopbackNetwork.ReceivedRequest::path)
        .last()
        .isEqualTo("/token");
    assertThat(service.received())
        .hasSize(2)
        .allSatisfy(request -> assertNamed(request.headers().get("User-Agent")));
  }

  @Test
  void quotaProject_ofAKey_isSentOnce() throws Exception {
    Service service = network.http(IamJson.accessToken("issued"));
    FakeHttp oauth = new FakeHttp().respond(200, IamJson.oauthToken("source"));
    GoogleCredentials key = TestKeys.source(oauth).createWithQuotaProject("quota-project");

    try (ShortLivedCredentials credentials = plain(service.port(), key).build()) {
      credentials.accessToken(TARGET, CLOUD_PLATFORM);
    }

    assertThat(service.received().get(0).headers().get("X-Goog-User-Project"))
        .containsExactly("quota-project");
  }

  @Test
  void quotaProject_none_isNotSent() throws Exception {
    Service service = network.http(IamJson.accessToken("issued"));
    FakeHttp oauth = new FakeHttp().respond(200, IamJson.oauthToken("source"));

    try (ShortLivedCredentials credentials =
        plain(service.port(), TestKeys.source(oauth)).build()) {
      credentials.accessToken(TARGET, CLOUD_PLATFORM);
    }

    assertThat(service.received().get(0).headers()).doesNotContainKey("X-Goog-User-Project");
  }

  @Test
  void quotaProject_ofAdapters_isTheSourcesForSelfOnly() throws Exception {
    Service service = network.http(IamJson.accessToken("issued"));

    try (ShortLivedCredentials credentials = plain(service.port()).build()) {
      assertThat(credentials.googleCredentials(Target.self(), CLOUD_PLATFORM).getRequestMetadata())
          .containsEntry("x-goog-user-project", List.of("quota-project"));
      assertThat(credentials.googleCredentials(TARGET, CLOUD_PLATFORM).getRequestMetadata())
          .doesNotContainKey("x-goog-user-project");
    }

    // The source itself sends the request for the token.
    assertThat(service.received().get(0).headers().get("X-Goog-User-Project"))
        .containsExactly("quota-project");
  }

  private static void assertNamed(@Nullable List<String> userAgent) {
    assertThat(userAgent).singleElement().asString().startsWith(UserAgent.TEXT + " ");
  }

  private static void assertRecorded(GrpcRecorder recorder, String method) {
    assertThat(recorder.calls())
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.method()).isEqualTo(method);
              assertThat(call.header("user-agent")).startsWith(UserAgent.TEXT + " grpc-java");
              assertThat(call.header("x-goog-user-project")).isEqualTo("quota-project");
              assertThat(call.header("authorization")).isEqualTo("Bearer source");
              assertThat(call.header("x-goog-api-client")).contains("gapic/");
            });
  }

  /** Returns a builder with all endpoints at this port, without TLS. */
  private static ShortLivedCredentials.Builder plain(int port) {
    return plain(port, source());
  }

  private static ShortLivedCredentials.Builder plain(int port, GoogleCredentials source) {
    URI endpoint = URI.create("http://127.0.0.1:" + port);
    return ShortLivedCredentials.builder()
        .source(source)
        .retryPolicy(RetryPolicy.none())
        .endpoints(Endpoints.of(endpoint, endpoint));
  }

  private static ShortLivedCredentials.Builder builder(String authority) {
    return ShortLivedCredentials.builder()
        .source(source())
        .retryPolicy(RetryPolicy.none())
        .endpoints(Endpoints.google().withIamCredentials(URI.create("https://" + authority)));
  }

  private static GoogleCredentials source() {
    Instant expiry = Instant.parse("2100-01-01T00:00:00Z");
    return GoogleCredentials.newBuilder()
        .setAccessToken(new AccessToken("source", Date.from(expiry)))
        .setQuotaProjectId("quota-project")
        .build();
  }

  private static HttpTransportFactory transport(NetHttpTransport.Builder transport) {
    return transport::build;
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void withSystemProxy(Proxy proxy, Work work) throws Exception {
    withProperties(
        Map.of("https.proxyHost", "127.0.0.1", "https.proxyPort", String.valueOf(proxy.port())),
        work);
  }

  private static void withProperties(Map<String, String> properties, Work work) throws Exception {
    properties.forEach(System::setProperty);
    try {
      work.run();
    } finally {
      properties.keySet().forEach(System::clearProperty);
    }
  }
}
