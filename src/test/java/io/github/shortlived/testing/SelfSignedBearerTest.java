package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.api.gax.rpc.UnauthenticatedException;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import io.github.shortlived.testing.Clients.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * JWTs that sa-1, which may impersonate sa-2, signs itself and sends instead of an access token.
 */
class SelfSignedBearerTest {
  private static final String SERVICE = "https://iamcredentials.googleapis.com/";

  private final TestClock clock = TestClock.startingAt("2026-05-04T10:00:00Z");
  private final IamEmulator emulator =
      Demo.world().clock(clock).binding(SA2, TOKEN_CREATOR, member(SA1)).start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @EnumSource
  void audience_ofTheService_isAccepted_andOthers_areNot(Transport transport) throws IOException {
    assertAccepted(transport, jwt().rs256());
    assertAccepted(transport, aud("https://iamcredentials.mtls.googleapis.com/").rs256());
    for (String other :
        List.of(
            "https://iam.googleapis.com/",
            "https://iamcredentials.googleapis.com.example.com/",
            "https://oauth2.googleapis.com/token",
            "not a uri",
            "")) {
      assertUnauthenticated(transport, aud(other).rs256());
    }
  }

  @ParameterizedTest
  @EnumSource
  void scope_insteadOfAudience_isAccepted(Transport transport) throws IOException {
    HandSigned scoped = jwt().with("scope", CLOUD_PLATFORM);
    scoped.claims.remove("aud");
    assertAccepted(transport, scoped.rs256());
    scoped.claims.remove("scope");
    assertUnauthenticated(transport, scoped.rs256());
  }

  @ParameterizedTest
  @EnumSource
  void times_areChecked(Transport transport) throws IOException {
    String fresh = jwt().rs256();
    assertUnauthenticated(transport, jwt().with("exp", now() + 3601).rs256());
    assertUnauthenticated(transport, jwt().with("iat", now() + 120).rs256());
    clock.advance(Duration.ofMinutes(59));
    assertAccepted(transport, fresh);
    clock.advance(Duration.ofMinutes(1));
    assertUnauthenticated(transport, fresh);
  }

  @ParameterizedTest
  @EnumSource
  void signer_otherThanTheIssuer_isUnauthenticated(Transport transport) throws IOException {
    assertUnauthenticated(transport, jwt().with("iss", SA2).rs256());
    assertUnauthenticated(transport, jwt().with("iss", Demo.email("ghost")).rs256());
    assertUnauthenticated(transport, jwt().with("sub", SA2).rs256());
    assertAccepted(transport, jwt().with("sub", SA1).rs256());
  }

  @ParameterizedTest
  @EnumSource
  void signature_invalidOrMissing_isUnauthenticated(Transport transport) throws IOException {
    for (Function<HandSigned, String> way :
        List.<Function<HandSigned, String>>of(HandSigned::hs256, HandSigned::unsigned)) {
      assertUnauthenticated(transport, way.apply(jwt()));
    }
    HandSigned otherKey = jwt();
    otherKey.header.addProperty("kid", "0".repeat(40));
    assertUnauthenticated(transport, otherKey.rs256());
  }

  @ParameterizedTest
  @EnumSource
  void keyId_missing_isAcceptedForTrustedKeysOnly(Transport transport) throws IOException {
    HandSigned nameless = jwt();
    String key = "/v1/" + name(SA1) + "/keys/" + nameless.header.remove("kid").getAsString();
    Wire admin = Wire.as(emulator, Demo.ADMIN);
    assertAccepted(transport, nameless.rs256());
    admin.post(key + ":disable", "{}");
    assertUnauthenticated(transport, nameless.rs256());
    assertAccepted(transport, jwt().rs256());
    admin.post(key + ":enable", "{}");
    assertAccepted(transport, nameless.rs256());
    emulator.reset();
    assertUnauthenticated(transport, nameless.rs256());
  }

  @ParameterizedTest
  @EnumSource
  void key_ofAnotherEmulator_isUnauthenticated(Transport transport) throws IOException {
    assertAccepted(transport, jwt().rs256());
    try (IamEmulator other = Demo.world().clock(clock).start()) {
      String theirs = HandSigned.by(other, SA1, now()).with("aud", SERVICE).rs256();
      assertUnauthenticated(transport, theirs);
    }
  }

  private HandSigned jwt() {
    return aud(SERVICE);
  }

  private HandSigned aud(String audience) {
    return HandSigned.by(emulator, SA1, now()).with("aud", audience);
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  private void assertAccepted(Transport transport, String bearer) throws IOException {
    try (IamCredentialsClient client = client(transport, bearer)) {
      assertThat(client.generateIdToken(name(SA2), List.of(), "orders", true).getToken())
          .isNotEmpty();
    }
  }

  /**
   * Only the client's exception class can be checked: HttpURLConnection drops the body of a 401.
   */
  private void assertUnauthenticated(Transport transport, String bearer) throws IOException {
    try (IamCredentialsClient client = client(transport, bearer)) {
      assertThatExceptionOfType(UnauthenticatedException.class)
          .isThrownBy(() -> client.generateIdToken(name(SA2), List.of(), "orders", true));
    }
  }

  private IamCredentialsClient client(Transport transport, String bearer) throws IOException {
    GoogleCredentials fixed =
        GoogleCredentials.create(AccessToken.newBuilder().setTokenValue(bearer).build());
    return Clients.iamCredentials(emulator, fixed, transport);
  }
}
