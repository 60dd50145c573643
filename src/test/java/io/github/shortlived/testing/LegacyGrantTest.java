package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.SA1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The request with which Google's Go library uses domain-wide delegation. */
class LegacyGrantTest {
  private static final String JWT = "http://oauth.net/grant_type/jwt/1.0/bearer";

  private final TestClock clock = TestClock.startingAt("2026-05-04T10:00:00Z");
  private final IamEmulator emulator =
      Demo.world().clock(clock).domainWideDelegation(SA1, "example.com", CLOUD_PLATFORM).start();
  private final HandSigned jwt =
      HandSigned.by(emulator, SA1, clock.instant().getEpochSecond())
          .with("aud", "https://oauth2.googleapis.com/token")
          .with("scope", CLOUD_PLATFORM)
          .with("sub", "boss@example.com");

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void jwt_forADelegatedUser_isExchanged() {
    HttpResponse<String> response = exchange(JWT);
    assertThat(response.statusCode()).isEqualTo(200);
    JsonObject body = Wire.json(response);
    assertThat(body.remove("access_token").getAsString()).startsWith("ya29.a0");
    assertThat(body.toString()).isEqualTo("{\"expires_in\":3599,\"token_type\":\"Bearer\"}");
    EmulatorCall call = emulator.calls().get(0);
    assertThat(call.method()).isEqualTo("token");
    assertThat(call.caller()).isEqualTo("serviceAccount:" + SA1);
  }

  @Test
  void jwt_forAnotherUser_isUnauthorized() {
    jwt.with("sub", "boss@elsewhere.com");
    assertThat(OAuthError.of(exchange(JWT)))
        .isEqualTo(
            new OAuthError(
                401,
                "unauthorized_client",
                "Client is unauthorized to retrieve access tokens using this method, or client not"
                    + " authorized for any of the scopes requested."));
  }

  @Test
  void assertion_ofAnotherTypeOrNone_isInvalid() {
    assertThat(OAuthError.of(exchange("http://oauth.net/grant_type/saml/2.0/bearer")))
        .isEqualTo(OAuthError.invalidRequest("assertion_type must be " + JWT));
    assertThat(OAuthError.of(exchange(" ")))
        .isEqualTo(OAuthError.invalidRequest("Required parameter is missing: assertion_type"));
  }

  private HttpResponse<String> exchange(String assertionType) {
    return Wire.anonymous(emulator)
        .form(
            "/token",
            Map.of(
                "grant_type",
                "assertion",
                "assertion_type",
                assertionType,
                "assertion",
                jwt.rs256()));
  }
}
