package io.github.shortlived.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.HttpResponseException;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.BigQueryOptions;
import com.sun.net.httpserver.HttpServer;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.EmulatorCall;
import io.github.shortlived.testing.junit.CallingAs;
import io.github.shortlived.testing.junit.IamEmulatorExtension;
import io.github.shortlived.verify.TokenVerification;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs the samples that call or are a service, on the emulator and a service of this test. */
class ServiceSamplesTest {
  private static final String TOKEN_CREATOR = "roles/iam.serviceAccountTokenCreator";
  private static final ServiceAccount DEPLOYER = account("deployer");
  private static final ServiceAccount OTHER = account("other");
  private static final String RESULT =
      """
      {"kind": "bigquery#queryResponse", "jobComplete": true, "totalRows": "1",
       "jobReference": {"projectId": "my-project", "jobId": "job-1"},
       "schema": {"fields": [{"name": "f0_", "type": "INTEGER"}]}, "rows": [{"f": [{"v": "42"}]}]}
      """;

  @RegisterExtension
  static final IamEmulatorExtension iam =
      IamEmulatorExtension.create(
          world ->
              world
                  .serviceAccount(account("caller").id())
                  .serviceAccount(DEPLOYER.id())
                  .serviceAccount(OTHER.id())
                  .serviceAccount(account("stranger").id())
                  .binding(DEPLOYER.id(), TOKEN_CREATOR, "serviceAccount:" + account("caller"))
                  .binding(OTHER.id(), TOKEN_CREATOR, "serviceAccount:" + account("caller")));

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream console = System.out;
  private final List<String> received = new ArrayList<>();
  private HttpServer server;
  private URI url;

  private static ServiceAccount account(String name) {
    return ServiceAccount.of(name + "@my-project.iam.gserviceaccount.com");
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    System.setOut(new PrintStream(printed, true, UTF_8));
  }

  @AfterEach
  void stop() {
    System.setOut(console);
    server.stop(0);
  }

  private String output() {
    return printed.toString(UTF_8);
  }

  /** Responds to each request with this text, and records its token. */
  private void respond(int status, String text) {
    server.createContext(
        "/",
        exchange -> {
          String authorization = exchange.getRequestHeaders().getFirst("Authorization");
          received.add(authorization.replaceFirst("^Bearer ", ""));
          byte[] body = text.getBytes(UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  private static String body(HttpRequest request) throws Exception {
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }

  @Test
  void cloudRunSamples_allowedAccount_receiverAcceptsTheCaller(
      @CallingAs("caller") ShortLivedCredentials credentials) throws Exception {
    CloudRunReceiverSample.run(server, iam.tokenVerification(), url.toString(), DEPLOYER);
    CloudRunCallerSample.run(credentials, DEPLOYER, url);
    assertThat(output()).isEqualTo("200 Hello%n".formatted());
  }

  @Test
  void cloudRunSamples_anotherAccount_receiverForbids(
      @CallingAs("caller") ShortLivedCredentials credentials) throws Exception {
    CloudRunReceiverSample.run(server, iam.tokenVerification(), url.toString(), DEPLOYER);
    CloudRunCallerSample.run(credentials, OTHER, url);
    assertThat(output()).isEqualTo("403 Refused%n".formatted());
  }

  @Test
  void cloudRunSamples_tokenForAnotherService_receiverRefuses(
      @CallingAs("caller") ShortLivedCredentials credentials) throws Exception {
    CloudRunReceiverSample.run(server, iam.tokenVerification(), "https://orders", DEPLOYER);
    CloudRunCallerSample.run(credentials, DEPLOYER, url);
    assertThat(output()).contains("aud").endsWith("401 Refused%n".formatted());
  }

  @Test
  void cloudRunReceiverSample_noToken_refuses() throws Exception {
    CloudRunReceiverSample.run(server, iam.tokenVerification(), url.toString(), DEPLOYER);
    assertThat(body(HttpRequest.newBuilder(url).build())).isEqualTo("Refused");
  }

  @Test
  void iapSample_granted_sendsTheTokenOfTheAccountForTheClient(
      @CallingAs("caller") ShortLivedCredentials credentials) throws Exception {
    respond(200, "welcome");
    IapSample.run(credentials, DEPLOYER, "123-abc.apps.googleusercontent.com", url.toString());
    assertThat(output()).isEqualTo("welcome%n".formatted());
    TokenVerification verification = iam.tokenVerification();
    assertThat(
            verification
                .verifyIdToken(received.get(0), "123-abc.apps.googleusercontent.com")
                .email())
        .contains(DEPLOYER.id());
  }

  @Test
  void iapSample_refused_throws(@CallingAs("caller") ShortLivedCredentials credentials) {
    respond(403, "no");
    assertThatThrownBy(() -> IapSample.run(credentials, DEPLOYER, "client", url.toString()))
        .isInstanceOf(HttpResponseException.class)
        .hasMessageContaining("403");
  }

  private BigQueryOptions.Builder bigQuery() {
    return BigQueryOptions.newBuilder().setHost(url.toString());
  }

  @Test
  void bigQuerySample_granted_queriesWithATokenOfTheAccount(
      @CallingAs("caller") ShortLivedCredentials credentials) throws Exception {
    respond(200, RESULT);
    BigQuerySample.run(credentials, DEPLOYER, bigQuery(), "my-project", "shop.orders");
    assertThat(output()).isEqualTo("42%n".formatted());
    URI tokenInfo =
        iam.emulator().httpEndpoint().resolve("/tokeninfo?access_token=" + received.get(0));
    assertThat(body(HttpRequest.newBuilder(tokenInfo).build()))
        .contains("\"scope\":\"https://www.googleapis.com/auth/bigquery\"");
    assertThat(iam.emulator().calls())
        .filteredOn(call -> call.method().equals("generateAccessToken"))
        .singleElement()
        .extracting(EmulatorCall::resource)
        .asString()
        .contains(DEPLOYER.id());
  }

  @Test
  void bigQuerySample_withoutGrant_sendsNothingAndNamesTheGrant(
      @CallingAs("stranger") ShortLivedCredentials credentials) {
    respond(200, RESULT);
    assertThatThrownBy(
            () -> BigQuerySample.run(credentials, DEPLOYER, bigQuery(), "my-project", "a.b"))
        .isInstanceOf(BigQueryException.class)
        .hasMessageContaining("--role=" + TOKEN_CREATOR);
    assertThat(received).isEmpty();
  }
}
