package io.github.shortlived.testing.compatibility;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.firebase.FirebaseApp;
import com.google.firebase.FirebaseOptions;
import com.google.firebase.auth.FirebaseAuth;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.internal.key.Jwts;
import io.github.shortlived.testing.internal.oauth.PublishedKeysTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Firebase's library for Java, which signs its tokens with a key or through signBlob. */
class FirebaseAdminTest {
  private final IamEmulator emulator;

  FirebaseAdminTest(@TempDir Path folder) {
    this.emulator = ClientWorld.start(folder).emulator();
  }

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void firebaseAdmin_customTokens_areThoseOfThePage() {
    ClientReport.of(RealClient.FIREBASE_JAVA, FirebaseApp.class)
        .operation("custom token, key file", () -> assertSigned(options().setCredentials(key())))
        .operation(
            "custom token, metadata server",
            () -> assertSigned(options().setCredentials(machine())))
        .operation(
            "custom token, credentials of a user",
            () ->
                assertSigned(
                    options()
                        .setCredentials(emulator.googleCredentials(ADMIN))
                        .setServiceAccountId(SA1)))
        .comparedWithThePage();
  }

  private FirebaseOptions.Builder options() {
    return FirebaseOptions.builder()
        .setProjectId(PROJECT)
        .setHttpTransport(emulator.httpTransportFactory().create());
  }

  private void assertSigned(FirebaseOptions.Builder options) throws Exception {
    FirebaseApp app = FirebaseApp.initializeApp(options.build(), "test");
    try {
      String token = FirebaseAuth.getInstance(app).createCustomToken("visitor-1");
      JsonWebSignature jwt = Jwts.parse(token).orElseThrow();
      assertThat(jwt.getPayload()).containsEntry("iss", SA1).containsEntry("uid", "visitor-1");
      assertThat(verifies(jwt)).isTrue();
    } finally {
      app.delete();
    }
  }

  private boolean verifies(JsonWebSignature jwt) throws GeneralSecurityException {
    for (PublicKey key : PublishedKeysTest.accountKeys(emulator, SA1)) {
      if (jwt.verifySignature(key)) {
        return true;
      }
    }
    return false;
  }

  private GoogleCredentials key() throws IOException {
    return GoogleCredentials.fromStream(
        new ByteArrayInputStream(emulator.serviceAccountKey(SA1).getBytes(UTF_8)),
        emulator.httpTransportFactory());
  }

  private GoogleCredentials machine() {
    return ComputeEngineCredentials.newBuilder()
        .setHttpTransportFactory(emulator.httpTransportFactory())
        .build();
  }
}
