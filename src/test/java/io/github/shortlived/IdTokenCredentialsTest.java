package io.github.shortlived;

import static io.github.shortlived.AdapterWorld.STRANGER;
import static io.github.shortlived.AdapterWorld.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.auth.oauth2.OAuth2Credentials;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.IdTokenRequest;
import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.grpc.auth.MoreCallCredentials;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls services that require an ID token, such as Cloud Run and services behind IAP. */
class IdTokenCredentialsTest {
  private static final String ORDERS = "https://orders.example.com";
  private static final String IAP = "123-abc.apps.googleusercontent.com";

  private final AdapterWorld world = new AdapterWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private OAuth2Credentials target(String audience) {
    return world.caller().idTokenCredentials(TARGET, audience);
  }

  private static int status(Receiver service, OAuth2Credentials credentials) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(service.uri())
                .headers(RequestHeaders.of(credentials).get())
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void cloudRun_itsAudience_acceptsTheTarget() throws Exception {
    try (Receiver orders = Receiver.requiringIdToken(world.emulator(), ORDERS, false)) {
      assertThat(status(orders, target(ORDERS))).isEqualTo(200);
      assertThat(status(orders, target("https://other.example.com"))).isEqualTo(401);
    }
  }

  @Test
  void cloudRun_httpClient_acceptsTheTarget() throws Exception {
    try (Receiver orders = Receiver.requiringIdToken(world.emulator(), ORDERS, false)) {
      String response =
          new NetHttpTransport()
              .createRequestFactory(new HttpCredentialsAdapter(target(ORDERS)))
              .buildGetRequest(new GenericUrl(orders.uri()))
              .execute()
              .parseAsString();
      assertThat(response).isEqualTo("welcome");
    }
  }

  @Test
  void iap_emailRequired_acceptsOnlyTokensWithEmail() throws Exception {
    try (Receiver proxy = Receiver.requiringIdToken(world.emulator(), IAP, true)) {
      IdTokenRequest request = IdTokenRequest.of(TARGET, IAP);
      assertThat(status(proxy, world.caller().idTokenCredentials(request.withEmail())))
          .isEqualTo(200);
      assertThat(status(proxy, world.caller().idTokenCredentials(request))).isEqualTo(401);
    }
  }

  @Test
  void idTokenCredentials_twoCalls_sendOneRequest() throws Exception {
    OAuth2Credentials orders = target(ORDERS);
    assertThat(orders.getRequestMetadata()).isEqualTo(orders.getRequestMetadata());
    assertThat(world.calls("generateIdToken")).isOne();
    orders.refresh();
    assertThat(world.calls("generateIdToken")).isEqualTo(2);
  }

  @Test
  void idTokenCredentials_withoutGrant_nameTheGrant() {
    RequestHeaders headers = RequestHeaders.of(world.caller().idTokenCredentials(STRANGER, ORDERS));
    assertThatThrownBy(headers::get)
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("add-iam-policy-binding " + STRANGER);
    assertThatThrownBy(() -> target(" ")).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void idTokenCredentials_sameRequest_areEqualAndShowNoToken() throws Exception {
    OAuth2Credentials orders = target(ORDERS);
    assertThat(orders).isEqualTo(target(ORDERS)).isNotEqualTo(target(IAP));
    orders.refresh();
    assertThat(orders.toString()).doesNotContain("ey").contains(ORDERS);
  }

  @Test
  void writeObject_withToken_writesNoPartOfIt() throws Exception {
    OAuth2Credentials orders = target(ORDERS);
    orders.refresh();
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(written)) {
      assertThatThrownBy(() -> out.writeObject(orders))
          .isInstanceOf(NotSerializableException.class);
    }
    assertThat(written.toString(UTF_8))
        .doesNotContain(Objects.requireNonNull(orders.getAccessToken()).getTokenValue());
  }

  @Test
  void idTokenCredentials_equalRequests_shareOneToken() throws Exception {
    String cached = "Bearer " + world.caller().idToken(TARGET, ORDERS).token();

    assertThat(target(ORDERS).getRequestMetadata()).containsEntry("Authorization", List.of(cached));
    assertThat(
            ((IdTokenProvider) world.caller().googleCredentials(TARGET, CLOUD_PLATFORM))
                .idTokenWithAudience(ORDERS, List.of())
                .getTokenValue())
        .isEqualTo(cached.replace("Bearer ", ""));
    assertThat(world.calls("generateIdToken")).isOne();
  }

  @Test
  void idTokenCredentials_freshRequest_refused() {
    IdTokenRequest fresh = IdTokenRequest.of(TARGET, ORDERS).fresh();
    assertThatThrownBy(() -> world.caller().idTokenCredentials(fresh))
        .isInstanceOf(InvalidRequest.class);
  }

  @Test
  void idTokenCredentials_asGoogleCredentials_behaveAlike() throws Exception {
    GoogleCredentials orders = (GoogleCredentials) target(ORDERS);
    GoogleCredentials charged = orders.createWithQuotaProject("billing");

    assertThat(charged.getRequestMetadata())
        .containsEntry("x-goog-user-project", List.of("billing"))
        .containsEntry("Authorization", orders.getRequestMetadata().get("Authorization"));
    assertThat(charged).isNotEqualTo(orders);
    assertThat(orders.createScoped(CLOUD_PLATFORM)).isSameAs(orders);
    assertThatThrownBy(() -> orders.createDelegated("user@example.com"))
        .isInstanceOf(InvalidRequest.class);
  }

  private static final class Applied extends CallCredentials.MetadataApplier {
    private final List<Metadata> headers = new ArrayList<>();
    private final List<Status> failures = new ArrayList<>();

    @Override
    public void apply(Metadata metadata) {
      headers.add(metadata);
    }

    @Override
    public void fail(Status status) {
      failures.add(status);
    }
  }

  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return InputStream.nullInputStream();
    }

    @Override
    public String parse(InputStream stream) {
      return "";
    }
  }

  private record Call(SecurityLevel level) {
    CallCredentials.RequestInfo info() {
      return new CallCredentials.RequestInfo() {
        @Override
        public MethodDescriptor<?, ?> getMethodDescriptor() {
          return MethodDescriptor.<String, String>newBuilder()
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName("orders.Orders/List")
              .setRequestMarshaller(new Text())
              .setResponseMarshaller(new Text())
              .build();
        }

        @Override
        public SecurityLevel getSecurityLevel() {
          return level;
        }

        @Override
        public String getAuthority() {
          return "orders.example.com";
        }

        @Override
        public Attributes getTransportAttrs() {
          return Attributes.EMPTY;
        }
      };
    }
  }

  @Test
  void grpc_plaintext_getsNoToken() throws Exception {
    target(ORDERS).refresh();
    CallCredentials grpc = MoreCallCredentials.from(target(ORDERS));
    Applied plaintext = new Applied();
    grpc.applyRequestMetadata(new Call(SecurityLevel.NONE).info(), Runnable::run, plaintext);
    assertThat(plaintext.headers).isEmpty();
    assertThat(plaintext.failures).hasSize(1);

    Applied encrypted = new Applied();
    grpc.applyRequestMetadata(
        new Call(SecurityLevel.PRIVACY_AND_INTEGRITY).info(), Runnable::run, encrypted);
    assertThat(encrypted.headers).hasSize(1);
    assertThat(encrypted.failures).isEmpty();
  }
}
