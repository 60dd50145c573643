package io.github.shortlived;

import static io.github.shortlived.AdapterWorld.STRANGER;
import static io.github.shortlived.AdapterWorld.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.IdTokenCredentials;
import io.github.shortlived.CredentialException.InvalidRequest;
import io.github.shortlived.CredentialException.PermissionDenied;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calling services that ask for an ID token, such as Cloud Run and those behind IAP. */
class IdTokenCredentialsTest {
  private static final String ORDERS = "https://orders.example.com";
  private static final String IAP = "123-abc.apps.googleusercontent.com";

  private final AdapterWorld world = new AdapterWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private IdTokenCredentials target(String audience) {
    return world.caller().idTokenCredentials(TARGET, audience);
  }

  private static int status(Receiver service, IdTokenCredentials credentials) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(service.uri())
                .headers(RequestHeaders.of(credentials).get())
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void cloudRun_itsAudience_letsTheTargetIn() throws Exception {
    try (Receiver orders = Receiver.of(world.emulator(), ORDERS, false)) {
      assertThat(status(orders, target(ORDERS))).isEqualTo(200);
      assertThat(status(orders, target("https://other.example.com"))).isEqualTo(401);
    }
  }

  @Test
  void cloudRun_httpClient_letsTheTargetIn() throws Exception {
    try (Receiver orders = Receiver.of(world.emulator(), ORDERS, false)) {
      String answer =
          new NetHttpTransport()
              .createRequestFactory(new HttpCredentialsAdapter(target(ORDERS)))
              .buildGetRequest(new GenericUrl(orders.uri()))
              .execute()
              .parseAsString();
      assertThat(answer).isEqualTo("welcome");
    }
  }

  @Test
  void iap_wantsTheEmail_whichIsAskedForByName() throws Exception {
    try (Receiver proxy = Receiver.of(world.emulator(), IAP, true)) {
      IdTokenRequest request = IdTokenRequest.of(TARGET, IAP);
      assertThat(status(proxy, world.caller().idTokenCredentials(request.withEmail())))
          .isEqualTo(200);
      assertThat(status(proxy, world.caller().idTokenCredentials(request))).isEqualTo(401);
    }
  }

  @Test
  void idTokenCredentials_twoCalls_askOnce() throws Exception {
    IdTokenCredentials orders = target(ORDERS);
    assertThat(orders.getRequestMetadata()).isEqualTo(orders.getRequestMetadata());
    assertThat(world.calls("generateIdToken")).isOne();
    orders.refresh();
    assertThat(world.calls("generateIdToken")).isEqualTo(2);
  }

  @Test
  void idTokenCredentials_withoutGrant_tellTheGrant() {
    RequestHeaders headers = RequestHeaders.of(world.caller().idTokenCredentials(STRANGER, ORDERS));
    assertThatThrownBy(headers::get)
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("add-iam-policy-binding " + STRANGER);
    assertThatThrownBy(() -> target(" ")).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void idTokenCredentials_sameRequest_areEqualAndShowNoToken() throws Exception {
    IdTokenCredentials orders = target(ORDERS);
    assertThat(orders).isEqualTo(target(ORDERS)).isNotEqualTo(target(IAP));
    orders.refresh();
    assertThat(orders.toString()).doesNotContain("ey");
    try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      assertThatThrownBy(() -> out.writeObject(orders))
          .isInstanceOf(NotSerializableException.class);
    }
  }
}
