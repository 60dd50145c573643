package io.github.shortlived.model;

import static com.google.common.base.CaseFormat.LOWER_CAMEL;
import static com.google.common.base.CaseFormat.UPPER_CAMEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointsTest {
  private static final URI ELSEWHERE = URI.create("https://elsewhere.example.com:8443");

  @Test
  void google_endpoints_areTheDocumentedHosts() {
    assertThat(Endpoints.google())
        .isEqualTo(
            new Endpoints(
                URI.create("https://iamcredentials.googleapis.com"),
                URI.create("https://iamcredentials.googleapis.com"),
                URI.create("https://iam.googleapis.com"),
                URI.create("https://compute.googleapis.com"),
                URI.create("https://oauth2.googleapis.com"),
                URI.create("https://sts.googleapis.com"),
                URI.create("https://www.googleapis.com"),
                URI.create("https://www.gstatic.com")));
  }

  @Test
  void universe_domain_isInEveryEndpoint() {
    assertThat(Endpoints.universe("cloud.example"))
        .isEqualTo(
            new Endpoints(
                URI.create("https://iamcredentials.cloud.example"),
                URI.create("https://iamcredentials.cloud.example"),
                URI.create("https://iam.cloud.example"),
                URI.create("https://compute.cloud.example"),
                URI.create("https://oauth2.cloud.example"),
                URI.create("https://sts.cloud.example"),
                URI.create("https://www.cloud.example"),
                URI.create("https://www.gstatic.com")));
  }

  @Test
  void of_servers_areTheEndpointsOfTheirServices() {
    URI http = URI.create("http://127.0.0.1:8080");
    URI grpc = URI.create("http://127.0.0.1:9090");

    assertThat(Endpoints.of(http, grpc))
        .isEqualTo(new Endpoints(http, grpc, grpc, http, http, http, http, http));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "com", "evil.example/x", "a@evil.example", "evil.example:80", "A.B"})
  void universe_noDomain_refused(String domain) {
    assertThatThrownBy(() -> Endpoints.universe(domain))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid universe domain '%s': it must be a domain name. For Google Cloud it is"
                + " googleapis.com.",
            domain);
  }

  @Test
  void withIamCredentials_endpoint_servesBothTransports() {
    Endpoints google = Endpoints.google();

    assertThat(google.withIamCredentials(ELSEWHERE))
        .isEqualTo(
            new Endpoints(
                ELSEWHERE,
                ELSEWHERE,
                google.iam(),
                google.compute(),
                google.oauth2(),
                google.sts(),
                google.publishedKeys(),
                google.iapKeys()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "iamCredentialsGrpc",
        "iam",
        "compute",
        "oauth2",
        "sts",
        "publishedKeys",
        "iapKeys"
      })
  void with_endpoint_changesOnlyThat(String name) throws Exception {
    Endpoints google = Endpoints.google();
    String method = "with" + LOWER_CAMEL.to(UPPER_CAMEL, name);

    Object changed = Endpoints.class.getMethod(method, URI.class).invoke(google, ELSEWHERE);

    for (RecordComponent component : Endpoints.class.getRecordComponents()) {
      Method endpoint = component.getAccessor();
      assertThat(endpoint.invoke(changed))
          .isEqualTo(component.getName().equals(name) ? ELSEWHERE : endpoint.invoke(google));
    }
  }

  @Test
  void withKeys_notHttps_refused() {
    URI insecure = URI.create("http://keys.example.com");
    String rule =
        "Invalid endpoint 'http://keys.example.com': keys are read only over https (http only from"
            + " 127.0.0.1). Write https://HOST or https://HOST:PORT.";
    assertThatThrownBy(() -> Endpoints.google().withPublishedKeys(insecure)).hasMessage(rule);
    assertThatThrownBy(() -> Endpoints.google().withIapKeys(insecure)).hasMessage(rule);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8080",
        "http://127.0.0.2",
        "http://localhost",
        "http://[::1]:1",
        "https://[2::1]"
      })
  void withIam_httpsOrLoopback_accepted(URI endpoint) {
    assertThat(Endpoints.google().withIam(endpoint).iam()).isEqualTo(endpoint);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://iam.googleapis.com",
        "http://127.0.0.1.evil.example",
        "http://128.0.0.1",
        "http://127.0.0.02",
        "http://127.1",
        "http://0.0.0.0:8080",
        "ftp://127.0.0.1",
        "https:///",
        "https:iam.googleapis.com",
        "iam.googleapis.com:443",
        "//iam.googleapis.com"
      })
  void withIam_notHttps_refused(URI endpoint) {
    assertThatThrownBy(() -> Endpoints.google().withIam(endpoint))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid endpoint '%s': bearer tokens are sent only over https (http only to "
                + "127.0.0.1). Write https://HOST or https://HOST:PORT.",
            endpoint);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://iam.googleapis.com/",
        "https://iam.googleapis.com/v1",
        "https://iam.googleapis.com:",
        "https://iam.googleapis.com:0",
        "https://iam.googleapis.com:99999"
      })
  void withIam_path_refused(URI endpoint) {
    assertThatThrownBy(() -> Endpoints.google().withIam(endpoint))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid endpoint '%s': it must be a scheme, a host and a port from 1 to 65535, without a path. Write https://HOST or https://HOST:PORT.",
            endpoint);
  }

  @ParameterizedTest
  @CsvSource({
    "https://user:hidden@iam.googleapis.com, https://…@iam.googleapis.com",
    "https://hidden@iam.googleapis.com, https://…@iam.googleapis.com",
    "http://user:hidden@iam.googleapis.com, http://…@iam.googleapis.com",
    "https://user:hidden@not_a_host, https://…@not_a_host",
    "https:user:hidden@iam.googleapis.com, https:…@iam.googleapis.com",
    "https://iam.googleapis.com?key=hidden, https://iam.googleapis.com?…",
    "https://iam.googleapis.com#hidden, https://iam.googleapis.com?…",
    "https://iam.googleapis.com?user=me@example.com&key=hidden, https://…",
    "https://me:hidden?hidden@iam.googleapis.com, https://…"
  })
  void withIam_secretInTheUri_refusedWithoutRepeatingIt(URI endpoint, String shown) {
    assertThatThrownBy(() -> Endpoints.google().withIam(endpoint))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith("Invalid endpoint '" + shown + "': ")
        .hasMessageNotContaining("hidden");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void new_oneInsecureEndpoint_refused(int insecure) {
    URI[] u = new URI[8];
    Arrays.fill(u, ELSEWHERE);
    u[insecure] = URI.create("http://elsewhere.example.com");

    assertThatThrownBy(() -> new Endpoints(u[0], u[1], u[2], u[3], u[4], u[5], u[6], u[7]))
        .isInstanceOf(CredentialException.InvalidRequest.class);
  }

  @Test
  void universe_anyLength_needsNoDeepStack() {
    String domain = "a" + ".a".repeat(100_000);
    assertThat(Endpoints.universe(domain).iam()).hasHost("iam." + domain);
    assertThatThrownBy(() -> Endpoints.universe(domain + "."))
        .isInstanceOf(CredentialException.InvalidRequest.class);
  }
}
