package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.ServiceAccountSigner;
import com.google.auth.ServiceAccountSigner.SigningException;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdToken;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.auth.oauth2.IdTokenProvider.Option;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import io.github.shortlived.testing.Clients.Transport;
import io.github.shortlived.testing.internal.key.Jwts;
import io.github.shortlived.testing.internal.oauth.PublishedKeysTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Unmodified credentials of google-auth-library. sa-1 may act as sa-2, and sa-2 as sa-3. */
class GoogleAuthTest {
  private static final String AUDIENCE = "https://orders.example.com";

  private final IamEmulator emulator =
      Demo.world()
          .binding(SA2, TOKEN_CREATOR, member(SA1))
          .binding(SA3, TOKEN_CREATOR, member(SA2))
          .projectBinding(PROJECT, "roles/compute.viewer", member(SA1))
          .instance(PROJECT, ZONE, "vm-1")
          .start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void keyFile_refreshed_yieldsAccessToken() throws IOException {
    GoogleCredentials scoped = keyFile(SA1).createScoped(CLOUD_PLATFORM);
    assertThat(Clients.accessToken(scoped)).startsWith("ya29.c.");
    assertThat(listsInstances(scoped)).isTrue();
  }

  @Test
  void keyFile_ofAnotherWorld_isRefused() throws IOException {
    try (IamEmulator other = Demo.world().start()) {
      other.serviceAccountKey(SA2);
      GoogleCredentials foreign =
          parsed(
                  other
                      .serviceAccountKey(SA1)
                      .replace(other.httpEndpoint().toString(), emulator.httpEndpoint().toString()))
              .createScoped(CLOUD_PLATFORM);
      assertThatThrownBy(foreign::refresh)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("invalid_grant");
    }
  }

  @Test
  void keyFile_idToken_carriesTheAccount() throws IOException {
    IdToken token = keyFile(SA1).idTokenWithAudience(AUDIENCE, List.of());
    assertThat(Jwts.parse(token.getTokenValue()).orElseThrow().getPayload())
        .containsEntry("aud", AUDIENCE)
        .containsEntry("email", SA1)
        .containsEntry("email_verified", true);
  }

  @Test
  void keyFile_selfSignedBearer_isAcceptedOverBothTransports() throws IOException {
    for (Transport transport : Transport.values()) {
      try (IamCredentialsClient client =
          Clients.iamCredentials(emulator, keyFile(SA1), transport)) {
        assertThat(client.generateIdToken(name(SA2), List.of(), AUDIENCE, true).getToken())
            .isNotEmpty();
      }
    }
  }

  @Test
  void keyFile_delegatedToUser_isUnauthorized() throws IOException {
    GoogleCredentials delegated =
        keyFile(SA1).createScoped(CLOUD_PLATFORM).createDelegated("boss@example.com");
    // HttpURLConnection drops the body of a 401, so Google's library has no details.
    assertThatThrownBy(delegated::refresh).hasMessageContaining("401 Unauthorized");
  }

  @Test
  void impersonated_granted_yieldsAccessToken() throws IOException {
    ImpersonatedCredentials impersonated = impersonate(SA2, List.of());
    assertThat(Clients.accessToken(impersonated)).startsWith("ya29.c.b0");
  }

  @Test
  void impersonated_alongTheChain_yieldsAccessToken() throws IOException {
    ImpersonatedCredentials impersonated = impersonate(SA3, List.of(SA2));
    assertThat(Clients.accessToken(impersonated)).isNotEmpty();
  }

  @Test
  void impersonated_notGranted_isDenied() {
    assertThatThrownBy(() -> impersonate(SA3, List.of()).refresh())
        .isInstanceOf(IOException.class)
        .hasStackTraceContaining("iam.serviceAccounts.getAccessToken");
  }

  @Test
  void impersonated_withKeyFileAsSource_yieldsIdToken() throws IOException {
    ImpersonatedCredentials impersonated = impersonate(keyFile(SA1), SA2, List.of());
    IdToken token = impersonated.idTokenWithAudience(AUDIENCE, List.of(Option.INCLUDE_EMAIL));
    assertThat(Jwts.parse(token.getTokenValue()).orElseThrow().getPayload())
        .containsEntry("aud", AUDIENCE)
        .containsEntry("email", SA2);
  }

  @Test
  void impersonated_signing_verifiesWithAPublishedKey() throws Exception {
    byte[] content = "manifest".getBytes(UTF_8);
    byte[] signature = impersonate(SA2, List.of()).sign(content);
    assertThat(verifies(SA2, content, signature)).isTrue();
    assertThatThrownBy(() -> impersonate(SA3, List.of()).sign(content))
        .isInstanceOf(SigningException.class);
  }

  @Test
  void accessToken_withoutIamScope_isInsufficient() throws IOException {
    GoogleCredentials computeOnly =
        keyFile(SA1).createScoped("https://www.googleapis.com/auth/compute.readonly");
    assertThat(listsInstances(computeOnly)).isTrue();
    var refused =
        Wire.anonymous(emulator)
            .with(Clients.accessToken(computeOnly))
            .post("/v1/" + name(SA2) + ":generateIdToken", "{\"audience\":\"a\"}");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(Wire.error(refused).get("message").getAsString())
        .isEqualTo("Request had insufficient authentication scopes.");
    assertThat(refused.body())
        .contains("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "iamcredentials.googleapis.com");
  }

  @Test
  void emulatorCredentials_ofAccount_signOnlyWithTheGrantOnItself() throws Exception {
    ServiceAccountSigner signer = (ServiceAccountSigner) emulator.googleCredentials(member(SA1));
    byte[] content = {1, 2, 3};
    assertThat(signer.getAccount()).isEqualTo(SA1);
    assertThatThrownBy(() -> signer.sign(content)).isInstanceOf(SigningException.class);
    emulator.addProjectBinding(PROJECT, TOKEN_CREATOR, member(SA1));
    assertThat(verifies(SA1, content, signer.sign(content))).isTrue();
  }

  @Test
  void emulatorCredentials_ofAccount_yieldItsIdTokens() throws Exception {
    IdTokenProvider provider = (IdTokenProvider) emulator.googleCredentials(member(SA1));
    var bare =
        Jwts.parse(provider.idTokenWithAudience(AUDIENCE, List.of()).getTokenValue()).orElseThrow();
    assertThat(bare.verifySignature(PublishedKeysTest.googleKey(emulator, bare))).isTrue();
    assertThat(bare.getPayload()).containsEntry("aud", AUDIENCE).doesNotContainKey("email");
    String full =
        provider.idTokenWithAudience(AUDIENCE, List.of(Option.INCLUDE_EMAIL)).getTokenValue();
    assertThat(Jwts.parse(full).orElseThrow().getPayload()).containsEntry("email", SA1);
    assertThatThrownBy(() -> provider.idTokenWithAudience(" ", List.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("needs an audience");
    assertThat(emulator.googleCredentials(ADMIN)).isNotInstanceOf(IdTokenProvider.class);
  }

  @Test
  void emulatorCredentials_narrowed_areRefusedByIamCredentials() throws IOException {
    GoogleCredentials source = emulator.googleCredentials(member(SA1));
    assertThat(generates(source.createScoped(CLOUD_PLATFORM))).isTrue();
    assertThat(generates(source.createScoped(List.of()))).isTrue();
    assertThat(generates(source.createScoped(List.of(), List.of(CLOUD_PLATFORM)))).isTrue();
    GoogleCredentials narrow =
        source.createScoped("https://www.googleapis.com/auth/compute.readonly");
    assertThat(narrow).isInstanceOf(ServiceAccountSigner.class);
    assertThat(listsInstances(narrow)).isTrue();
    for (Transport transport : Transport.values()) {
      try (IamCredentialsClient client = Clients.iamCredentials(emulator, narrow, transport)) {
        Refused refused =
            Refused.by(() -> client.generateIdToken(name(SA2), List.of(), AUDIENCE, true));
        assertThat(refused.reason()).isEqualTo("ACCESS_TOKEN_SCOPE_INSUFFICIENT");
      }
    }
  }

  private boolean generates(GoogleCredentials caller) throws IOException {
    try (IamCredentialsClient client = Clients.iamCredentials(emulator, caller, Transport.GRPC)) {
      return !client.generateIdToken(name(SA2), List.of(), AUDIENCE, true).getToken().isEmpty();
    }
  }

  @Test
  void emulatorCredentials_ofUser_doNotSignAndPrintNoToken() throws IOException {
    GoogleCredentials user = emulator.googleCredentials(ADMIN);
    assertThat(user).isNotInstanceOf(ServiceAccountSigner.class);
    assertThat(user.toString()).contains(ADMIN).doesNotContain(Clients.accessToken(user));
  }

  private ImpersonatedCredentials impersonate(String target, List<String> delegates) {
    return impersonate(emulator.googleCredentials(member(SA1)), target, delegates);
  }

  private ImpersonatedCredentials impersonate(
      GoogleCredentials source, String target, List<String> delegates) {
    return ImpersonatedCredentials.newBuilder()
        .setSourceCredentials(source)
        .setTargetPrincipal(target)
        .setDelegates(delegates)
        .setScopes(List.of(CLOUD_PLATFORM))
        .setHttpTransportFactory(emulator.httpTransportFactory())
        .build();
  }

  private ServiceAccountCredentials keyFile(String email) throws IOException {
    return parsed(emulator.serviceAccountKey(email));
  }

  private ServiceAccountCredentials parsed(String json) throws IOException {
    return ServiceAccountCredentials.fromStream(
        new ByteArrayInputStream(json.getBytes(UTF_8)), emulator.httpTransportFactory());
  }

  private boolean listsInstances(GoogleCredentials caller) throws IOException {
    try (InstancesClient client = Clients.instances(emulator, caller)) {
      return client.list(PROJECT, ZONE).iterateAll().iterator().hasNext();
    }
  }

  private boolean verifies(String email, byte[] content, byte[] signature)
      throws GeneralSecurityException {
    Signature verifier = Signature.getInstance("SHA256withRSA");
    for (PublicKey key : PublishedKeysTest.accountKeys(emulator, email)) {
      verifier.initVerify(key);
      verifier.update(content);
      if (verifier.verify(signature)) {
        return true;
      }
    }
    return false;
  }
}
